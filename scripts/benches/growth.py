"""growth: what a webhook costs with 300,000 members and three million messages, beside 1,000 members."""

import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from scripts.benches import history
from scripts.benches.asked import Asked
from scripts.benches.figures import Bar, Outcome, percentile
from scripts.benches.load import Answer, Order, send
from scripts.benches.stage import Servers, Stage, answers, stage
from sms_service import clock
from sms_service.store import migrate

SMALL, LARGE = 1_000, 300_000
WORDS = ["MOOD", "8", "IDEA", "3", "MENU"]
SECONDS = 4.0
CONNECTIONS = 4
MOST_PER_SECOND = 800
LINE = "+12025550100"
APART = 7919
"""A prime: steps of it visit every member once before any of them twice."""


@dataclass
class Town:
    """A running web server over a database of so many members; each round texts come from others of them."""

    stage: Stage
    members: int
    played: int = 0

    def play(self, seconds: float) -> Answer:
        """Known members from all over the row, each with a conversation."""
        settings, most = self.stage.settings, int(seconds * MOST_PER_SECOND / len(WORDS)) + 2 * CONNECTIONS
        who = [(place * APART) % self.members for place in range(self.played, self.played + most)]
        url = f"{settings.public_url}/webhooks/sms"
        answer = send(Order(settings.port, url, settings.twilio_auth_token, LINE, WORDS, who, seconds, CONNECTIONS))
        self.played += answer.requests // len(WORDS) + CONNECTIONS
        return answer


def measure(asked: Asked, servers: Servers) -> Outcome:
    """Both databases stand side by side; rounds in turn."""
    large = max(50, int(LARGE * asked.scale))
    small = min(large, SMALL)
    with town(servers, asked.database, small) as few, town(servers, asked.database, large) as many:
        for one in (few, many):
            one.play(0.5)
        rounds: dict[str, list[Answer]] = {"few": [], "many": []}
        for turn in range(asked.rounds):
            for name, one in (("few", few), ("many", many)):
                rounds[name].append(one.play(max(0.5, SECONDS * min(1.0, asked.scale))))
            tell(turn, rounds["few"][-1], rounds["many"][-1])
    return judged(rounds, small, large)


@contextmanager
def town(servers: Servers, kind: str, count: int) -> Iterator[Town]:
    """A copy of the built database, and a web server over it."""
    with built(servers, kind, count) as (url, secrets), stage(servers, kind, url, secrets=secrets) as made, made.stack:
        web = made.part("web", "--only", "webhooks")
        made.wait_for("the web server", web, lambda: answers(f"{made.web}/readyz"))
        yield Town(made, count)


@contextmanager
def built(servers: Servers, kind: str, count: int) -> Iterator[tuple[str, Path]]:
    """A copy of a database with so many members, by URL, and the secrets that open it; built once a session."""
    folder = servers.folder / f"growth-{kind}-{count}-{migrate.head()}"
    if not (folder / "built").exists():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        build(servers, kind, count, folder)
    name = f"bench_{folder.name.replace('-', '_')}"
    copy = f"{name}_{time.time_ns()}"
    if kind == "sqlite":
        file = folder / f"{copy}.db"
        shutil.copyfile(folder / "town.db", file)
        try:
            yield f"sqlite:///{file}", folder / "secrets.json"
        finally:
            for rest in folder.glob(f"{file.name}*"):
                rest.unlink()
        return
    servers.order("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY", copy, name)
    try:
        yield servers.url_of(copy), folder / "secrets.json"
    finally:
        servers.order("DROP DATABASE {} WITH (FORCE)", copy)


def build(servers: Servers, kind: str, count: int, folder: Path) -> None:
    """The members and their history, with secrets that are kept beside them."""
    print(f"  building {count} members on {kind} ...", file=sys.stderr, flush=True)
    began, name = time.monotonic(), f"bench_{folder.name.replace('-', '_')}"
    if kind == "sqlite":
        url = f"sqlite:///{folder}/town.db"
    else:
        servers.order("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
        servers.order("CREATE DATABASE {}", name)
        url = servers.url_of(name)
    with stage(servers, kind, url) as made, made.stack:
        history.build(made.database(), count, clock.now())
        shutil.copyfile(made.home / "secrets.json", folder / "secrets.json")
    took = time.monotonic() - began
    (folder / "built").write_text(f"{took:.0f}")
    print(f"  built in {took:.0f} s", file=sys.stderr, flush=True)


def tell(turn: int, few: Answer, many: Answer) -> None:
    """A word of progress."""
    words = f"p50 {percentile(few.latencies, 50):.2f} ms and {percentile(many.latencies, 50):.2f} ms"
    print(f"  round {turn + 1}: {words}", file=sys.stderr, flush=True)


def judged(rounds: dict[str, list[Answer]], small: int, large: int) -> Outcome:
    """The figures and the bar of the issue."""
    of = {
        name: {f"p{p}_ms": median(percentile(one.latencies, p) for one in found) for p in (50, 99)}
        | {"per_second": median(one.per_second for one in found)}
        for name, found in rounds.items()
    }
    ratio = of["many"]["p50_ms"] / of["few"]["p50_ms"]
    bars = [Bar(f"p50 with {large} members ÷ with {small}", ratio, "<=", 1.2)]
    per_member = 2 * history.TEXTS
    notes = [
        f"{large} members with {large * per_member} messages, beside {small} with {small * per_member}",
        f"{CONNECTIONS} kept-alive connections; members from all over the row text MOOD, 8, IDEA, 3, MENU",
    ]
    series = {name: [percentile(one.latencies, 50) for one in found] for name, found in rounds.items()}
    return Outcome(of["many"], bars, of["few"], ratio, series, notes)
