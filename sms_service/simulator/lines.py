"""The numbers of the account: where their texts and calls are sent."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

_SETTINGS = {
    "FriendlyName": "friendly_name",
    "SmsUrl": "sms_url",
    "SmsMethod": "sms_method",
    "SmsFallbackUrl": "sms_fallback_url",
    "SmsFallbackMethod": "sms_fallback_method",
    "VoiceUrl": "voice_url",
    "VoiceMethod": "voice_method",
    "VoiceFallbackUrl": "voice_fallback_url",
    "VoiceFallbackMethod": "voice_fallback_method",
    "StatusCallback": "status_callback",
    "StatusCallbackMethod": "status_callback_method",
}


@dataclass(slots=True)
class Line:
    """One number and its settings by the API's own names."""

    number: str
    created_at: datetime
    settings: dict[str, str] = field(default_factory=dict)

    @property
    def sid(self) -> str:
        """The same for the same number at every start."""
        return "PN" + hashlib.sha256(self.number.encode()).hexdigest()[:32]

    def update(self, form: Mapping[str, str]) -> None:
        """Takes the settings an update names; leaves the others."""
        self.settings |= {ours: form[theirs] for theirs, ours in _SETTINGS.items() if theirs in form}


def lines_of(numbers: tuple[str, ...], webhook_base: str, at: datetime) -> dict[str, Line]:
    """Each number with the service's addresses filled in, as `twilio sync` would leave them."""
    base = webhook_base.rstrip("/")
    settings = {
        "sms_url": f"{base}/webhooks/sms",
        "sms_method": "POST",
        "sms_fallback_url": f"{base}/webhooks/sms/fallback",
        "sms_fallback_method": "POST",
        "voice_url": f"{base}/webhooks/voice",
        "voice_method": "POST",
        "voice_fallback_url": f"{base}/webhooks/voice/fallback",
        "voice_fallback_method": "POST",
        "status_callback": "",
        "status_callback_method": "POST",
    }
    return {number: Line(number, at, settings | {"friendly_name": number}) for number in numbers}
