"""Messages that were handed over and whose end is not known: leases that ran out, unsure ones, callbacks."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, bindparam, or_, select, update

from sms_service.domain.words import OutboxId, PersonId, ProgramId, Why
from sms_service.store.outbox import live, outbox
from sms_service.store.people import people
from sms_service.store.programs import lines


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A message whose sender vanished over it."""

    id: OutboxId
    program_id: ProgramId
    person_id: PersonId
    why: Why
    case_id: int | None
    conversation_id: int | None
    turn: int | None
    silence_s: int | None


_BY_ID = select(
    outbox.c.id, outbox.c.program_id, outbox.c.person_id, outbox.c.state, outbox.c.sid, outbox.c.due_at,
    outbox.c.why, outbox.c.tries, outbox.c.case_id, outbox.c.settled_at,
).where(outbox.c.id == bindparam("outbox_id"))  # fmt: skip
EXPIRED = select(*(outbox.c[name] for name in Unfinished.__slots__)).where(
    live(outbox), outbox.c.state == "sending", outbox.c.lease_until < bindparam("now")
)
_URGENT = outbox.c.why.in_(("crisis", "page"))
_RIPE = or_(
    and_(outbox.c.looks == 0, _URGENT, outbox.c.settled_at <= bindparam("urgent_since")),
    and_(outbox.c.looks == 0, ~_URGENT, outbox.c.settled_at <= bindparam("others_since")),
    and_(outbox.c.looks > 0, outbox.c.settled_at <= bindparam("looked_at")),
)
UNSURE = (
    select(
        outbox.c.id, outbox.c.program_id, outbox.c.person_id, outbox.c.line_id, outbox.c.body, outbox.c.why,
        outbox.c.looks, outbox.c.settled_at, outbox.c.born_at, outbox.c.expires_at, outbox.c.tries, people.c.number,
        lines.c.number.label("line_number"),
    )
    .join_from(outbox, people, and_(people.c.program_id == outbox.c.program_id, people.c.id == outbox.c.person_id))
    .join(lines, and_(lines.c.program_id == outbox.c.program_id, lines.c.id == outbox.c.line_id))
    .where(live(outbox), outbox.c.state == "unsure", _RIPE)
    .order_by(outbox.c.lane, outbox.c.id)
    .limit(200)
)  # fmt: skip
_OWNED = select(outbox.c.sid).where(
    outbox.c.program_id == bindparam("program_id"), outbox.c.sid.in_(bindparam("sids", expanding=True))
)
_LOOKED = (
    update(outbox)
    .where(outbox.c.program_id == bindparam("b_program_id"), outbox.c.id == bindparam("b_id"))
    .values(looks=outbox.c.looks + 1, settled_at=bindparam("b_now"))
)


def message_by_id(conn: Connection, outbox_id: OutboxId) -> Any | None:
    """The row a status callback speaks of, or None."""
    return conn.execute(_BY_ID, {"outbox_id": outbox_id}).first()


def expired_leases(conn: Connection, now: datetime) -> list[Unfinished]:
    """Rows whose sender vanished over them."""
    return [Unfinished(*row) for row in conn.execute(EXPIRED, {"now": now})]


def unsure_messages(conn: Connection, urgent_since: datetime, others_since: datetime, looked_at: datetime) -> list[Any]:
    """Rows that may have reached Twilio and whose next look is due: in doubt, or last looked for, before these.

    200 at a time, the most urgent first. Those whose time has not come must not stand before those whose has.
    """
    return list(
        conn.execute(UNSURE, {"urgent_since": urgent_since, "others_since": others_since, "looked_at": looked_at})
    )


def owned_sids(conn: Connection, program_id: ProgramId, sids: list[str]) -> set[str]:
    """Which of these SIDs a row of the program already has."""
    return set(conn.scalars(_OWNED, {"program_id": program_id, "sids": sids})) if sids else set()


def looked(conn: Connection, program_id: ProgramId, outbox_id: OutboxId, now: datetime) -> None:
    """Twilio's list was searched once more."""
    conn.execute(_LOOKED, {"b_program_id": program_id, "b_id": outbox_id, "b_now": now})
