"""The folder a local service lives in: made on demand, its secrets made once, its one owner at a time."""

import fcntl
import json
import os
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from cryptography.fernet import Fernet

MAKERS: Mapping[str, Callable[[], str]] = {
    "SECRET_KEY": lambda: secrets.token_urlsafe(48),
    "DATA_KEYS": lambda: Fernet.generate_key().decode(),
    "LOOKUP_KEYS": lambda: "1:" + secrets.token_hex(32),
    "TWILIO_ACCOUNT_SID": lambda: "AC" + secrets.token_hex(16),
    "TWILIO_AUTH_TOKEN": lambda: secrets.token_hex(16),
    "METRICS_TOKEN": lambda: secrets.token_urlsafe(24),
    "DEMO_PASSWORD": lambda: "-".join(secrets.token_hex(2) for _ in range(3)),
}
"""How each secret of a local home comes to be."""


def make(home: Path) -> None:
    """See that the folder exists, is ours alone to read when we make it, and can be written; else OSError."""
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (home / ".secrets.lock").open("a"):
        pass


def secrets_of(home: Path) -> dict[str, str]:
    """The home's secrets by setting name; whatever is missing is made now and kept with mode 0600.

    Two processes may ask at once: both get the same. ValueError: the file is damaged.
    """
    file = home / "secrets.json"
    with _only_one(home / ".secrets.lock"):
        kept = _read(file) if file.exists() else {}
        missing = {name: maker() for name, maker in MAKERS.items() if name not in kept}
        if missing:
            kept |= missing
            _write_private(file, json.dumps(kept, indent=1))
    return kept


def change_secrets(home: Path, changed: Mapping[str, str]) -> None:
    """Keeps these secrets in the place of the ones before; whoever starts from now on gets them."""
    file = home / "secrets.json"
    with _only_one(home / ".secrets.lock"):
        _write_private(file, json.dumps(_read(file) | dict(changed), indent=1))


def redis_socket(home: Path) -> Path:
    """Where `up` records the socket of the Redis it runs: a link, for sockets need short paths."""
    return home / "redis.sock"


@contextmanager
def owned(home: Path) -> Iterator[bool]:
    """Within the block this process owns the home (True), or another one does (False). No folder: nobody does."""
    if not home.is_dir():
        yield True
        return
    with (home / ".up.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


@contextmanager
def _only_one(file: Path) -> Iterator[None]:
    with file.open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _read(file: Path) -> dict[str, str]:
    kept = json.loads(file.read_text(encoding="utf-8"))
    if not isinstance(kept, dict) or not all(isinstance(value, str) for value in kept.values()):
        raise ValueError("not names and secrets")
    return kept


def _write_private(file: Path, text: str) -> None:
    """All or nothing: a reader sees the old file or the new one, nobody else ever sees either."""
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    draft.replace(file)
