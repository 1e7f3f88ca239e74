"""Wakes: everything due later, one row each, keyed `kind:owner[:n]`."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    Column,
    Connection,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
    bindparam,
    delete,
    func,
    select,
    update,
)

from sms_service.domain.words import ProgramId
from sms_service.store.types import Big, UtcDateTime, identity, metadata
from sms_service.store.upsert import InsertOrSet

wakes = Table(
    "wakes",
    metadata,
    identity(),
    Column("program_id", Big, nullable=False),
    Column("key", String(60), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("owner_id", Big, nullable=False),  # a conversation, a person or a case, by kind
    Column("turn", Integer, nullable=False),  # of the owner when this was set; another turn makes it stale
    Column("due_at", UtcDateTime, nullable=False),
    Column("until_at", UtcDateTime),  # later than this it does nothing; None: always
    UniqueConstraint("program_id", "key"),
    Index("ix_wakes_program_id_due_at", "program_id", "due_at"),
)


@dataclass(frozen=True, slots=True)
class Wake:
    """One thing due."""

    program_id: ProgramId
    key: str
    kind: str
    owner_id: int
    turn: int
    due_at: datetime
    until_at: datetime | None = None


_SET = InsertOrSet(wakes, ["program_id", "key"], ["owner_id", "turn", "due_at", "until_at"])
DUE = (
    select(*(wakes.c[name] for name in Wake.__slots__))
    .where(wakes.c.program_id == bindparam("program_id"), wakes.c.due_at <= bindparam("now"))
    .order_by(wakes.c.due_at)
    .limit(bindparam("most"))
)
_TAKE = delete(wakes).where(
    wakes.c.program_id == bindparam("b_program_id"),
    wakes.c.key == bindparam("b_key"),
    wakes.c.turn == bindparam("b_turn"),
    wakes.c.due_at == bindparam("b_due_at"),
)
_DROP = delete(wakes).where(wakes.c.program_id == bindparam("b_program_id"), wakes.c.key == bindparam("b_key"))
_REDATE = (
    update(wakes)
    .where(
        wakes.c.program_id == bindparam("b_program_id"),
        wakes.c.key == bindparam("b_key"),
        wakes.c.turn == bindparam("b_turn"),
    )
    .values(due_at=bindparam("b_due_at"))
)
_HASTEN = (
    update(wakes)
    .where(
        wakes.c.program_id == bindparam("b_program_id"),
        wakes.c.key == bindparam("b_key"),
        wakes.c.turn.between(bindparam("b_first"), bindparam("b_last")),
    )
    .values(due_at=bindparam("b_due_at"), turn=func.coalesce(bindparam("b_turn", type_=Integer), wakes.c.turn))
)


def set_wakes(conn: Connection, wanted: list[Wake]) -> None:
    """Sets alarms; one with the same key is moved."""
    if wanted:
        _SET(conn, [{name: getattr(wake, name) for name in Wake.__slots__} for wake in wanted])


def due_wakes(conn: Connection, program_id: ProgramId, now: datetime, most: int) -> list[Wake]:
    """What is due, the longest overdue first."""
    return [Wake(*row) for row in conn.execute(DUE, {"program_id": program_id, "now": now, "most": most})]


_KINDS = select(wakes.c.kind).where(
    wakes.c.program_id == bindparam("program_id"),
    wakes.c.key.in_(bindparam("keys", expanding=True)),
    wakes.c.due_at < bindparam("before"),
)


def kinds_due(conn: Connection, program_id: ProgramId, keys: list[str], before: datetime) -> list[str]:
    """Which of these alarms ring before then, by kind."""
    return list(conn.scalars(_KINDS, {"program_id": program_id, "keys": keys, "before": before}))


def take_wake(conn: Connection, wake: Wake) -> bool:
    """True for exactly one caller, in whose transaction the alarm is acted on."""
    done = conn.execute(
        _TAKE,
        {"b_program_id": wake.program_id, "b_key": wake.key, "b_turn": wake.turn, "b_due_at": wake.due_at},
    )
    return done.rowcount == 1


def drop_wake(conn: Connection, program_id: ProgramId, key: str) -> None:
    """Forgets an alarm."""
    conn.execute(_DROP, {"b_program_id": program_id, "b_key": key})


def redate_wakes(conn: Connection, moved: list[dict[str, object]]) -> None:
    """Moves alarms whose clock starts at hand-over; each: b_program_id, b_key, b_turn, b_due_at."""
    if moved:
        conn.execute(_REDATE, moved)


def hasten_wake(
    conn: Connection, program_id: ProgramId, key: str, now: datetime, turns: range, skip_to: int | None = None
) -> None:
    """An alarm of one of these turns rings now, as that turn or as `skip_to`; another is left alone."""
    known = {"b_program_id": program_id, "b_key": key, "b_due_at": now, "b_turn": skip_to}
    conn.execute(_HASTEN, known | {"b_first": turns.start, "b_last": turns.stop - 1})
