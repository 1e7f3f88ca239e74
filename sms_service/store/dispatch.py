"""Working the outbox off: which rows may go now, under a lease, and the state they are then put in."""

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
from sms_service.store.outbox import live, outbox
from sms_service.store.people import people
from sms_service.store.programs import programs

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


PAGE = 100
"""Rows looked at in one go for those that may go."""
_DUE = (
    outbox.c.program_id == bindparam("program_id"),
    outbox.c.lane == bindparam("lane"),
    outbox.c.line_id.in_(bindparam("lines", expanding=True)),
    live(outbox),
    outbox.c.state == "due",
    outbox.c.due_at <= bindparam("now"),
)
DUE = (
    select(outbox.c.id, outbox.c.person_id, outbox.c.due_at)
    .where(*_DUE)
    .order_by(outbox.c.due_at, outbox.c.id)
    .limit(PAGE)
)
DUE_AFTER = DUE.where(
    outbox.c.due_at >= bindparam("last_due_at"),
    or_(outbox.c.due_at > bindparam("last_due_at"), outbox.c.id > bindparam("last_id")),
)
OWED_TO = select(outbox.c.id, outbox.c.person_id, outbox.c.lane, outbox.c.state).where(
    outbox.c.program_id == bindparam("program_id"),
    outbox.c.person_id.in_(bindparam("people", expanding=True)),
    live(outbox),
    outbox.c.lane <= bindparam("lane"),
    or_(
        outbox.c.state == "sending",
        and_(outbox.c.state == "due", or_(outbox.c.due_at <= bindparam("now"), outbox.c.tries > 0)),
    ),
)
READY = (
    select(
        *(outbox.c[name] for name in Ready.__slots__[:16]),
        people.c.number, people.c.state.label("person_state"), people.c.state_at.label("person_state_at"),
        people.c.safe, people.c.zone, people.c.country,
    )
    .join_from(outbox, people, and_(people.c.program_id == outbox.c.program_id, people.c.id == outbox.c.person_id))
    .where(
        outbox.c.program_id == bindparam("program_id"),
        outbox.c.id.in_(bindparam("ids", expanding=True)),
        outbox.c.state == "due",
    )
    .order_by(outbox.c.due_at, outbox.c.id)
    .with_for_update(skip_locked=True, of=outbox)
)  # fmt: skip
_LEASE = (
    update(outbox)
    .where(outbox.c.program_id == bindparam("b_program_id"), outbox.c.id == bindparam("b_id"))
    .values(state="sending", lease_until=bindparam("b_lease_until"), tries=outbox.c.tries + 1, looks=0)
)
_GIVE_BACK = (
    update(outbox)
    .where(
        outbox.c.program_id == bindparam("b_program_id"),
        outbox.c.id == bindparam("b_id"),
        outbox.c.state == "sending",
        outbox.c.tries == bindparam("b_tries") + 1,
    )
    .values(state="due", lease_until=None, tries=outbox.c.tries - 1)
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
WAITING = select(programs.c.id).where(
    exists().where(
        outbox.c.program_id == programs.c.id,
        outbox.c.lane == bindparam("lane"),
        live(outbox),
        outbox.c.state == "due",
        outbox.c.due_at <= bindparam("now"),
    )
)


def waiting_programs(conn: Connection, lane: Lane, now: datetime) -> set[ProgramId]:
    """The programs with rows of this lane due."""
    return set(conn.scalars(WAITING, {"lane": LANES.index(lane), "now": now}))


def waiting_lanes(conn: Connection, now: datetime) -> set[Lane]:
    """The lanes with rows due."""
    return {lane for lane in LANES if waiting_programs(conn, lane, now)}


def heads(
    conn: Connection, program_id: ProgramId, lane: Lane, free: Sequence[LineId], now: datetime, most: int
) -> list[Ready]:
    """Of each person the one message of this lane that comes next, oldest due first; locked on PostgreSQL.

    Only of the lines that are `free`: a busy one with many rows must not stand before the others. Where no key
    opens its words or number they are empty: one broken row must not keep the lane from being sent.
    """
    known: dict[str, Any] = {"program_id": program_id, "lane": LANES.index(lane), "lines": free, "now": now}
    ids: list[OutboxId] = []
    page = conn.execute(DUE, known).all() if free else []
    while page:
        firsts = firsts_of(conn, known, {row.person_id for row in page})
        ids += [row.id for row in page if firsts.get(row.person_id) == row.id]
        if len(ids) >= most or len(page) < PAGE:
            break
        page = conn.execute(DUE_AFTER, known | {"last_due_at": page[-1].due_at, "last_id": page[-1].id}).all()
    if not ids:
        return []
    return [Ready(**row._mapping) for row in conn.execute(READY, {"program_id": program_id, "ids": ids[:most]})]


def firsts_of(conn: Connection, known: dict[str, Any], whom: set[PersonId]) -> dict[PersonId, OutboxId]:
    """Each person's message of the lane that comes next; nobody's who has one under way, or a more urgent one due.

    Asked person by person in one statement of its own: in one with the rows that are due PostgreSQL compares all rows
    with all while its statistics are old.
    """
    lane = known["lane"]
    firsts: dict[PersonId, OutboxId] = {}
    busy: set[PersonId] = set()
    asked = {"program_id": known["program_id"], "lane": lane, "now": known["now"], "people": list(whom)}
    for row in conn.execute(OWED_TO, asked):
        if row.state == "sending" or row.lane < lane:
            busy.add(row.person_id)
        else:
            firsts[row.person_id] = min(row.id, firsts.get(row.person_id, row.id))
    return {person: first for person, first in firsts.items() if person not in busy}


def lease(conn: Connection, taken: Iterable[Ready], now: datetime) -> None:
    """These are being sent; whoever dies over it leaves them to the sweep."""
    rows = [{"b_program_id": r.program_id, "b_id": r.id, "b_lease_until": now + LEASE} for r in taken]
    if rows:
        conn.execute(_LEASE, rows)


def give_back(conn: Connection, never_tried: Iterable[Ready]) -> None:
    """These were leased and not even begun: due again at once, and no try was made."""
    rows = [{"b_program_id": r.program_id, "b_id": r.id, "b_tries": r.tries} for r in never_tried]
    if rows:
        conn.execute(_GIVE_BACK, rows)


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
