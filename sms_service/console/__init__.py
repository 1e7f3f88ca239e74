"""The coordinators' web pages. Everything under /console/ needs a login unless a view says aloud why not."""

from sms_service.console.access import public
from sms_service.console.sign_in import secure
from sms_service.console.today import create_console

__all__ = ["create_console", "public", "secure"]
