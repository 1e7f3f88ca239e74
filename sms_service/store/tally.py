"""Counts for a watcher, of the newest rows only, so that asking costs the same however much was kept."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, func, select

from sms_service.store.cases import cases
from sms_service.store.condition import OPEN_CASE
from sms_service.store.inbounds import inbounds
from sms_service.store.outbox import outbox
from sms_service.store.wakes import wakes

NEWEST = 5000
"""Rows looked at: more than a busy minute holds."""

_LATEST_IN = select(inbounds.c.level, inbounds.c.received_at).order_by(inbounds.c.id.desc()).limit(NEWEST).subquery()
_HEARD = (
    select(_LATEST_IN.c.level, func.count().label("n"))
    .where(_LATEST_IN.c.received_at > bindparam("since"))
    .group_by(_LATEST_IN.c.level)
)
_LATEST_OUT = (
    select(outbox.c.lane, outbox.c.state, outbox.c.error_code, outbox.c.settled_at)
    .order_by(outbox.c.id.desc())
    .limit(NEWEST)
    .subquery()
)
_SENT = (
    select(_LATEST_OUT.c.state, _LATEST_OUT.c.error_code, func.count().label("n"))
    .where(_LATEST_OUT.c.settled_at > bindparam("since"))
    .group_by(_LATEST_OUT.c.state, _LATEST_OUT.c.error_code)
)
_LATEST_CASES = (
    select(cases.c.kind, cases.c.rose_at, cases.c.claimed_at).order_by(cases.c.id.desc()).limit(NEWEST).subquery()
)
_CLAIMS = select(_LATEST_CASES.c.kind, _LATEST_CASES.c.rose_at, _LATEST_CASES.c.claimed_at).where(
    _LATEST_CASES.c.claimed_at > bindparam("since")
)
_CASES = (
    select(cases.c.kind, cases.c.state, func.count().label("n"), func.min(cases.c.opened_at).label("oldest"))
    .where(OPEN_CASE)
    .group_by(cases.c.kind, cases.c.state)
)
_OVERDUE = select(func.count().label("n"), func.min(wakes.c.due_at).label("oldest")).where(
    wakes.c.due_at <= bindparam("now")
)


@dataclass(frozen=True, slots=True)
class Overdue:
    """Wakes due by now: how many, and since when the first."""

    count: int
    oldest: datetime | None


def heard(conn: Connection, since: datetime) -> dict[str, int]:
    """Texts received since then, by level, of the newest 5,000."""
    return {row.level: row.n for row in conn.execute(_HEARD, {"since": since})}


def outcomes(conn: Connection, since: datetime) -> list[Any]:
    """What became of messages since then (state, error_code, count), of the newest 5,000."""
    return list(conn.execute(_SENT, {"since": since}))


def claims(conn: Connection, since: datetime) -> list[Any]:
    """Cases taken since then: kind, rose_at, claimed_at."""
    return list(conn.execute(_CLAIMS, {"since": since}))


def open_cases(conn: Connection) -> list[Any]:
    """Cases not closed: kind, state, count, oldest (opened at)."""
    return list(conn.execute(_CASES))


def overdue_wakes(conn: Connection, now: datetime) -> Overdue:
    """What should have fired."""
    row = conn.execute(_OVERDUE, {"now": now}).one()
    return Overdue(row.n, row.oldest)
