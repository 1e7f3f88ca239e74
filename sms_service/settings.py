"""Every setting: typed, explained, read from the environment or `.env` once. A wrong one stops the start."""

import os
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal, Self
from urllib.parse import quote

from dotenv.parser import parse_stream
from pydantic import Field, ValidationError, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from sms_service import home as homes
from sms_service.setting_sources import Derived, HomeSecrets, SettingsError
from sms_service.setting_types import (
    AccountSid,
    Database,
    FernetKeys,
    Folder,
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

__all__ = ["NAMES", "Settings", "SettingsError", "load_settings"]


class Settings(BaseSettings):
    """The settings as the rest of the service sees them: frozen; `repr` shows no secret."""

    model_config = SettingsConfigDict(
        frozen=True,
        extra="forbid",
        hide_input_in_errors=True,
        str_strip_whitespace=True,
        case_sensitive=True,
        env_ignore_empty=True,
        env_file_encoding="utf-8",
        enable_decoding=False,  # our lists are written with commas, not as JSON
    )

    home: Folder = Field(
        Path("var"), alias="SMS_SERVICE_HOME", description="Folder for database, secrets and logs (./var)."
    )
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
        alias="LOOKUP_KEYS", repr=False, description="2:KEY,1:KEY for number look-up: first files, all find."
    )
    alert_url: Hook | None = Field(
        None,
        alias="ALERT_URL",
        repr=False,
        description="Gets JSON by POST when the service itself is unwell.",
    )
    alert_phone: Phone | None = Field(
        None,
        alias="ALERT_PHONE",
        repr=False,
        description="Is texted from the first line when the service itself is unwell; E.164.",
    )
    heartbeat_url: Hook | None = Field(
        None,
        alias="HEARTBEAT_URL",
        repr=False,
        description="Is called each minute while wakes fire and rows can be claimed.",
    )
    metrics_token: Secret16 = Field(alias="METRICS_TOKEN", repr=False, description="Opens /metrics.")
    demo_password: str | None = Field(None, alias="DEMO_PASSWORD", repr=False)
    local_twilio: bool = Field(False, alias="local_twilio")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003  # the library fixes the signature
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003  # the same
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The first that holds a value wins. The environment is handed in by `load_settings`, so it is `init`."""
        return init_settings, dotenv_settings, Derived(settings_cls), HomeSecrets(settings_cls)

    @model_validator(mode="after")
    def _fit_together(self) -> Self:
        if self.env == "production" and self.test_clock:
            raise SettingsError("SMS_SERVICE_TEST_CLOCK must not be set in production.")
        if self.local_twilio and self.port == self.simulator_port:
            raise SettingsError(f"SIMULATOR_PORT must differ from PORT ({self.port}).")
        return self

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
        return next(iter(self.lookup_keys))

    @property
    def on_sqlite(self) -> bool:
        """One file on one machine, rather than PostgreSQL."""
        return self.database_url.startswith("sqlite")


NAMES = tuple(str(f.alias) for f in Settings.model_fields.values() if f.description)
"""Every setting a person may give, in the order of the docs."""


def load_settings(env: Mapping[str, str] = os.environ, dotenv: Path = Path(".env")) -> Settings:
    """The environment, then `.env`, then defaults. SettingsError: one sentence naming the setting."""
    for name in _written(dotenv):
        if name not in NAMES:
            raise SettingsError(f"{dotenv} holds an unknown setting {name}{_hint(name)}.")
    for name in env:
        if name.startswith(("TWILIO_", "SMS_SERVICE_")) and name not in NAMES:
            raise SettingsError(f"The environment holds an unknown setting {name}{_hint(name)}.")
    given: dict[str, Any] = {name: value for name in NAMES if (value := env.get(name, "").strip())}
    given["_env_file"] = dotenv
    try:
        return Settings(**given)
    except ValidationError as error:
        raise SettingsError(_sentence(error)) from None


def _written(dotenv: Path) -> list[str]:
    """The names in the file. A line that is none is refused: the library only logs it and reads on."""
    if not dotenv.is_file():
        return []
    try:
        with dotenv.open(encoding="utf-8") as lines:
            bindings = list(parse_stream(lines))
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{dotenv} cannot be read ({type(error).__name__}).") from None
    for binding in bindings:
        if binding.error:
            raise SettingsError(f"{dotenv} line {binding.original.line} is not NAME=value.")
    return [binding.key for binding in bindings if binding.key]


def _hint(name: str) -> str:
    near = get_close_matches(name, NAMES, n=1)
    return f" (did you mean {near[0]}?)" if near else ""


def _sentence(error: ValidationError) -> str:
    first = error.errors(include_input=False, include_url=False, include_context=False)[0]
    reason = first["msg"].removeprefix("Value error, ")
    return f"{first['loc'][0]}: {reason[:1].lower()}{reason[1:]}."
