"""Every setting: typed, explained, read from the environment or `.env` once. A wrong one stops the start."""

import os
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote

from dotenv.parser import parse_stream
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from sms_service import home as homes
from sms_service.setting_types import (
    AccountSid,
    Database,
    FernetKeys,
    Hook,
    Http,
    NumberedKeys,
    Origin,
    Phone,
    Port,
    Redis,
    Secret16,
    ServiceSid,
)

TWILIO_API = "https://api.twilio.com"


class SettingsError(Exception):
    """A setting is wrong or missing; the message is one sentence that names it."""


class Settings(BaseModel):
    """The settings as the rest of the service sees them: frozen; `repr` shows no secret."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    home: Path = Field(alias="SMS_SERVICE_HOME", description="Folder for database, secrets and logs (./var).")
    env: Literal["local", "production"] = Field(
        "local", alias="SMS_SERVICE_ENV", description="In production nothing secret is made up."
    )
    test_clock: Path | None = Field(
        None, alias="SMS_SERVICE_TEST_CLOCK", description="File with an offset in seconds; tests only."
    )
    port: Port = Field(8000, alias="PORT", description="Where the web answers.")
    simulator_port: Port = Field(8001, alias="SIMULATOR_PORT", description="Where the local Twilio answers.")
    database_url: Database = Field(
        alias="DATABASE_URL", repr=False, description="SQLite file or PostgreSQL (SQLite in the home)."
    )
    given_redis_url: Redis | None = Field(
        None, alias="REDIS_URL", repr=False, description="Redis (the socket that `up` made in the home)."
    )
    public_url: Http = Field(
        alias="PUBLIC_URL", description="Our address as Twilio sees it; signatures and callbacks use it."
    )
    twilio_account_sid: AccountSid = Field(alias="TWILIO_ACCOUNT_SID", repr=False, description="The Twilio account.")
    twilio_auth_token: str = Field(
        alias="TWILIO_AUTH_TOKEN", repr=False, min_length=8, description="Signs requests both ways."
    )
    twilio_auth_token_previous: str | None = Field(
        None, alias="TWILIO_AUTH_TOKEN_PREVIOUS", repr=False, description="Still accepted while rotating."
    )
    twilio_api_url: Origin = Field(alias="TWILIO_API_URL", description="Scheme and host of the REST API (Twilio's).")
    twilio_messaging_service_sid: ServiceSid | None = Field(
        None, alias="TWILIO_MESSAGING_SERVICE_SID", description="Send through this messaging service."
    )
    secret_key: Secret16 = Field(alias="SECRET_KEY", repr=False, description="Signs sessions and links.")
    data_keys: FernetKeys = Field(
        alias="DATA_KEYS",
        repr=False,
        description="Fernet keys, comma-separated: first encrypts, all decrypt.",
    )
    lookup_keys: NumberedKeys = Field(
        alias="LOOKUP_KEYS", repr=False, description="1:KEY,2:KEY for number look-up; the highest is in use."
    )
    alert_url: Hook | None = Field(
        None, alias="ALERT_URL", repr=False, description="Called when the service itself is unwell."
    )
    alert_phone: Phone | None = Field(
        None, alias="ALERT_PHONE", repr=False, description="Texted when the service itself is unwell (E.164)."
    )
    heartbeat_url: Hook | None = Field(
        None, alias="HEARTBEAT_URL", repr=False, description="Called each minute while wakes and claims work."
    )
    metrics_token: Secret16 = Field(alias="METRICS_TOKEN", repr=False, description="Opens /metrics.")
    demo_password: str | None = Field(None, alias="DEMO_PASSWORD", repr=False)
    local_twilio: bool = Field(False, alias="local_twilio")

    @property
    def redis_url(self) -> str:
        """Where Redis is; SettingsError naming REDIS_URL when there is none."""
        if self.given_redis_url:
            return self.given_redis_url
        link = homes.redis_socket(self.home)
        if not link.exists():
            raise SettingsError(
                f"REDIS_URL is not set and no `sms-service up` is running in {self.home}: set it, or start the service."
            )
        return f"unix://{quote(str(link.resolve()))}"

    @property
    def twilio_tokens(self) -> tuple[str, ...]:
        """The tokens whose signatures are accepted, the present one first."""
        return tuple(t for t in (self.twilio_auth_token, self.twilio_auth_token_previous) if t)

    @property
    def lookup_key_no(self) -> int:
        """The number of the look-up key in use for new rows."""
        return max(self.lookup_keys)

    @property
    def on_sqlite(self) -> bool:
        """One file on one machine, rather than PostgreSQL."""
        return self.database_url.startswith("sqlite")


NAMES = tuple(str(f.alias) for f in Settings.model_fields.values() if f.description)
"""Every setting a person may give, in the order of the docs."""
SECRETS = (
    "SECRET_KEY",
    "DATA_KEYS",
    "LOOKUP_KEYS",
    "TWILIO_ACCOUNT_SID",
    "TWILIO_AUTH_TOKEN",
    "METRICS_TOKEN",
)


def load_settings(env: Mapping[str, str] = os.environ, dotenv: Path = Path(".env")) -> Settings:
    """The environment, then `.env`, then defaults. SettingsError: one sentence naming the setting."""
    given = _given(env, dotenv)
    home = Path(given.get("SMS_SERVICE_HOME", "var")).expanduser().absolute()
    production = given.get("SMS_SERVICE_ENV") == "production"
    if production and "SMS_SERVICE_TEST_CLOCK" in given:
        raise SettingsError("SMS_SERVICE_TEST_CLOCK must not be set in production.")
    if not production or "DATABASE_URL" not in given:
        _make_home(home)
    values: dict[str, Any] = _defaults(given, home) | _secrets(given, home, production=production) | given
    values["SMS_SERVICE_HOME"] = home
    try:
        settings = Settings.model_validate(values)
    except ValidationError as error:
        raise SettingsError(_sentence(error)) from None
    if settings.local_twilio and settings.port == settings.simulator_port:
        raise SettingsError(f"SIMULATOR_PORT must differ from PORT ({settings.port}).")
    return settings


def _given(env: Mapping[str, str], dotenv: Path) -> dict[str, str]:
    """What the person set; blank is not set."""
    written = _written(dotenv)
    for name in written:
        if name not in NAMES:
            raise SettingsError(f"{dotenv} holds an unknown setting {name}{_hint(name)}.")
    for name in env:
        if name.startswith(("TWILIO_", "SMS_SERVICE_")) and name not in NAMES:
            raise SettingsError(f"The environment holds an unknown setting {name}{_hint(name)}.")
    merged = {**written, **{name: env[name] for name in NAMES if env.get(name)}}
    return {name: value.strip() for name, value in merged.items() if value and value.strip()}


def _written(dotenv: Path) -> dict[str, str | None]:
    if not dotenv.is_file():
        return {}
    try:
        with dotenv.open(encoding="utf-8") as lines:
            bindings = list(parse_stream(lines))
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{dotenv} cannot be read ({type(error).__name__}).") from None
    for binding in bindings:
        if binding.error:
            raise SettingsError(f"{dotenv} line {binding.original.line} is not NAME=value.")
    return {binding.key: binding.value for binding in bindings if binding.key}


def _hint(name: str) -> str:
    near = get_close_matches(name, NAMES, n=1)
    return f" (did you mean {near[0]}?)" if near else ""


def _make_home(home: Path) -> None:
    try:
        homes.make(home)
    except OSError as error:
        raise SettingsError(f"SMS_SERVICE_HOME: {home} cannot be written ({error.strerror}).") from None


def _defaults(given: Mapping[str, str], home: Path) -> dict[str, str | bool]:
    local_twilio = "TWILIO_API_URL" not in given and "TWILIO_ACCOUNT_SID" not in given
    return {
        "DATABASE_URL": f"sqlite:///{home}/sms_service.db",
        "PUBLIC_URL": f"http://127.0.0.1:{given.get('PORT', '8000')}",
        "TWILIO_API_URL": f"http://127.0.0.1:{given.get('SIMULATOR_PORT', '8001')}" if local_twilio else TWILIO_API,
        "local_twilio": local_twilio,
    }


def _secrets(given: Mapping[str, str], home: Path, *, production: bool) -> dict[str, str]:
    """In production every secret is given; in a local home the missing ones are made once and kept."""
    missing = [name for name in SECRETS if name not in given]
    if production and missing:
        raise SettingsError(f"{missing[0]} is not set, and production makes no secret up.")
    for name, partner in (
        ("TWILIO_AUTH_TOKEN", "TWILIO_ACCOUNT_SID"),
        ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN"),
    ):
        if name in missing and partner in given:
            raise SettingsError(f"{name} is not set, though {partner} is.")
    if production:
        return {}
    try:
        kept = homes.secrets_of(home)
    except (OSError, ValueError) as error:
        raise SettingsError(f"SMS_SERVICE_HOME: {home}/secrets.json is damaged ({type(error).__name__}).") from None
    return {name: kept[name] for name in (*missing, "DEMO_PASSWORD")}


def _sentence(error: ValidationError) -> str:
    first = error.errors(include_input=False, include_url=False, include_context=False)[0]
    reason = first["msg"].removeprefix("Value error, ")
    return f"{first['loc'][0]}: {reason[:1].lower()}{reason[1:]}."
