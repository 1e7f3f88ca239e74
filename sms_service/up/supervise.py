"""The order of things: what is checked, started, waited for, watched and ended."""

import shutil
import signal
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import ProxyHandler, build_opener

from rich.console import Console

from sms_service import clock, home
from sms_service.settings import Settings
from sms_service.up import notice, ports, redis_server
from sms_service.up.part import Part

READY_S = 90.0
GRACE_S = 8.0
OWN = (sys.executable, "-m", "sms_service.cli")
_DIRECT = build_opener(ProxyHandler({}))


class UpError(Exception):
    """Why the service cannot run here; one sentence."""


def run(settings: Settings, console: Console, own: Sequence[str] = OWN) -> None:
    """Start everything, say where it is, watch it until a signal, end it. UpError when it cannot be.

    `own` is the command whose subcommands are the parts.
    """
    (settings.home / "logs").mkdir(parents=True, exist_ok=True)
    with home.owned(settings.home) as ours:
        if not ours:
            raise UpError(f"sms-service is already running in {settings.home}.")
        _check_ports(settings)
        redis_server.forget(settings.home)
        with _short_folder() as folder, _signals() as asked_to_end:
            Supervisor(settings, console, folder, asked_to_end, own).run()


class Supervisor:
    """The running parts, in the order of their start; they end in the opposite one."""

    def __init__(
        self,
        settings: Settings,
        console: Console,
        folder: Path,
        asked_to_end: threading.Event,
        own: Sequence[str],
    ) -> None:
        self._own = own
        self._settings = settings
        self._console = console
        self._folder = folder
        self._asked_to_end = asked_to_end
        self._parts: list[Part] = []

    def run(self) -> None:
        """All of it. Whatever happens, no part outlives this call."""
        try:
            self._start_redis()
            if self._settings.local_twilio:
                self._start("simulator", "simulator")
            self._prepare()
            for name, *command in _PARTS:
                self._start(name, *command)
            self._wait_until("the service", self._ready)
            if not self._asked_to_end.is_set():
                notice.show(self._console, self._settings)
            while not self._asked_to_end.wait(0.2):
                self._watch()
        finally:
            self._end()

    def _start_redis(self) -> None:
        if self._settings.given_redis_url:
            return
        server = redis_server.binary()
        if server is None:
            raise UpError("There is no redis-server on this machine: install one, or set REDIS_URL.")
        socket = self._folder / "redis.sock"
        self._start("redis", command=redis_server.command(server, socket))
        self._wait_until("redis", lambda: redis_server.answers(socket))
        redis_server.record(self._settings.home, socket)

    def _start(self, name: str, *words: str, command: list[str] | None = None) -> Part:
        log = self._settings.home / "logs" / f"{name}.log"
        log.write_bytes(b"")
        part = Part(name, command or [*self._own, *words], log)
        self._parts.append(part)
        part.start()
        return part

    def _prepare(self) -> None:
        part = self._start("database", "db", "upgrade", *(["--demo"] if self._settings.demo_password else []))
        while part.exit_code() is None and not self._asked_to_end.wait(0.05):
            pass
        if part.exit_code():
            raise UpError(f"The database could not be prepared: {part.last_words()} See {part.log}.")
        if part.exit_code() == 0:
            self._parts.remove(part)

    def _wait_until(self, what: str, ready: Callable[[], bool]) -> None:
        """A part that keeps dying before the service was ever ready is an error, not something to retry."""
        deadline = clock.monotonic() + READY_S
        while not self._asked_to_end.is_set() and not ready():
            self._watch()
            for part in self._parts:
                if part.deaths >= 3:
                    raise UpError(f"{part.name} does not start: {part.last_words()} See {part.log}.")
            if clock.monotonic() > deadline:
                raise UpError(f"{what} was not ready within {READY_S:.0f} s; see {self._settings.home}/logs.")
            self._asked_to_end.wait(0.1)

    def _ready(self) -> bool:
        simulator = f"http://127.0.0.1:{self._settings.simulator_port}/healthz"
        web = f"http://127.0.0.1:{self._settings.port}/readyz"
        return (not self._settings.local_twilio or _answers(simulator)) and _answers(web)

    def _watch(self) -> None:
        """Start again what has died; once per look."""
        for part in self._parts:
            code = part.exit_code()
            if code is not None:
                wait = part.bury()
                self._console.print(f"{part.name} ended ({code}); again in {wait:g} s. See {part.log}.")
            elif part.process is None and clock.monotonic() >= part.due_at:
                part.start()
            part.trim_log()

    def _end(self) -> None:
        """Redis last, so that the others can finish what they hold; a part that lingers is killed."""
        last = [part for part in self._parts if part.name == "redis"]
        deadline = clock.monotonic() + GRACE_S
        for group in ([part for part in reversed(self._parts) if part not in last], last):
            for part in group:
                part.ask_to_end()
            while any(p.process and p.exit_code() is None for p in group) and clock.monotonic() < deadline:
                threading.Event().wait(0.05)
            for part in group:
                part.kill()
        redis_server.forget(self._settings.home)


_PARTS = (
    ("web", "web"),
    ("worker-urgent", "worker", "--lanes", "urgent,reply"),
    ("worker", "worker"),
    ("ticker", "ticker"),
)


def _check_ports(settings: Settings) -> None:
    wanted = {"PORT": settings.port}
    if settings.local_twilio:
        wanted["SIMULATOR_PORT"] = settings.simulator_port
    for name, port in wanted.items():
        if not ports.is_free(port):
            raise UpError(f"Port {port} is taken by another program: free it, or set {name} to another one.")


def _answers(url: str) -> bool:
    try:
        with _DIRECT.open(url, timeout=3) as answer:
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False


@contextmanager
def _short_folder() -> Iterator[Path]:
    """Sockets need a short path, and one without spaces."""
    folder = Path(tempfile.mkdtemp(prefix=redis_server.FOLDER, dir="/tmp"))  # mkdtemp makes it ours alone
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _signals() -> Iterator[threading.Event]:
    """An event that SIGTERM, SIGINT and SIGHUP set; the handlers before are put back."""
    event = threading.Event()
    names = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
    before = {name: signal.signal(name, lambda *_: event.set()) for name in names}
    try:
        yield event
    finally:
        for name, handler in before.items():
            signal.signal(name, handler)
