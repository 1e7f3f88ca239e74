"""The address an operator gave us, and a local Twilio, for the services that reach them."""

from tests.hooks import hook
from tests.jobs.conftest import phones

__all__ = ["hook", "phones"]
