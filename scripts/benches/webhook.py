"""webhook: whole conversations through the real web server, beside a bare view under the same server settings."""

import sys
from dataclasses import dataclass
from statistics import median

from sqlalchemy import func, select

from scripts.benches import bare
from scripts.benches.asked import Asked
from scripts.benches.figures import Bar, Outcome, medians, percentile
from scripts.benches.load import Answer, Order, send
from scripts.benches.ports import free_port
from scripts.benches.stage import Servers, Stage, answers, stage
from sms_service.commands.run import server_command
from sms_service.store.database import Database
from sms_service.store.inbounds import inbounds
from sms_service.store.people import people

LINE = "+12025550100"
WORDS = ["JOIN HOPE", "1", "1", "8 pm", "MOOD", "5", "2", "3", "IDEA", "3", "MENU"]
"""Joining, a middling mood, one idea more, enough; an idea by keyword, enough; the menu."""
SECONDS = 6.0
WARM_UP = 1.5
MOST_PER_SECOND = 2500
CONNECTIONS = 8
PACED = 0.5
"""Share of the service's own best rate at which both are also measured, in the rounds after the first."""


@dataclass
class Rivals:
    """The service and the bare view, both running; each round plays members nobody has played before."""

    stage: Stage
    order: Order
    bare_port: int
    next_member: int = 0

    def play(self, port: int, seconds: float, rate: float = 0.0, connections: int = CONNECTIONS) -> Answer:
        """One round against one of them."""
        members = int(seconds * (rate * 1.2 or MOST_PER_SECOND) / len(self.order.words)) + 2 * connections
        first, self.next_member = self.next_member, self.next_member + members
        order = self.order
        who = list(range(first, self.next_member))
        return send(Order(port, order.url, order.token, LINE, order.words, who, seconds, connections, rate))


def measure(asked: Asked, servers: Servers) -> Outcome:
    """Interleaved rounds on one database."""
    with stage(servers, asked.database) as made, made.stack:
        rivals = start(made)
        ours, theirs = made.settings.port, rivals.bare_port
        seconds = max(0.5, SECONDS * asked.scale)
        for port in (ours, theirs):
            rivals.play(port, WARM_UP)
        full: dict[int, list[Answer]] = {ours: [], theirs: []}
        paced: dict[int, list[Answer]] = {ours: [], theirs: []}
        for turn in range(asked.rounds):
            for port in (ours, theirs):
                full[port].append(rivals.play(port, seconds))
            rate = PACED * min(one.per_second for one in full[ours])
            for port in (ours, theirs):
                paced[port].append(rivals.play(port, max(0.5, seconds / 2), rate))
            tell(turn, full[ours][-1], full[theirs][-1])
        check(made.database(), sum(one.requests for one in full[ours] + paced[ours]))
        return judged(full[ours], full[theirs], paced[ours], paced[theirs])


def start(made: Stage) -> Rivals:
    """Both servers; the second by the same command, so that no setting differs."""
    with made.database().write() as conn:
        bare.prepare(conn)
    web = made.part("web", "--only", "webhooks")
    made.wait_for("the web server", web, lambda: answers(f"{made.web}/readyz"))
    port = free_port()
    settings = made.settings
    command = server_command(settings.model_copy(update={"port": port}), "127.0.0.1", "scripts.benches.bare:make()")
    other = made.run("bare", *command)
    made.wait_for("the bare view", other, lambda: _listens(f"http://127.0.0.1:{port}/"))
    url = f"{settings.public_url}/webhooks/sms"
    order = Order(settings.port, url, settings.twilio_auth_token, LINE, WORDS, [], 0.0)
    return Rivals(made, order, port)


def tell(turn: int, ours: Answer, theirs: Answer) -> None:
    """A word of progress."""
    words = f"ours {ours.per_second:.0f}/s, bare {theirs.per_second:.0f}/s"
    cpu = f"generator {ours.cpu:.0%} and {theirs.cpu:.0%} of a core"
    print(f"  round {turn + 1}: {words} ({cpu})", file=sys.stderr, flush=True)


def check(database: Database, requests: int) -> None:
    """Every text that was answered was kept and understood; SystemExit otherwise."""
    with database.read() as conn:
        kept = conn.scalar(select(func.count()).select_from(inbounds)) or 0
        joined = conn.scalar(select(func.count()).where(people.c.is_member, people.c.check_in_minute == 20 * 60)) or 0
    if kept < requests or joined < requests / len(WORDS) * 0.9 - CONNECTIONS:
        raise SystemExit(f"{requests} texts were answered, {kept} kept, {joined} members joined: that does not count.")


def latency(of: list[Answer], per_cent: float) -> float:
    """Milliseconds: the percentile of each round, the median of the rounds."""
    return median(percentile(one.latencies, per_cent) for one in of)


def figures(full: list[Answer], paced: list[Answer]) -> dict[str, float]:
    """What is said of one of the two."""
    found = medians({"per_second": one.per_second, "generator_cpu": one.cpu} for one in full)
    names: list[tuple[str, list[Answer]]] = [("", full), ("paced_", paced)]
    latencies = {f"{name}p{p}_ms": latency(of, p) for name, of in names for p in (50, 99)}
    return found | latencies | {"paced_per_second": median(one.per_second for one in paced)}


def judged(ours: list[Answer], theirs: list[Answer], ours_paced: list[Answer], theirs_paced: list[Answer]) -> Outcome:
    """The figures and the bars of the issue."""
    mine, bare_ones = figures(ours, ours_paced), figures(theirs, theirs_paced)
    ratio = mine["per_second"] / bare_ones["per_second"]
    bars = [
        Bar("requests per second ÷ the bare view's", ratio, ">=", 0.30),
        Bar("p99 at full load ÷ the bare view's", mine["p99_ms"] / bare_ones["p99_ms"], "<=", 3),
        Bar("p99 at an equal rate ÷ the bare view's", mine["paced_p99_ms"] / bare_ones["paced_p99_ms"], "<=", 3),
    ]
    series = {"ours": [one.per_second for one in ours], "bare": [one.per_second for one in theirs]}
    notes = [f"{CONNECTIONS} kept-alive connections, each another member; no worker drains while it is measured"]
    return Outcome(mine, bars, bare_ones, ratio, series, notes)


def _listens(url: str) -> bool:
    from urllib.error import HTTPError
    from urllib.request import urlopen

    try:
        urlopen(url, timeout=2).close()  # noqa: S310  # our own loopback address
    except HTTPError:
        return True
    except OSError:
        return False
    return True
