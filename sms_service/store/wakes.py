"""Wakes: everything due later, one row each, keyed `kind:owner[:n]`."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Index,
    Integer,
    Select,
    String,
    Table,
    UniqueConstraint,
    bindparam,
    case,
    delete,
    func,
    select,
    update,
)

from sms_service.domain.words import ProgramId
from sms_service.store.cases import cases
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
    Index("ix_wakes_program_id_kind_due_at", "program_id", "kind", "due_at"),
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

    @property
    def cause(self) -> str:
        """What the messages that it causes are owed for: the same alarm never owes one twice."""
        return f"wake:{self.key}:{self.turn}:{int(self.due_at.timestamp())}"

    def is_late(self, now: datetime) -> bool:
        """Whether it came too late for its own good."""
        return self.until_at is not None and now > self.until_at


FIRST = ("ladder", "comfort")
"""What finds a person for somebody in need, and what the one in need hears meanwhile, rings before all else."""

_SET = InsertOrSet(wakes, ["program_id", "key"], ["owner_id", "turn", "due_at", "until_at"])
_DUE = (
    select(*(wakes.c[name] for name in Wake.__slots__))
    .where(wakes.c.program_id == bindparam("program_id"), wakes.c.due_at <= bindparam("now"))
    .limit(bindparam("most"))
)
DUE = _DUE.where(wakes.c.kind != bindparam("but")).order_by(
    case((wakes.c.kind.in_(FIRST), 0), else_=1), wakes.c.due_at, wakes.c.id
)
_ANY_DUE = (
    select(wakes.c.id)
    .where(
        wakes.c.program_id == bindparam("program_id"),
        wakes.c.kind == bindparam("kind"),
        wakes.c.due_at <= bindparam("now"),
    )
    .limit(1)
)
_LIVE_CASES = select(cases.c.id).where(cases.c.program_id == bindparam("program_id"), cases.c.state != "closed")
DUE_FOR = _DUE.where(wakes.c.key.in_(bindparam("keys", expanding=True))).order_by(wakes.c.due_at)
DUE_OF_KIND = (
    _DUE.where(wakes.c.kind == bindparam("kind")).order_by(wakes.c.due_at, wakes.c.id).with_for_update(skip_locked=True)
)
_TAKE = delete(wakes).where(
    wakes.c.program_id == bindparam("b_program_id"),
    wakes.c.key == bindparam("b_key"),
    wakes.c.turn == bindparam("b_turn"),
    wakes.c.due_at == bindparam("b_due_at"),
)
_TAKE_ALL = (
    delete(wakes)
    .where(
        wakes.c.program_id == bindparam("program_id"),
        wakes.c.key.in_(bindparam("keys", expanding=True)),
        wakes.c.due_at <= bindparam("now"),
    )
    .returning(wakes.c.key)
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


def due_wakes(conn: Connection, program_id: ProgramId, now: datetime, most: int, but: str = "") -> list[Wake]:
    """What is due, without the kind `but`: ladders first, then the longest overdue."""
    return _read(conn, DUE, program_id, now, most, but=but)


def due_of_cases(conn: Connection, program_id: ProgramId, now: datetime, most: int) -> list[Wake]:
    """What is due about cases that are not closed; cheap however much else is due."""
    live = conn.scalars(_LIVE_CASES, {"program_id": program_id})
    keys = [f"{kind}:{case_id}" for case_id in live for kind in FIRST]
    return _read(conn, DUE_FOR, program_id, now, most, keys=keys) if keys else []


def is_any_due(conn: Connection, program_id: ProgramId, kind: str, now: datetime) -> bool:
    """Whether anything of a kind is due."""
    return conn.scalar(_ANY_DUE, {"program_id": program_id, "kind": kind, "now": now}) is not None


def lock_due(conn: Connection, program_id: ProgramId, kind: str, now: datetime, most: int) -> list[Wake]:
    """What is due of a kind, the longest overdue first, kept from every other ticker; what one has is left out."""
    return _read(conn, DUE_OF_KIND, program_id, now, most, kind=kind)


def _read(
    conn: Connection, due: Select[Any], program_id: ProgramId, now: datetime, most: int, **more: Any
) -> list[Wake]:  # fmt: skip
    return [Wake(*row) for row in conn.execute(due, {"program_id": program_id, "now": now, "most": most, **more})]


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


def take_wakes(conn: Connection, program_id: ProgramId, keys: list[str], now: datetime) -> set[str]:
    """Many at once: the keys of those that are this transaction's to act on."""
    return set(conn.scalars(_TAKE_ALL, {"program_id": program_id, "keys": keys, "now": now})) if keys else set()


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
