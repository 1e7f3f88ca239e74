"""What the value of a setting must look like; each refusal says what would be right."""

import re
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from cryptography.fernet import Fernet
from pydantic import AfterValidator, BeforeValidator, Field

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


def absolute(folder: Path) -> Path:
    """The folder as seen from anywhere; `~` is the person's own."""
    return folder.expanduser().absolute()


def _database(url: str) -> str:
    url = re.sub(r"^postgres(ql)?://", "postgresql+psycopg://", url)
    if re.match(r"sqlite:///.", url) and ":memory:" not in url:
        return url
    if url.startswith("postgresql+psycopg://"):
        return url
    raise ValueError("must be sqlite:///FILE or postgresql://...")


def _redis(url: str) -> str:
    if not re.match(r"(rediss?|unix)://.", url):
        raise ValueError("must start with redis://, rediss:// or unix://")
    return url


def _http(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or not url.isascii():
        raise ValueError("must be an http:// or https:// address")
    if parts.query or parts.fragment or parts.port == 0:
        raise ValueError("must be an address without ? or #")
    return url.rstrip("/")


def _origin(url: str) -> str:
    parts = urlsplit(_http(url))
    if parts.path.strip("/") or parts.username:
        raise ValueError("must be scheme and host alone, such as https://api.twilio.com")
    if parts.scheme == "http" and parts.hostname not in LOOPBACK:
        raise ValueError("must be https:// unless it is this machine")
    return url.rstrip("/")


def _hook(url: str) -> str:
    _http(url.split("?", 1)[0])
    return url


def _fernet_keys(text: object) -> tuple[str, ...]:
    keys = tuple(part.strip() for part in str(text).split(",") if part.strip())
    try:
        for key in keys:
            Fernet(key)
    except ValueError:
        raise ValueError("must be Fernet keys (32 bytes in url-safe base64), separated by commas") from None
    if not keys:
        raise ValueError("must hold at least one key")
    return keys


def _numbered_keys(text: object) -> dict[int, str]:
    """`1:key,2:key`; keys without a number count from 1."""
    keys: dict[int, str] = {}
    parts = [part.strip() for part in str(text).split(",") if part.strip()]
    for place, part in enumerate(parts, start=1):
        number, _, key = part.partition(":") if re.match(r"\d+:", part) else (str(place), "", part)
        if len(key) < 16 or not 1 <= int(number) <= 32767 or int(number) in keys:
            raise ValueError("must be keys of 16 characters or more, numbered 1:KEY,2:KEY, each number once")
        keys[int(number)] = key
    if not keys:
        raise ValueError("must hold at least one key")
    return keys


Folder = Annotated[Path, AfterValidator(absolute)]
Http = Annotated[str, AfterValidator(_http)]
Hook = Annotated[str, AfterValidator(_hook)]
Port = Annotated[int, Field(ge=1, le=65535)]
Phone = Annotated[str, Field(pattern=r"^\+[1-9]\d{6,14}$")]
Secret16 = Annotated[str, Field(min_length=16)]
Origin = Annotated[str, AfterValidator(_origin)]
Database = Annotated[str, AfterValidator(_database)]
Redis = Annotated[str, AfterValidator(_redis)]
AccountSid = Annotated[str, Field(pattern=r"^AC[0-9a-fA-F]{32}$")]
ServiceSid = Annotated[str, Field(pattern=r"^MG[0-9a-fA-F]{32}$")]
FernetKeys = Annotated[tuple[str, ...], BeforeValidator(_fernet_keys)]
NumberedKeys = Annotated[dict[int, str], BeforeValidator(_numbered_keys)]
