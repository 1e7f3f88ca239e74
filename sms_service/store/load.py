"""How much each line must carry when: messages already owed for later, and questions that will be asked."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, bindparam, func, select

from sms_service.domain.words import LineId
from sms_service.store.outbox import live, outbox
from sms_service.store.people import people
from sms_service.store.programs import lines, programs
from sms_service.store.wakes import wakes

ASKED = ("check_in", "suits", "referral")
"""Kinds of wake that become one text to their owner, of one segment (`flows check` holds automatic ones to it)."""

_LINES = (
    select(lines.c.id, lines.c.program_id, lines.c.rate, programs.c.slug, programs.c.zone)
    .join_from(lines, programs, programs.c.id == lines.c.program_id)
    .order_by(lines.c.id)
)
_QUESTIONS = (
    select(people.c.line_id, wakes.c.due_at, func.count().label("segments"))
    .join_from(wakes, people, and_(people.c.program_id == wakes.c.program_id, people.c.id == wakes.c.owner_id))
    .where(
        wakes.c.program_id == bindparam("program_id"), wakes.c.due_at >= bindparam("since"),
        wakes.c.due_at < bindparam("until"), wakes.c.kind.in_(ASKED), people.c.state == "active",
    )
    .group_by(people.c.line_id, wakes.c.due_at)
)  # fmt: skip
_LATER = (
    select(outbox.c.line_id, outbox.c.due_at, func.sum(outbox.c.segments).label("segments"))
    .where(
        outbox.c.program_id == bindparam("program_id"), live(outbox), outbox.c.state == "due",
        outbox.c.due_at < bindparam("until"),
    )
    .group_by(outbox.c.line_id, outbox.c.due_at)
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class LineLoad:
    """A line, how many segments it carries a second, and what is due on it: (moment, segments), in order."""

    line_id: LineId
    slug: str
    zone: str
    rate: float
    due: tuple[tuple[datetime, int], ...]


def loads(conn: Connection, since: datetime, until: datetime) -> list[LineLoad]:
    """Every line with what is due on it between these moments; what is overdue counts as due at `since`."""
    known = list(conn.execute(_LINES))
    first: dict[int, int] = {}
    for line in known:
        first.setdefault(line.program_id, line.id)
    due: dict[int, list[tuple[datetime, int]]] = {line.id: [] for line in known}
    for program_id, line_id in first.items():
        for row in _rows(conn, program_id, since, until):
            due.get(row.line_id, due[line_id]).append((max(row.due_at, since), int(row.segments)))
    return [LineLoad(one.id, one.slug, one.zone, one.rate, tuple(sorted(due[one.id]))) for one in known]


def _rows(conn: Connection, program_id: int, since: datetime, until: datetime) -> Iterator[Any]:
    given = {"program_id": program_id, "until": until}
    yield from conn.execute(_QUESTIONS, given | {"since": since})
    yield from conn.execute(_LATER, given)
