"""Where a setting comes from that nobody gave: what follows from the others, and the home's own secrets."""

from pathlib import Path
from typing import Any

from pydantic.fields import FieldInfo
from pydantic_settings import PydanticBaseSettingsSource

from sms_service import home as homes
from sms_service.setting_types import absolute

TWILIO_API = "https://api.twilio.com"
SECRETS = ("SECRET_KEY", "DATA_KEYS", "LOOKUP_KEYS", "TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "METRICS_TOKEN")
ACCOUNT = ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN")


class SettingsError(Exception):
    """A setting is wrong or missing; the message is one sentence that names it."""


class _OwnSource(PydanticBaseSettingsSource):
    """A source that looks at what was given before it (`current_state`) and adds to it."""

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        """Every source must have it; ours answer for all fields at once."""
        return None, field_name, False

    def home(self) -> Path:
        """The home, made where it is missing."""
        home = absolute(Path(self.current_state.get("SMS_SERVICE_HOME", "var")))
        try:
            homes.make(home)
        except OSError as error:
            raise SettingsError(f"SMS_SERVICE_HOME: {home} cannot be written ({error.strerror}).") from None
        return home


class Derived(_OwnSource):
    """What follows from the others: the addresses from the ports, the database from the home."""

    def __call__(self) -> dict[str, Any]:
        """The values by setting name; nothing of it makes up an account, so this stands before the secrets."""
        given = self.current_state
        local = "TWILIO_API_URL" not in given and "TWILIO_ACCOUNT_SID" not in given
        values = {
            "PUBLIC_URL": f"http://127.0.0.1:{given.get('PORT', 8000)}",
            "TWILIO_API_URL": f"http://127.0.0.1:{given.get('SIMULATOR_PORT', 8001)}" if local else TWILIO_API,
            "local_twilio": local,
        }
        return (
            values if "DATABASE_URL" in given else values | {"DATABASE_URL": f"sqlite:///{self.home()}/sms_service.db"}
        )


class HomeSecrets(_OwnSource):
    """In production every secret is given; in a local home the missing ones are made once and kept."""

    def __call__(self) -> dict[str, Any]:
        """The secrets nobody gave, by setting name; half an account is an error."""
        given = self.current_state
        missing = [name for name in SECRETS if name not in given]
        if given.get("SMS_SERVICE_ENV") == "production":
            if missing:
                raise SettingsError(f"{missing[0]} is not set, and production makes no secret up.")
            return {}
        half = [name for name in ACCOUNT if name in missing]
        if len(half) == 1:
            partner = next(name for name in ACCOUNT if name not in half)
            raise SettingsError(f"{half[0]} is not set, though {partner} is.")
        kept = self._kept()
        return {name: kept[name] for name in (*missing, "DEMO_PASSWORD")}

    def _kept(self) -> dict[str, str]:
        home = self.home()
        try:
            return homes.secrets_of(home)
        except (OSError, ValueError) as error:
            raise SettingsError(f"SMS_SERVICE_HOME: {home}/secrets.json is damaged ({type(error).__name__}).") from None
