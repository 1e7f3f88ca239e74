"""The API's JSON, field by field as Twilio's OpenAPI has it."""

from datetime import datetime
from typing import Any

from sms_service.simulator.clock import rfc2822
from sms_service.simulator.errors import delivery_message
from sms_service.simulator.lines import Line
from sms_service.simulator.messages import Message

API_VERSION = "2010-04-01"


def message_json(message: Message, account_sid: str) -> dict[str, Any]:
    """A Message resource."""
    uri = f"/{API_VERSION}/Accounts/{account_sid}/Messages/{message.sid}"
    return {
        "account_sid": account_sid,
        "api_version": API_VERSION,
        "body": message.body,
        "date_created": rfc2822(message.created_at),
        "date_sent": _date(message.sent_at),
        "date_updated": rfc2822(message.updated_at or message.created_at),
        "direction": message.direction,
        "error_code": message.error_code,
        "error_message": delivery_message(message.error_code),
        "from": message.sender,
        "messaging_service_sid": message.service_sid,
        "num_media": str(len(message.media)),
        "num_segments": str(message.segments),
        "price": None,
        "price_unit": "USD",
        "sid": message.sid,
        "status": message.status,
        "subresource_uris": {"media": f"{uri}/Media.json"},
        "to": message.recipient,
        "uri": f"{uri}.json",
    }


def line_json(line: Line, account_sid: str) -> dict[str, Any]:
    """An IncomingPhoneNumber resource."""
    return {
        "account_sid": account_sid,
        "address_requirements": "none",
        "address_sid": None,
        "api_version": API_VERSION,
        "beta": False,
        "bundle_sid": None,
        "capabilities": {"voice": True, "sms": True, "mms": True, "fax": False},
        "date_created": rfc2822(line.created_at),
        "date_updated": rfc2822(line.created_at),
        "emergency_address_sid": None,
        "emergency_address_status": "unregistered",
        "emergency_status": "Inactive",
        "identity_sid": None,
        "origin": "twilio",
        "phone_number": line.number,
        "sid": line.sid,
        "sms_application_sid": None,
        "status": "in-use",
        "trunk_sid": None,
        "type": "local",
        "uri": f"/{API_VERSION}/Accounts/{account_sid}/IncomingPhoneNumbers/{line.sid}.json",
        "voice_application_sid": None,
        "voice_caller_id_lookup": False,
        "voice_receive_mode": "voice",
        **line.settings,
    }


def account_json(account_sid: str, at: datetime) -> dict[str, Any]:
    """The Account resource; the token is left out, as newer accounts have it."""
    uri = f"/{API_VERSION}/Accounts/{account_sid}"
    return {
        "auth_token": None,
        "date_created": rfc2822(at),
        "date_updated": rfc2822(at),
        "friendly_name": "local Twilio",
        "owner_account_sid": account_sid,
        "sid": account_sid,
        "status": "active",
        "subresource_uris": {
            "messages": f"{uri}/Messages.json",
            "incoming_phone_numbers": f"{uri}/IncomingPhoneNumbers.json",
        },
        "type": "Full",
        "uri": f"{uri}.json",
    }


def _date(at: datetime | None) -> str | None:
    return None if at is None else rfc2822(at)
