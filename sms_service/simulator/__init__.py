"""A local Twilio: REST API, signed webhooks, phones in the browser. Talks HTTP only."""

from sms_service.simulator.app import create_simulator
from sms_service.simulator.config import Config
from sms_service.simulator.server import run

__all__ = ["Config", "create_simulator", "run"]
