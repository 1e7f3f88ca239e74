"""`up`: everything is started in order, watched, and ended; a part here is a small real process."""

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.request import urlopen

import pytest
from rich.console import Console

from sms_service.settings import load_settings
from sms_service.up import notice, redis_server, supervise
from tests.servers import a_free_port

STAND_IN = '''
"""Plays each part of the service: says that it runs, serves what `up` polls."""
import http.server, json, os, pathlib, sys, time
name = "-".join(sys.argv[1:])
home = pathlib.Path(os.environ["SMS_SERVICE_HOME"])
(home / "started").open("a").write(json.dumps([name, os.getpid(), (home / "redis.sock").exists()]) + "\\n")
print(name, "runs", flush=True)
if name in (home / "failing").read_text().split():
    sys.exit("Error: this part is broken.")
if name.startswith("db"):
    sys.exit(0)
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200 if self.path in ("/readyz", "/healthz") else 404)
        self.end_headers()
    def log_message(self, *args):
        pass
if name in ("web", "simulator"):
    port = int(os.environ["PORT" if name == "web" else "SIMULATOR_PORT"])
    parent = os.getpid()
    if name == "web" and os.fork() == 0:
        (home / "grandchild").write_text(str(os.getpid()))
        while os.getppid() == parent:  # as gunicorn's workers do, it goes when its parent is gone
            time.sleep(0.1)
        os._exit(0)
    http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler).serve_forever()
time.sleep(600)
'''
RUN = """
import sys
from rich.console import Console
from sms_service.settings import load_settings
from sms_service.up import supervise
try:
    supervise.run(load_settings(), Console(width=100), [sys.executable, sys.argv[1]])
except supervise.UpError as error:
    sys.exit(f"Error: {error}")
"""


class House:
    """A home with a stand-in for every part, and `up` processes on it."""

    def __init__(self, folder: Path) -> None:
        self.home = folder / "a home"
        self.home.mkdir()
        self.stand_in = folder / "stand in.py"
        self.stand_in.write_text(STAND_IN)
        self.fail()
        self.env = {
            **{name: value for name, value in os.environ.items() if name not in {"REDIS_URL", "DATABASE_URL"}},
            "SMS_SERVICE_HOME": str(self.home),
            "PORT": str(a_free_port()),
            "SIMULATOR_PORT": str(a_free_port()),
        }

    def fail(self, *names: str) -> None:
        """From now on these parts end at once."""
        (self.home / "failing").write_text(" ".join(names))

    @contextmanager
    def up(self) -> Iterator["subprocess.Popen[str]"]:
        """`up`, killed at the end if it still runs."""
        process = subprocess.Popen(
            [sys.executable, "-c", RUN, str(self.stand_in)],
            env=self.env,
            cwd=self.home,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        with process:
            try:
                yield process
            finally:
                with suppress(ProcessLookupError):
                    process.kill()

    def started(self) -> list[tuple[str, int, bool]]:
        """Every start so far: which part, its process, whether Redis was recorded by then."""
        file = self.home / "started"
        return [tuple(json.loads(line)) for line in file.read_text().splitlines()] if file.exists() else []

    def pid(self, name: str) -> int:
        return [pid for part, pid, _ in self.started() if part == name][-1]

    def is_ready(self) -> bool:
        with suppress(OSError), urlopen(f"http://127.0.0.1:{self.env['PORT']}/readyz"):
            return {"ticker", "worker"} <= {name for name, *_ in self.started()}
        return False


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


def until(true: Callable[[], object], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)


def runs(pid: int) -> bool:
    """Whether the process is there and no zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_everything_is_started_in_order_and_its_addresses_are_printed(house: House) -> None:
    with house.up() as up:
        assert up.stdout
        out = ""
        while "Ctrl-C ends it" not in out:
            out += up.stdout.readline()
        until(house.is_ready)
        up.send_signal(signal.SIGINT)
        assert up.wait(20) == 0
    names = [name for name, *_ in house.started()]
    assert set(names[:2]) == {"simulator", "db-upgrade---demo"}
    assert set(names[2:]) == {"web", "worker---lanes-urgent,reply", "worker", "ticker"}
    assert all(redis_is_there for *_, redis_is_there in house.started())
    for wanted in (f"{house.env['PORT']}/console/", f":{house.env['SIMULATOR_PORT']}/", notice.DEMO_EMAIL):
        assert wanted in out
    assert json.loads((house.home / "secrets.json").read_text())["DEMO_PASSWORD"] in out


def test_the_login_that_is_printed_is_the_one_that_is_made() -> None:
    from sms_service.services.seed import LOGIN

    assert notice.DEMO_EMAIL == LOGIN


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_all_end_with_up_however_it_ends(house: House, how: signal.Signals) -> None:
    with house.up() as up:
        until(house.is_ready)
        pids = [pid for name, pid, _ in house.started() if not name.startswith("db")]
        socket = (house.home / "redis.sock").resolve()
        assert redis_server.answers(socket)
        up.send_signal(how)
        up.wait(20)
    if how is not signal.SIGKILL:  # a killed one leaves the children of its parts to those parts
        pids.append(int((house.home / "grandchild").read_text()))
        assert not socket.parent.exists()
        assert not (house.home / "redis.sock").is_symlink()
    until(lambda: not any(runs(pid) for pid in pids))
    with suppress(ProcessLookupError):
        os.kill(int((house.home / "grandchild").read_text()), signal.SIGKILL)
    assert not redis_server.answers(socket)
    shutil.rmtree(socket.parent, ignore_errors=True)


def test_after_a_kill_the_next_one_starts_clean(house: House) -> None:
    with house.up() as first:
        until(house.is_ready)
        left_behind = (house.home / "redis.sock").resolve().parent
        first.kill()
        first.wait(10)
    (house.home / "started").unlink()
    with house.up() as second:
        until(house.is_ready)
        assert not left_behind.exists()
        second.terminate()
        assert second.wait(20) == 0


def test_up_puts_the_signal_handlers_back(house: House, capsys: pytest.CaptureFixture[str]) -> None:
    """In this very process, so that its lines are seen to run."""
    settings = load_settings(house.env, house.home / ".env")
    before = signal.getsignal(signal.SIGTERM)

    def meanwhile() -> None:
        until(house.is_ready)
        first = house.pid("worker")
        os.kill(first, signal.SIGKILL)
        until(lambda: house.pid("worker") != first)
        os.kill(os.getpid(), signal.SIGTERM)

    helper = threading.Thread(target=meanwhile)
    with pytest.MonkeyPatch.context() as patch:
        for name, value in house.env.items():
            patch.setenv(name, value)
        helper.start()
        supervise.run(settings, Console(width=100), [sys.executable, str(house.stand_in)])
    helper.join()
    assert signal.getsignal(signal.SIGTERM) is before
    assert "sms-service is ready" in capsys.readouterr().out


def test_a_dead_part_is_started_again(house: House) -> None:
    with house.up() as up:
        until(house.is_ready)
        for name in ("worker", "web"):
            before = house.pid(name)
            os.kill(before, signal.SIGKILL)
            until(lambda name=name, before=before: house.pid(name) != before)  # type: ignore[misc]
        until(house.is_ready)
        up.terminate()
        out, _ = up.communicate(timeout=20)
    assert "worker ended (-9); again in 0.5 s." in out


def test_started_twice_says_so(house: House) -> None:
    with house.up() as first:
        until(house.is_ready)
        with house.up() as second:
            _, err = second.communicate(timeout=20)
        assert second.returncode == 1
        assert err == f"Error: sms-service is already running in {house.home}.\n"
        assert first.poll() is None
        first.terminate()
        first.wait(20)


@pytest.mark.parametrize("name", ["PORT", "SIMULATOR_PORT"])
def test_a_taken_port_is_named_before_anything_starts(house: House, name: str) -> None:
    import socket

    with socket.create_server(("127.0.0.1", int(house.env[name]))), house.up() as up:
        _, err = up.communicate(timeout=20)
    assert up.returncode == 1
    advice = f"free it, or set {name} to another one."
    assert err == f"Error: Port {house.env[name]} is taken by another program: {advice}\n"
    assert house.started() == []


def test_a_database_that_cannot_be_prepared_ends_the_start_with_its_sentence(house: House) -> None:
    house.fail("db-upgrade---demo")
    with house.up() as up:
        _, err = up.communicate(timeout=20)
    assert up.returncode == 1
    assert "The database could not be prepared: this part is broken." in err
    assert "web" not in [name for name, *_ in house.started()]


def test_a_part_that_cannot_start_at_all_ends_the_start_with_its_sentence(house: House) -> None:
    house.fail("web")
    with house.up() as up:
        _, err = up.communicate(timeout=30)
    assert up.returncode == 1
    assert "web does not start: this part is broken." in err
    assert not any(runs(pid) for _, pid, _ in house.started())


def test_a_given_redis_is_used_and_none_is_started(house: House, redis_url: str) -> None:
    house.env["REDIS_URL"] = redis_url
    with house.up() as up:
        until(house.is_ready)
        assert not (house.home / "redis.sock").exists()
        assert not (house.home / "logs" / "redis.log").exists()
        up.terminate()
        up.wait(20)


def test_with_an_account_no_local_twilio_is_started(house: House) -> None:
    house.env |= {"TWILIO_ACCOUNT_SID": "AC" + "0" * 32, "TWILIO_AUTH_TOKEN": "t" * 32}
    with house.up() as up:
        until(house.is_ready)
        assert "simulator" not in [name for name, *_ in house.started()]
        up.terminate()
        out, _ = up.communicate(timeout=20)
    assert "Phones" not in out
