"""The whole service as processes, spoken to by HTTP alone: nothing here imports sms_service."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from html import unescape
from itertools import count
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import requests

LINE, NIGHT = "+12025550100", "+12025550200"
SAM, CARMEN, RUTH = "+12025550111", "+12025550112", "+12025550119"
NEW_YORK = ZoneInfo("America/New_York")
SOON = 10.0
"""Seconds within which a text that is due must be on the handset."""
LATE = 20.0
"""The same for what falls due by the clock, which a busy machine may see late."""


@dataclass
class World:
    """A running service, its phones and its clock."""

    home: Path
    port: int
    sim_port: int
    process: subprocess.Popen[bytes]
    fresh: Iterator[int] = field(default_factory=lambda: count(5000))
    http: requests.Session = field(default_factory=requests.Session)

    @property
    def web(self) -> str:
        """Where the service answers."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def sim(self) -> str:
        """Where the local Twilio answers."""
        return f"http://127.0.0.1:{self.sim_port}"

    def phone(self, area: str = "202") -> str:
        """A number nobody has used yet; area code 202 is Washington, Eastern time."""
        return f"+1{area}555{next(self.fresh)}"

    def now(self) -> datetime:
        """The service's time."""
        return datetime.now(UTC) + timedelta(seconds=self.offset)

    @property
    def offset(self) -> float:
        """Seconds the test clock adds."""
        return float((self.home / "clock").read_text())

    def move(self, **by: float) -> None:
        """Time passes: move(minutes=2)."""
        self._set_offset(self.offset + timedelta(**by).total_seconds())

    def set_local(self, text: str, zone: str = "America/New_York") -> None:
        """The clock shows this local time ("2026-03-04 12:00"); later than any moment before."""
        at = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))
        self._set_offset((at - datetime.now(UTC)).total_seconds())

    def _set_offset(self, seconds: float) -> None:
        draft = self.home / "clock.new"
        draft.write_text(str(seconds))
        draft.replace(self.home / "clock")

    def text(self, sender: str, body: str, to: str = LINE, **more: Any) -> str:
        """Somebody texts; its SID."""
        answer = self.http.post(f"{self.sim}/sim/texts", json={"from": sender, "to": to, "body": body, **more})
        answer.raise_for_status()
        return str(answer.json()["sid"])

    def log(self, after: int = 0) -> list[dict[str, Any]]:
        """The log of truth: what each handset really sent and got."""
        answer = self.http.get(f"{self.sim}/sim/log", params={"after": after})
        answer.raise_for_status()
        return [json.loads(line) for line in answer.text.splitlines() if line.strip()]

    def mark(self) -> int:
        """The log's present end."""
        return max((line["n"] for line in self.log()), default=0)

    def got(self, handset: str, after: int = 0, line: str | None = None) -> list[str]:
        """The texts this handset received, in order."""
        return [
            entry["body"]
            for entry in self.log(after)
            if entry["handset"] == handset
            and entry["direction"].startswith("outbound")
            and entry["state"] == "delivered"
            and (line is None or entry["line"] == line)
        ]

    def expect(self, handset: str, *words: str, after: int = 0, within: float = SOON) -> str:
        """The first text to this handset that holds all these words; fails when none comes in time."""
        found = self.until(
            lambda: next((b for b in self.got(handset, after) if all(w.lower() in b.lower() for w in words)), None),
            within,
        )
        assert found is not None, f"{handset} did not get {words}; it got {self.got(handset, after)}"
        return str(found)

    def arrives(self, handset: str, words: str, at: str, zone: str = "America/New_York") -> str:
        """Time goes on to a second before this local time: the words come then, and not before it."""
        after, due = self.mark(), datetime.fromisoformat(at).replace(tzinfo=ZoneInfo(zone))
        self._set_offset((due - datetime.now(UTC)).total_seconds() - 1)
        body = self.expect(handset, words, after=after, within=LATE)
        line = next(line for line in self.log(after) if line["handset"] == handset and line["body"] == body)
        late = (datetime.fromisoformat(line["at"]) - due).total_seconds()
        assert 0 <= late < LATE, f"{body} came {late} s after {due}"
        return body

    def say(self, sender: str, body: str, *words: str, to: str = LINE, **more: Any) -> str:
        """Texts and waits for the reply that holds these words."""
        after = self.mark()
        self.text(sender, body, to, **more)
        return self.expect(sender, *words, after=after)

    def quiet(self, handset: str, after: int, seconds: float = 2.5) -> None:
        """Nothing more arrives at this handset for a while."""
        time.sleep(seconds)
        assert self.got(handset, after) == []

    def until(self, look: Callable[[], Any], within: float = SOON) -> Any:
        """What `look` finds once it finds something; None after `within` seconds."""
        give_up = time.monotonic() + within
        while time.monotonic() < give_up:
            found = look()
            if found:
                return found
            time.sleep(0.05)
        return None

    def board(self) -> str:
        """The words of the console's Today as a coordinator of the demo sees them now, spaces evened out."""
        with requests.Session() as browser:
            form = browser.get(f"{self.web}/console/login").text
            token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', form)
            login = re.search(r"Login +(\S+)[^\n]*\n\W*Password +(\S+)", (self.home / "up.log").read_text())
            assert token, form
            assert login, "no demo login was shown"
            given = {"email": login[1], "password": login[2], "csrf_token": token[1]}
            browser.post(f"{self.web}/console/login", data=given).raise_for_status()
            page = browser.get(f"{self.web}/console/")
        assert "On call now" in page.text, page.text
        return " ".join(unescape(re.sub(r"<[^>]+>", " ", page.text)).split())

    def knobs(self, **values: Any) -> None:
        """Turns the local Twilio's knobs."""
        self.http.put(f"{self.sim}/sim/knobs", json=values).raise_for_status()

    def join(self, phone: str, hour: str = "7pm", group: str = "HOPE") -> None:
        """A member of the group, asked every day at this hour."""
        self.say(phone, f"JOIN {group}", "1")
        self.expect(phone, "911")
        self.say(phone, "1", "1:")
        self.say(phone, "1", "6")
        after = self.mark()
        self.text(phone, hour)
        assert self.until(lambda: self.got(phone, after)), "no welcome"

    def open_case(self, phone: str, words: str = "TALK") -> int:
        """This member needs somebody; the number of the case that the first volunteer was paged about."""
        after = self.mark()
        self.text(phone, words)
        page = self.expect(SAM, "case", "TAKE", after=after)
        return int(page.split("TAKE ")[1].split()[0])

    def close_case_taken(self, number: int, volunteer: str = SAM) -> None:
        """The volunteer takes it, then closes it."""
        self.say(volunteer, f"TAKE {number}", f"you have case {number}")
        self.close_case(number, volunteer)

    def close_case(self, number: int, volunteer: str = SAM) -> None:
        """The volunteer closes it and says how it ended."""
        self.say(volunteer, f"DONE {number}", f"case {number}")
        self.say(volunteer, "1", "saved")


def free_port() -> int:
    """A port nobody listens on."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start(home: Path, at: str = "2026-03-04 12:00", **env: str) -> World:
    """`sms-service up` in a home of its own, ready."""
    port, sim_port = free_port(), free_port()
    (home / "clock").write_text("0")
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("TWILIO_", "SMS_SERVICE_", "DATABASE_URL"))
    }
    settings = {
        "SMS_SERVICE_HOME": str(home / "var"), "PORT": str(port), "SIMULATOR_PORT": str(sim_port),
        "SMS_SERVICE_TEST_CLOCK": str(home / "clock"),
    }  # fmt: skip
    with (home / "up.log").open("wb") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "sms_service.cli", "up"], env=kept | settings | env, cwd=home,
            stdout=said, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
    world = World(home, port, sim_port, process)
    world.set_local(at)
    ready = world.until(lambda: "is ready" in (home / "up.log").read_text() or process.poll() is not None, 60)
    assert ready, f"not ready within a minute: {(home / 'up.log').read_text()}"
    assert process.poll() is None, (home / "up.log").read_text()
    return world


def stop(world: World) -> None:
    """Ends it as Ctrl-C does."""
    world.process.send_signal(signal.SIGINT)
    try:
        world.process.wait(20)
    finally:
        if world.process.poll() is None:
            os.killpg(world.process.pid, signal.SIGKILL)
    world.http.close()
