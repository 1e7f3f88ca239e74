"""What a watcher wants to know, counted in SQL when it asks: so that every process is in it."""

from collections.abc import Iterable
from datetime import datetime

from prometheus_client.core import GaugeMetricFamily
from sqlalchemy import Connection, func, select

from sms_service.domain.words import LANES
from sms_service.store.cases import cases
from sms_service.store.outbox import outbox
from sms_service.store.wakes import wakes

LIVE = (
    select(outbox.c.lane, outbox.c.state, func.count().label("n"), func.min(outbox.c.due_at).label("oldest"))
    .where(outbox.c.state.in_(("due", "sending", "unsure")))
    .group_by(outbox.c.lane, outbox.c.state)
)
CASES = (
    select(cases.c.kind, cases.c.state, func.count().label("n"))
    .where(cases.c.state != "closed")
    .group_by(cases.c.kind, cases.c.state)
)
OVERDUE = select(func.min(wakes.c.due_at))


def measure(conn: Connection, now: datetime) -> Iterable[GaugeMetricFamily]:
    """Messages owed by lane and state, how long the oldest has been due, open cases, the wake most overdue."""
    owed = GaugeMetricFamily("sms_service_messages", "Messages not settled yet.", labels=["lane", "state"])
    late = GaugeMetricFamily(
        "sms_service_oldest_due_seconds", "How long the oldest due message waits.", labels=["lane"]
    )
    for row in conn.execute(LIVE):
        owed.add_metric([LANES[row.lane], row.state], row.n)
        if row.state == "due":
            late.add_metric([LANES[row.lane]], max(0.0, (now - row.oldest).total_seconds()))
    waiting = GaugeMetricFamily("sms_service_open_cases", "Cases that are not closed.", labels=["kind", "state"])
    for row in conn.execute(CASES):
        waiting.add_metric([row.kind, row.state], row.n)
    overdue = GaugeMetricFamily("sms_service_wake_overdue_seconds", "How late the most overdue wake is.")
    first = conn.scalar(OVERDUE)
    overdue.add_metric([], max(0.0, (now - first).total_seconds()) if first else 0.0)
    return (owed, late, waiting, overdue)
