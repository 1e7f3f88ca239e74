"""What a watcher wants to know, counted in SQL when it asks: so that every process is in it. No numbers, no words."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import get_args

from prometheus_client.core import GaugeMetricFamily
from sqlalchemy import Connection

from sms_service.carrier.codes import treatment
from sms_service.domain.words import LANES, CaseKind, Level
from sms_service.services.alert import PREFIX, Told
from sms_service.services.hold import HOLDABLE, held
from sms_service.services.watch import TICKED
from sms_service.store import condition, tally
from sms_service.store.marks import marks_under, read_mark

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def measure(conn: Connection, now: datetime) -> Iterable[GaugeMetricFamily]:
    """Every gauge of the service; ages are seconds."""
    yield from _owed(conn, now)
    yield from _cases(conn, now)
    wakes = tally.overdue_wakes(conn, now)
    yield one("wakes_overdue", "Wakes that are due and have not fired.", wakes.count)
    yield one("wake_overdue_seconds", "How late the most overdue wake is.", _age(now, wakes.oldest))
    heard = tally.heard(conn, now - MINUTE)
    yield many(
        "inbound_last_minute", "Texts received in the last minute, by what triage made of them.", "level",
        {level: heard.get(level, 0) for level in get_args(Level)},
    )  # fmt: skip
    yield _outcomes(conn, now)
    on_hold = held(conn)
    yield many("hold", "1 while an operator holds the lane.", "lane", {lane: int(lane in on_hold) for lane in HOLDABLE})
    ticked = read_mark(conn, TICKED)
    if ticked is not None:
        at = datetime.fromisoformat(ticked)
        yield one("ticker_seconds", "Since when no ticker was seen at work.", _age(now, at))
    told = Counter(Told.from_mark(mark).kind for mark in marks_under(conn, PREFIX).values())
    yield many("unwell", "What the operator was alerted of and is not mended.", "kind", told)


def _owed(conn: Connection, now: datetime) -> Iterator[GaugeMetricFamily]:
    owed = GaugeMetricFamily("sms_service_messages", "Messages not settled yet.", labels=["lane", "state"])
    late: dict[str, float] = dict.fromkeys(LANES, 0.0)
    for row in condition.owed(conn):
        owed.add_metric([row.lane, row.state], row.count)
        if row.state == "due":
            late[row.lane] = _age(now, row.oldest)
    yield owed
    yield many("oldest_due_seconds", "How long the oldest due message waits.", "lane", late)


def _cases(conn: Connection, now: datetime) -> Iterator[GaugeMetricFamily]:
    waiting = GaugeMetricFamily("sms_service_open_cases", "Cases that are not closed.", labels=["kind", "state"])
    oldest = dict.fromkeys(get_args(CaseKind), 0.0)
    for row in tally.open_cases(conn):
        waiting.add_metric([row.kind, row.state], row.n)
        if row.state == "open":
            oldest[row.kind] = _age(now, row.oldest)
    yield waiting
    yield many("oldest_unclaimed_case_seconds", "How long the oldest case has waited for somebody.", "kind", oldest)
    taken = tally.claims(conn, now - DAY)
    yield many("claims_last_day", "Cases taken in the last 24 hours.", "kind", Counter(row.kind for row in taken))
    slowest: dict[str, float] = {}
    for row in taken:
        slowest[row.kind] = max(slowest.get(row.kind, 0.0), _age(row.claimed_at, row.rose_at))
    yield many("slowest_claim_seconds", "The longest wait of a case taken in the last 24 hours.", "kind", slowest)


def _outcomes(conn: Connection, now: datetime) -> GaugeMetricFamily:
    family = GaugeMetricFamily(
        "sms_service_outcomes_last_hour", "What became of messages in the last hour, failures by what their code asks.",
        labels=["state", "reason"],
    )  # fmt: skip
    counted: Counter[tuple[str, str]] = Counter()
    for row in tally.outcomes(conn, now - HOUR):
        reason = str(treatment(row.error_code).reason) if row.state == "failed" else ""
        counted[row.state, reason] += row.n
    for (state, reason), count in sorted(counted.items()):
        family.add_metric([state, reason], count)
    return family


def one(name: str, what: str, value: float) -> GaugeMetricFamily:
    """A gauge without labels."""
    return GaugeMetricFamily(f"sms_service_{name}", what, value=value)


def many(name: str, what: str, label: str, values: Mapping[str, float]) -> GaugeMetricFamily:
    """A gauge with one label."""
    family = GaugeMetricFamily(f"sms_service_{name}", what, labels=[label])
    for key, value in sorted(values.items()):
        family.add_metric([key], value)
    return family


def _age(now: datetime, since: datetime | None) -> float:
    return 0.0 if since is None else max(0.0, (now - since).total_seconds())
