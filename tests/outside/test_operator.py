"""The operator from outside: doctor, hold, trace, alerts and heartbeat of a running service (SCENARIOS.md 49)."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.hooks import Hook, hook
from tests.outside.world import LINE, SAM, World, start, stop

__all__ = ["hook"]
pytestmark = pytest.mark.outside


def run(world: World, *words: str) -> "subprocess.CompletedProcess[str]":
    """The command, in the home of this service."""
    env = {name: value for name, value in os.environ.items() if not name.startswith(("TWILIO_", "SMS_SERVICE_"))}
    env |= {
        "SMS_SERVICE_HOME": str(world.home / "var"), "PORT": str(world.port), "SIMULATOR_PORT": str(world.sim_port),
        "SMS_SERVICE_TEST_CLOCK": str(world.home / "clock"),
    }  # fmt: skip
    env.pop("DATABASE_URL", None)
    command = [sys.executable, "-m", "sms_service.cli", *words]
    return subprocess.run(command, env=env, cwd=world.home, capture_output=True, text=True, timeout=60, check=False)


def found(world: World, level: str, *words: str) -> list[str]:
    """What doctor finds of this level."""
    told = json.loads(run(world, "doctor", "--json", *words).stdout)
    return [one["what"] for one in told["findings"] if one["level"] == level]


def set_address(world: World, **addresses: str) -> None:
    """Sets addresses of the demo's number at the local Twilio."""
    secrets = json.loads((world.home / "var" / "secrets.json").read_text())
    auth = (secrets["TWILIO_ACCOUNT_SID"], secrets["TWILIO_AUTH_TOKEN"])
    numbers = f"{world.sim}/2010-04-01/Accounts/{auth[0]}/IncomingPhoneNumbers"
    known = requests.get(f"{numbers}.json", params={"PhoneNumber": LINE}, auth=auth, timeout=5).json()
    sid = known["incoming_phone_numbers"][0]["sid"]
    requests.post(f"{numbers}/{sid}.json", data=addresses, auth=auth, timeout=5).raise_for_status()


def test_a_running_service_has_no_failure_even_when_twilio_is_asked(world: World) -> None:
    assert world.until(lambda: found(world, "FAIL", "--live") == [], 20), run(world, "doctor", "--live").stdout
    told = run(world, "doctor", "--live")
    assert told.returncode == 0
    assert "ok    twilio: account active" in told.stdout
    assert "ok    ticker: at work" in told.stdout
    assert "every lane covered" in told.stdout


@pytest.mark.parametrize(("addresses", "words"), [
    ({"SmsFallbackUrl": ""}, "no fallback for texts: when we are away people hear an error"),
    ({"VoiceFallbackUrl": ""}, "no fallback for calls: when we are away people hear an error"),
    ({"SmsUrl": "https://other.example.org/webhooks/sms"}, "texts go to other.example.org, not here"),
])  # fmt: skip
def test_what_would_leave_people_without_988_when_the_host_is_dead_is_found(
    world: World, addresses: dict[str, str], words: str
) -> None:
    before = {
        "SmsUrl": f"{world.web}/webhooks/sms",
        "SmsFallbackUrl": f"{world.web}/webhooks/sms/fallback",
        "VoiceFallbackUrl": f"{world.web}/webhooks/voice/fallback",
    }
    set_address(world, **addresses)
    told = run(world, "doctor", "--live")
    set_address(world, **before)
    assert told.returncode == 1
    assert f"FAIL  line: demo, line 1: {words}" in told.stdout


def test_on_hold_people_get_no_answer_but_danger_does_and_release_sends_the_rest(world: World) -> None:
    ana, leo = world.phone(), world.phone()
    world.join(ana)
    world.join(leo)
    said = run(world, "hold")
    assert "People who text get no answers" in said.stdout
    assert requests.get(f"{world.web}/readyz", timeout=5).json()["hold"] == ["reply", "scheduled", "bulk"]
    assert "On hold: reply, scheduled, bulk." in world.board()
    after = world.mark()
    world.text(leo, "MOOD 7")
    world.say(ana, "i want to kill myself", "988")
    page = world.expect(SAM, "case", "TAKE", after=after)
    assert world.got(leo, after) == []
    released = run(world, "release")
    assert "reply (1 waiting)" in released.stdout
    world.expect(leo, "Mood 7 saved", after=after)
    world.close_case_taken(int(page.split("TAKE ")[1].split()[0]))


def test_trace_tells_a_texts_way_without_its_words(world: World) -> None:
    leo = world.phone()
    world.join(leo)
    after = world.mark()
    sid = world.text(leo, "MOOD 7")
    world.expect(leo, "Mood 7 saved", after=after)
    assert world.until(lambda: "delivered" in run(world, "trace", sid).stdout)
    told = run(world, "trace", sid).stdout
    heard = r"SM\w+ heard 2026-03-04 \d\d:\d\d:\d\d\.\d{3}Z, program demo, line 1, person \d+"
    assert re.fullmatch(heard, told.splitlines()[0])
    assert "reply, lane reply, sms: delivered" in told
    assert [word for word in (leo[1:], "MOOD", "saved") if word in told] == []


@pytest.fixture
def watched(hook: Hook, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A service of its own whose operator has given addresses."""
    home = Path(tmp_path_factory.mktemp("w"))
    running = start(home, ALERT_URL=hook.url, HEARTBEAT_URL=hook.url)
    yield running
    stop(running)


def test_the_heartbeat_comes_and_a_clock_that_jumps_is_told_once(watched: World, hook: Hook) -> None:
    watched.move(minutes=2)
    assert watched.until(lambda: hook.gets >= 1, 30), "no heartbeat"
    assert watched.until(lambda: ("clock", "unwell") in hook.said(), 20), hook.got
    watched.move(minutes=3)
    assert watched.until(lambda: hook.gets >= 2, 30), "no second heartbeat"
    assert hook.said().count(("clock", "unwell")) == 1
    assert {tuple(one) for one in hook.got} == {("kind", "state", "what", "since", "ids", "text")}


def test_a_token_that_ends_in_the_night_is_told_and_that_it_is_mended(watched: World, hook: Hook) -> None:
    """Nobody texts and nothing is owed: the catch-up sees it."""
    old = json.loads((watched.home / "var" / "secrets.json").read_text())["TWILIO_AUTH_TOKEN"]
    watched.http.put(f"{watched.sim}/sim/auth_token", json={"auth_token": "another" * 5}).raise_for_status()
    watched.move(minutes=6)
    assert watched.until(lambda: ("token", "unwell") in hook.said(), 20), hook.got
    watched.http.put(f"{watched.sim}/sim/auth_token", json={"auth_token": old}).raise_for_status()
    watched.move(minutes=6)
    watched.until(lambda: False, 10)  # the catch-up is done, and two looks have seen nothing
    watched.move(minutes=2)
    assert watched.until(lambda: ("token", "mended") in hook.said(), 30), hook.got
    assert hook.said().count(("token", "unwell")) == hook.said().count(("token", "mended")) == 1
