"""Flask blueprints for Twilio; the signature is a before_request."""

from flask import Blueprint

from sms_service.services.desk import Desk
from sms_service.settings import Settings
from sms_service.webhooks.fallback import fallback
from sms_service.webhooks.signed import Signed
from sms_service.webhooks.sms import Sms


def create_webhooks(settings: Settings, desk: Desk) -> Blueprint:
    """Everything under /webhooks: signed, or refused with 403."""
    blueprint = Blueprint("webhooks", __name__, url_prefix="/webhooks")
    blueprint.before_request(Signed(settings).refuse)
    sms = Sms(desk)
    blueprint.add_url_rule("/sms", "sms", sms.inbound, methods=["POST"])
    blueprint.add_url_rule("/sms/status/<int:outbox_id>", "sms_status", sms.status, methods=["POST"])
    blueprint.add_url_rule("/<any(sms, voice):channel>/fallback", "fallback", fallback, methods=["POST"])
    return blueprint
