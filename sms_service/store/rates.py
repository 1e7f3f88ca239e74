"""How busy the lines are: until when with what they were handed, and until when bulk leaves them alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, select, update

from sms_service.domain.words import LANES, LineId, ProgramId
from sms_service.store.marks import read_mark, set_mark
from sms_service.store.outbox import live, outbox
from sms_service.store.programs import lines


@dataclass(frozen=True, slots=True)
class LineRate:
    """How fast a line may be handed messages, and since when it has nothing queued."""

    id: LineId
    number: str
    rate: float
    next_free_at: datetime


RATES = (
    select(lines.c.id, lines.c.number, lines.c.rate, lines.c.next_free_at)
    .where(lines.c.program_id == bindparam("program_id"))
    .with_for_update(key_share=True)
)
IN_DANGER = (
    select(outbox.c.line_id)
    .where(
        outbox.c.program_id == bindparam("program_id"),
        outbox.c.lane == LANES.index("urgent"),
        outbox.c.due_at <= bindparam("now"),
        live(outbox),
        outbox.c.state.in_(("due", "sending")),
    )
    .distinct()
)
_RATE = (
    update(lines)
    .where(lines.c.program_id == bindparam("b_program_id"), lines.c.id == bindparam("b_id"))
    .values(next_free_at=bindparam("b_next_free_at"))
)


def line_rates(conn: Connection, program_id: ProgramId) -> dict[LineId, LineRate]:
    """The lines of a program and when each may be handed more; on PostgreSQL one claimer at a time has them."""
    return {row.id: LineRate(*row) for row in conn.execute(RATES, {"program_id": program_id})}


def keep_rates(conn: Connection, program_id: ProgramId, free_at: Mapping[LineId, datetime]) -> None:
    """Notes until when each line is busy with what it was handed."""
    if free_at:
        conn.execute(
            _RATE,
            [{"b_program_id": program_id, "b_id": line, "b_next_free_at": at} for line, at in free_at.items()],
        )


def lines_in_danger(conn: Connection, program_id: ProgramId, now: datetime) -> set[LineId]:
    """The lines that something urgent is about to leave by, or is leaving by."""
    return set(conn.scalars(IN_DANGER, {"program_id": program_id, "now": now}))


def resting_until(conn: Connection, line_id: LineId) -> datetime | None:
    """Until when bulk leaves a slow line alone; None when it never used it."""
    known = read_mark(conn, f"bulk_rests:{line_id}")
    return datetime.fromisoformat(known) if known else None


def keep_resting(conn: Connection, until: Mapping[LineId, datetime]) -> None:
    """Notes until when bulk leaves slow lines alone."""
    for line_id, at in until.items():
        set_mark(conn, f"bulk_rests:{line_id}", at.isoformat())
