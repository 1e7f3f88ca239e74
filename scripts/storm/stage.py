"""The whole service as processes, with its servers, its local Twilio and its people: built once, then left alone."""

import json
import os
import random
import socket
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import requests

from sms_service import clock
from sms_service.domain.oncall import ALWAYS
from sms_service.services.desk import Work
from sms_service.services.enrol import wind
from sms_service.services.seed import seed_demo
from sms_service.settings import Settings, load_settings
from sms_service.store.groups import group_by_code, join_group
from sms_service.store.migrate import upgrade
from sms_service.store.open import open_database
from sms_service.store.people import add_person
from sms_service.store.programs import Lines, program_by_slug
from sms_service.store.rota import add_shift, rota_of
from storm.hosts import Host, hosts, way_in, way_out
from storm.parts import Part, Parts
from storm.servers import Base, Postgres, Redis, Sqlite, until

LINE = "+12025550100"
ZONE = ZoneInfo("America/New_York")
OWN = (sys.executable, "-m", "sms_service.cli")
PER_HOST = {
    "web": ("web",),
    "worker b": ("worker", "--lanes", "urgent,reply"),
    "worker c": ("worker",),
    "ticker": ("ticker",),
}
"""The processes of the service on each host."""


@dataclass
class Twilio:
    """The local Twilio, spoken to by HTTP."""

    url: str
    port: int
    http: requests.Session = field(default_factory=requests.Session)

    def text(self, sender: str, body: str) -> str:
        """Somebody texts; its SID."""
        answer = self.http.post(f"{self.url}/sim/texts", json={"from": sender, "to": LINE, "body": body}, timeout=30)
        answer.raise_for_status()
        return str(answer.json()["sid"])

    def lines(self, what: str, after: int, wait: float) -> list[dict[str, Any]]:
        """What is new in `log` (the truth) or `requests` since line `after`."""
        answer = requests.get(f"{self.url}/sim/{what}", params={"after": after, "wait": wait}, timeout=90)
        return [json.loads(line) for line in answer.text.splitlines()]

    def knobs(self, **values: Any) -> None:
        """Turns these; none: all back."""
        if values:
            requests.put(f"{self.url}/sim/knobs", json=values, timeout=30).raise_for_status()
        else:
            requests.delete(f"{self.url}/sim/knobs", timeout=30).raise_for_status()


@dataclass
class Stage:
    """What a storm is played on."""

    folder: Path
    settings: Settings
    hosts: list[Host]
    network: str
    parts: Parts
    redis: Redis
    base: Base
    twilio: Twilio

    def names(self) -> list[str]:
        """The parts that a storm kills."""
        return [part.name for part in self.parts.all if part.name.partition(" on ")[0] in PER_HOST]

    def hasten(self, seconds: float) -> None:
        """The test clock jumps ahead."""
        _set_offset(self.folder, float((self.folder / "clock").read_text()) + seconds)

    def now(self) -> datetime:
        """The service's time."""
        return clock.now()


@contextmanager
def stage(folder: Path, database: str, count: int, seed: int, starts_at: datetime) -> Iterator[Stage]:
    """Everything up and empty but for the demo; `starts_at` is what the test clock shows when it is."""
    ports = iter(free_ports(8))
    parts = Parts(random.Random(seed))  # noqa: S311 - nothing is kept secret by it
    with hosts(count) as (made, network):
        try:
            yield _built(folder, database, made, network, parts, ports, starts_at)
        finally:
            parts.stop()


def _built(
    folder: Path, database: str, made: list[Host], network: str, parts: Parts, ports: Iterator[int], at: datetime
) -> Stage:
    parts.keep()
    outsides = list(dict.fromkeys(["127.0.0.1", *(host.outside for host in made)]))
    redis = Redis(folder, next(ports), outsides, parts)
    base: Base = (
        Sqlite(folder / "var" / "sms_service.db")
        if database == "sqlite"
        else Postgres(folder / "pg", next(ports), outsides, parts)
    )
    front, sim = next(ports), next(ports)
    webs = [next(ports) for _ in made]
    if len(made) == 1:
        webs = [front]
    kept = {n: v for n, v in os.environ.items() if not n.startswith(("TWILIO_", "SMS_SERVICE_", "DATABASE_", "REDIS_"))}
    common = kept | {
        "SMS_SERVICE_HOME": str(folder / "var"), "SMS_SERVICE_TEST_CLOCK": str(folder / "clock"),
        "SIMULATOR_PORT": str(sim), "PUBLIC_URL": f"http://127.0.0.1:{front}",
    }  # fmt: skip
    envs = [
        common | {"PORT": str(port), "DATABASE_URL": base.url(host.outside), "REDIS_URL": redis.url(host.outside)}
        for host, port in zip(made, webs, strict=True)
    ]
    ours = envs[0] | {"DATABASE_URL": base.url("127.0.0.1"), "REDIS_URL": redis.url("127.0.0.1")}
    set_clock(folder, at)
    settings = load_settings(ours, folder / ".env")
    clock.follow(settings.test_clock)
    upgrade(settings)
    seed_demo(settings)
    (folder / "logs").mkdir()
    everywhere = "0.0.0.0"  # noqa: S104 - a namespace reaches it at its own end of the cable
    parts.add(Part("twilio", [*OWN, "simulator", "--host", everywhere], ours, folder / "logs" / "twilio.log"))
    twilio = Twilio(f"http://127.0.0.1:{sim}", sim)
    until(lambda: _answers(f"{twilio.url}/healthz"), "The local Twilio did not start")
    if len(made) > 1:
        parts.add(Part("way in", way_in(front, made, webs), kept, folder / "logs" / "ways.log"))
    for host in made:
        if host.inside:
            parts.add(Part(f"way out of {host.name}", way_out(host, sim), kept, folder / "logs" / "ways.log"))
    _start_service(folder, made, envs, parts)
    until(lambda: _answers(f"http://127.0.0.1:{front}/readyz"), "The service did not start")
    return Stage(folder, settings, made, network, parts, redis, base, twilio)


def _start_service(folder: Path, made: list[Host], envs: Sequence[Mapping[str, str]], parts: Parts) -> None:
    for host, env in zip(made, envs, strict=True):
        for name, words in PER_HOST.items():
            full = name if len(made) == 1 else f"{name} on {host.name}"
            more = ("--host", host.address) if name == "web" else ()
            log = folder / "logs" / f"{full.replace(' ', '-')}.log"
            parts.add(Part(full, [*host.inside, *OWN, *words, *more], env, log))


def people(stage: Stage, members: list[tuple[str, str, int | None]], team: list[tuple[str, str]]) -> None:
    """Members (number, name, hour of their check-in or None) and volunteers (number, name) on call around the clock."""
    database = open_database(stage.settings)
    now = stage.now()
    with closing(database), database.write() as conn:
        demo = program_by_slug(conn, "demo")
        assert demo is not None, "the demo was seeded"
        group = group_by_code(conn, demo.id, "HOPE")
        assert group is not None, "the demo has its group"
        work = Work(conn, now, "storm", Lines())
        line = next(line for line in work.lines.all(conn, now) if line.number == LINE)
        known = {"state": "active", "line_id": line.id}
        for number, name, minute in members:
            person = add_person(conn, demo.id, number, now, name=name, is_member=True, check_in_minute=minute, **known)
            assert person is not None, f"{name} is new"
            join_group(conn, demo.id, group.id, person, now)
            if minute is not None:
                wind(work, demo.id, person, minute, str(ZONE), "daily")
        first = len(rota_of(conn, demo.id))
        for place, (number, name) in enumerate(team, first):
            person = add_person(conn, demo.id, number, now, name=name, is_volunteer=True, **known)
            assert person is not None, f"{name} is new"
            add_shift(conn, demo.id, person, "volunteer", ALWAYS, place)
        work.write_down()


def set_clock(folder: Path, at: datetime) -> None:
    """The test clock shows this moment now."""
    _set_offset(folder, (at - datetime.now(UTC)).total_seconds())


def _set_offset(folder: Path, seconds: float) -> None:
    draft = folder / "clock.new"
    draft.write_text(str(seconds))
    draft.replace(folder / "clock")


def free_ports(count: int) -> list[int]:
    """So many different ports of loopback that are free now."""
    probes = [socket.socket() for _ in range(count)]
    for probe in probes:
        probe.bind(("127.0.0.1", 0))
    found = [int(probe.getsockname()[1]) for probe in probes]
    for probe in probes:
        probe.close()
    return found


def _answers(url: str) -> bool:
    try:
        return requests.get(url, timeout=3).status_code == 200
    except requests.RequestException:
        return False
