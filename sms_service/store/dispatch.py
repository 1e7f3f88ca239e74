"""Working the outbox off: which rows may go now, under a lease, and what became of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, and_, bindparam, exists, func, or_, select, update

from sms_service.domain.words import (
    LANES,
    Lane,
    LineId,
    OutboxId,
    PersonId,
    PersonState,
    ProgramId,
    Safe,
    Why,
)
from sms_service.store.outbox import outbox
from sms_service.store.people import people
from sms_service.store.programs import lines

LEASE = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Ready:
    """One message that may go now, with what its last check needs."""

    id: OutboxId
    program_id: ProgramId
    person_id: PersonId
    line_id: LineId
    why: Why
    body: str
    segments: int
    tries: int
    born_at: datetime
    due_at: datetime
    expires_at: datetime
    case_id: int | None
    conversation_id: int | None
    turn: int | None
    silence_s: int | None
    chosen: bool
    number: str
    person_state: PersonState
    person_state_at: datetime
    safe: Safe
    zone: str
    country: str

    def __repr__(self) -> str:
        """An id only."""
        return f"<Ready {self.id}>"


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


@dataclass(frozen=True, slots=True)
class LineRate:
    """How fast a line may be handed messages, and since when it has nothing queued."""

    id: LineId
    number: str
    rate: float
    next_free_at: datetime


_first = outbox.alias("first")
_BLOCKED = exists().where(
    _first.c.program_id == outbox.c.program_id,
    _first.c.person_id == outbox.c.person_id,
    _first.c.id != outbox.c.id,
    or_(
        and_(_first.c.state == "sending", _first.c.lane <= outbox.c.lane),
        and_(
            _first.c.state == "due",
            or_(_first.c.due_at <= bindparam("now"), _first.c.tries > 0),
            or_(
                _first.c.lane < outbox.c.lane,
                and_(_first.c.lane == outbox.c.lane, _first.c.id < outbox.c.id),
            ),
        ),
    ),
)
HEADS = (
    select(
        *(outbox.c[name] for name in Ready.__slots__[:16]),
        people.c.number, people.c.state.label("person_state"), people.c.state_at.label("person_state_at"),
        people.c.safe, people.c.zone, people.c.country,
    )
    .join_from(outbox, people, and_(people.c.program_id == outbox.c.program_id, people.c.id == outbox.c.person_id))
    .where(
        outbox.c.program_id == bindparam("program_id"),
        outbox.c.lane == bindparam("lane"),
        outbox.c.line_id.in_(bindparam("lines", expanding=True)),
        outbox.c.state == "due",
        outbox.c.due_at <= bindparam("now"),
        ~_BLOCKED,
    )
    .order_by(outbox.c.due_at, outbox.c.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True, of=outbox)
)  # fmt: skip
RATES = (
    select(lines.c.id, lines.c.number, lines.c.rate, lines.c.next_free_at)
    .where(lines.c.program_id == bindparam("program_id"))
    .with_for_update(key_share=True)
)
_LEASE = (
    update(outbox)
    .where(outbox.c.program_id == bindparam("b_program_id"), outbox.c.id == bindparam("b_id"))
    .values(state="sending", lease_until=bindparam("b_lease_until"), tries=outbox.c.tries + 1, looks=0)
)
_RATE = (
    update(lines)
    .where(lines.c.program_id == bindparam("b_program_id"), lines.c.id == bindparam("b_id"))
    .values(next_free_at=bindparam("b_next_free_at"))
)
_PUT = (
    update(outbox)
    .where(
        outbox.c.program_id == bindparam("b_program_id"),
        outbox.c.id == bindparam("b_id"),
        or_(
            outbox.c.state == bindparam("b_was"),
            and_(bindparam("b_was") == "sending", outbox.c.state == "unsure"),  # a sender slower than its lease
        ),
    )
    .values(
        state=bindparam("b_state"), due_at=bindparam("b_due_at"),
        sid=func.coalesce(bindparam("b_sid"), outbox.c.sid),  # of the last try that got one
        error_code=bindparam("b_error_code"), settled_at=bindparam("b_settled_at"), lease_until=None,
    )
)  # fmt: skip
_BY_ID = select(
    outbox.c.id, outbox.c.program_id, outbox.c.person_id, outbox.c.state, outbox.c.sid, outbox.c.due_at,
    outbox.c.why, outbox.c.tries, outbox.c.case_id, outbox.c.settled_at,
).where(outbox.c.id == bindparam("outbox_id"))  # fmt: skip
WAITING = (
    select(outbox.c.program_id, outbox.c.lane)
    .where(outbox.c.state == "due", outbox.c.due_at <= bindparam("now"))
    .distinct()
)
EXPIRED = select(*(outbox.c[name] for name in Unfinished.__slots__)).where(
    outbox.c.state == "sending", outbox.c.lease_until < bindparam("now")
)
UNSURE = (
    select(
        outbox.c.id, outbox.c.program_id, outbox.c.person_id, outbox.c.line_id, outbox.c.body, outbox.c.why,
        outbox.c.looks, outbox.c.settled_at, outbox.c.born_at, outbox.c.expires_at, people.c.number,
        lines.c.number.label("line_number"),
    )
    .join_from(outbox, people, and_(people.c.program_id == outbox.c.program_id, people.c.id == outbox.c.person_id))
    .join(lines, and_(lines.c.program_id == outbox.c.program_id, lines.c.id == outbox.c.line_id))
    .where(outbox.c.state == "unsure")
    .order_by(outbox.c.lane, outbox.c.id)
    .limit(200)
)  # fmt: skip
_OWNED = select(outbox.c.sid).where(outbox.c.sid.in_(bindparam("sids", expanding=True)))
_LOOKED = (
    update(outbox)
    .where(outbox.c.program_id == bindparam("b_program_id"), outbox.c.id == bindparam("b_id"))
    .values(looks=outbox.c.looks + 1, settled_at=bindparam("b_now"))
)


def heads(
    conn: Connection, program_id: ProgramId, lane: Lane, free: Sequence[LineId], now: datetime, most: int
) -> list[Ready]:
    """Of each person the one message of this lane that comes next, oldest due first; locked on PostgreSQL.

    Only of the lines that are `free`: a busy one with many rows must not stand before the others. Where no key
    opens its words or number they are empty: one broken row must not keep the lane from being sent.
    """
    if not free:
        return []
    known = {"program_id": program_id, "lane": LANES.index(lane), "lines": free, "now": now, "most": most}
    found = conn.execute(HEADS, known)
    return [Ready(**row._mapping) for row in found]


def line_rates(conn: Connection, program_id: ProgramId) -> dict[LineId, LineRate]:
    """The lines of a program and when each may be handed more."""
    return {row.id: LineRate(*row) for row in conn.execute(RATES, {"program_id": program_id})}


def lease(conn: Connection, taken: Iterable[Ready], now: datetime) -> None:
    """These are being sent; whoever dies over it leaves them to the sweep."""
    rows = [{"b_program_id": r.program_id, "b_id": r.id, "b_lease_until": now + LEASE} for r in taken]
    if rows:
        conn.execute(_LEASE, rows)


def keep_rates(conn: Connection, program_id: ProgramId, free_at: dict[LineId, datetime]) -> None:
    """Notes until when each line is busy with what it was handed."""
    if free_at:
        conn.execute(
            _RATE,
            [{"b_program_id": program_id, "b_id": line, "b_next_free_at": at} for line, at in free_at.items()],
        )


@dataclass(frozen=True, slots=True)
class Put:
    """A row's new state, valid only when it was `was`."""

    program_id: ProgramId
    id: OutboxId
    was: str
    state: str
    due_at: datetime
    settled_at: datetime | None = None
    sid: str | None = None
    error_code: int | None = None


def put(conn: Connection, changes: list[Put]) -> int:
    """Moves rows from one state to the next; how many really moved (a row that moved before is left alone)."""
    if not changes:
        return 0
    done = conn.execute(_PUT, [{f"b_{name}": getattr(change, name) for name in Put.__slots__} for change in changes])
    return int(done.rowcount)


def message_by_id(conn: Connection, outbox_id: OutboxId) -> Any | None:
    """The row a status callback speaks of, or None."""
    return conn.execute(_BY_ID, {"outbox_id": outbox_id}).first()


def waiting_lanes(conn: Connection, now: datetime) -> set[Lane]:
    """The lanes with rows due."""
    return {LANES[row.lane] for row in conn.execute(WAITING, {"now": now})}


def expired_leases(conn: Connection, now: datetime) -> list[Unfinished]:
    """Rows whose sender vanished over them."""
    return [Unfinished(*row) for row in conn.execute(EXPIRED, {"now": now})]


def unsure_messages(conn: Connection) -> list[Any]:
    """Rows that may have reached Twilio."""
    return list(conn.execute(UNSURE))


def owned_sids(conn: Connection, sids: list[str]) -> set[str]:
    """Which of these SIDs a row of ours already has."""
    return set(conn.scalars(_OWNED, {"sids": sids})) if sids else set()


def looked(conn: Connection, program_id: ProgramId, outbox_id: OutboxId, now: datetime) -> None:
    """Twilio's list was searched once more."""
    conn.execute(_LOOKED, {"b_program_id": program_id, "b_id": outbox_id, "b_now": now})
