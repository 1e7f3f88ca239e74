"""The rehearsal: a backup in mid-conversation, the service lost, restored in another folder on the other database.

A local Twilio of its own outlives both services: its log of truth says whether anything went out twice.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.outside.world import CARMEN, SAM, World, free_port

pytestmark = pytest.mark.outside
SECRETS = {
    "TWILIO_ACCOUNT_SID": "AC" + "0" * 32, "TWILIO_AUTH_TOKEN": "t" * 32, "SECRET_KEY": "s" * 32,
    "METRICS_TOKEN": "m" * 32, "DATA_KEYS": "dGVzdHRlc3R0ZXN0dGVzdHRlc3R0ZXN0dGVzdHRlc3Q=",
    "LOOKUP_KEYS": "1:" + "ab" * 16,
}  # fmt: skip


class Town:
    """A Twilio, and one installation after the other behind the same address."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port, self.sim_port = free_port(), free_port()
        (folder / "clock").write_text("0")
        known = {name: value for name, value in os.environ.items() if name in ("PATH", "LANG", "HOME", "TMPDIR")}
        self.env = known | SECRETS | {
            "PORT": str(self.port), "SIMULATOR_PORT": str(self.sim_port), "PUBLIC_URL": f"http://127.0.0.1:{self.port}",
            "TWILIO_API_URL": f"http://127.0.0.1:{self.sim_port}", "SMS_SERVICE_TEST_CLOCK": str(folder / "clock"),
        }  # fmt: skip
        self.started: list[subprocess.Popen[bytes]] = []
        self.start("simulator", {"SMS_SERVICE_HOME": str(folder / "sim")}, "simulator")
        self.world = World(folder, self.port, self.sim_port, self.started[0])

    def start(self, name: str, env: dict[str, str], *words: str) -> "subprocess.Popen[bytes]":
        """A process of its own group."""
        with (self.folder / f"{name}.log").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "sms_service.cli", *words], env=self.env | env, cwd=self.folder,
                stdout=log, stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip
        self.started.append(process)
        return process

    def run(self, home: dict[str, str], *words: str) -> "subprocess.CompletedProcess[str]":
        """One command of an installation, to its end."""
        order = [sys.executable, "-m", "sms_service.cli", *words]
        return subprocess.run(order, env=self.env | home, cwd=self.folder, capture_output=True, text=True, check=False)

    def up(self, name: str, home: dict[str, str]) -> "subprocess.Popen[bytes]":
        """The whole service, ready."""
        process = self.start(name, home, "up")
        ready = self.world.until(lambda: self._is_ready() or process.poll() is not None, 60)
        assert ready, (self.folder / f"{name}.log").read_text()
        assert process.poll() is None, (self.folder / f"{name}.log").read_text()
        return process

    def _is_ready(self) -> bool:
        try:
            return requests.get(f"{self.world.web}/readyz", timeout=2).ok
        except requests.RequestException:
            return False

    def crash(self, process: "subprocess.Popen[bytes]") -> None:
        """kill -9 of all of it: nothing is said goodbye to."""
        children = subprocess.run(["ps", "-o", "pid=", "--ppid", str(process.pid)], capture_output=True, text=True)  # noqa: PLW1510
        for pid in [process.pid, *map(int, children.stdout.split())]:
            with_group = os.getpgid(pid)
            os.killpg(with_group, signal.SIGKILL)
        process.wait(10)
        assert self.world.until(lambda: not self._is_ready(), 10)

    def close(self) -> None:
        """Ends what still runs."""
        for process in reversed(self.started):
            if process.poll() is None:
                process.send_signal(signal.SIGINT)
                try:
                    process.wait(20)
                except subprocess.TimeoutExpired:
                    self.crash(process)
        self.world.http.close()


@pytest.fixture
def town() -> Iterator[Town]:
    """In a short folder."""
    folder = Path(tempfile.mkdtemp(prefix="sms-m-", dir="/tmp"))
    one = Town(folder)
    yield one
    one.close()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=["sqlite to postgresql", "postgresql to sqlite"])
def homes(request: pytest.FixtureRequest, town: Town) -> tuple[dict[str, str], dict[str, str]]:
    """The installation that is lost and the one that takes its place."""
    pg = {"DATABASE_URL": str(request.getfixturevalue("empty_pg_url"))}
    old, new = ({"SMS_SERVICE_HOME": str(town.folder / name)} for name in ("old", "new"))
    return (old, new | pg) if request.param.startswith("sqlite") else (old | pg, new)


def outbound(world: World) -> Counter[tuple[str, str]]:
    """What each handset got, and how often."""
    return Counter(
        (line["handset"], line["body"])
        for line in world.log()
        if line["direction"].startswith("outbound") and line["state"] == "delivered"
    )


def pass_minutes(world: World, minutes: int) -> None:
    """Time goes on in steps that the ticker can follow."""
    for _ in range(minutes * 4):
        world.move(seconds=15)
        world.until(lambda: None, 0.4)


def settled(town: Town, home: dict[str, str]) -> Any:
    """What a restore put in doubt is settled: nothing is unsure any more."""
    answer = requests.get(
        f"{town.world.web}/metrics", headers={"Authorization": f"Bearer {SECRETS['METRICS_TOKEN']}"}, timeout=5
    )
    return 'state="unsure"' not in answer.text


def test_the_conversation_goes_on_and_nothing_goes_out_twice(
    town: Town, homes: tuple[dict[str, str], dict[str, str]]
) -> None:
    """Ana answers before and after the crash, Ben is asked at 7 pm in between, Cem's talk is taken up."""
    world, (old, new), file = town.world, homes, town.folder / "it.backup"
    world.set_local("2026-03-04 18:40")
    lost = town.up("old", old)
    ana, ben, cem = world.phone(), world.phone(), world.phone()
    world.join(ana, hour="9pm")
    world.join(ben, hour="7pm")
    world.join(cem, hour="9pm")
    world.say(ana, "MOOD", "0 to 10")
    world.set_local("2026-03-04 18:57")
    made = town.run(old, "backup", str(file))
    assert made.returncode == 0, made.stderr
    assert "rows" in made.stdout

    world.say(ana, "2", "Mood 2 saved")
    world.open_case(cem, "TALK")
    world.arrives(ben, "0 to 10", "2026-03-04 19:00")
    refused = town.run(old, "restore", str(file))
    assert refused.returncode == 1
    assert "stop it" in refused.stderr
    town.crash(lost)
    before = outbound(world)
    assert max(before.values()) == 1, before
    world.text(ana, "1")

    world.move(seconds=40)
    back = town.run(new, "restore", str(file))
    assert back.returncode == 0, back.stderr
    assert "On hold" in back.stdout
    town.up("new", new)
    pass_minutes(world, 3)
    assert world.until(lambda: settled(town, new), 30)
    again = {who: n for who, n in outbound(world).items() if n > 1}
    assert again == {}, json.dumps([str(one) for one in again])

    released = town.run(new, "release")
    assert released.returncode == 0, released.stderr
    world.expect(ana, "volunteer", within=30)
    world.say(ben, "8", "Mood 8 saved")
    number = max(int(body.split("TAKE ")[1].split()[0]) for body in world.got(SAM) if "TAKE" in body)
    world.say(SAM, f"TAKE {number}", f"you have case {number}")
    twice = {who: n for who, n in outbound(world).items() if n > 1 and who[0] not in (SAM, CARMEN)}
    assert twice == {}
