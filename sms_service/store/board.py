"""The board: what a coordinator of one program sees today. Reads only; no number and no words of a member."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Select, and_, bindparam, case, func, or_, select

from sms_service.domain.oncall import Shift, covers
from sms_service.domain.words import CaseKind, OutboxId, PersonId, PersonState, ProgramId, Why
from sms_service.store.cases import cases
from sms_service.store.inbounds import inbounds
from sms_service.store.outbox import outbox
from sms_service.store.people import LAST_MOOD_AT, people
from sms_service.store.rota import ROTA

MOST = 50
"""Rows of one list; a list that has more says so. Open cases are never cut."""
PROMPT = "wake:check_in:"
"""How the cause of a check-in prompt begins; its first message alone is counted."""
QUIET_PROMPTS, QUIET_FOR = 3, timedelta(days=7)
LAPSED_AFTER = timedelta(hours=8)
"""A prompt and its nudge have run out; until then nobody has missed anything."""
SENDS_OF, STRANGERS_OF, GONE_OF, PROMPTS_OF = (
    timedelta(hours=24),
    timedelta(hours=48),
    timedelta(days=7),
    timedelta(days=30),
)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A case that is not closed."""

    case_no: int
    kind: CaseKind
    state: str
    opened_at: datetime
    incident_at: datetime | None
    owner_id: PersonId | None
    owner_name: str | None


@dataclass(frozen=True, slots=True)
class WentWrong:
    """A message that did not go out, or may not have; `alike` counts those with the same state and code."""

    id: OutboxId
    state: str
    why: Why
    error_code: int | None
    at: datetime
    alike: int
    nth: int  # 1: the newest of those alike


@dataclass(frozen=True, slots=True)
class Quiet:
    """A member who leaves check-ins unanswered."""

    person_id: PersonId
    name: str
    answered_at: datetime | None
    prompts: int
    since: datetime


@dataclass(frozen=True, slots=True)
class Stranger:
    """Somebody who wrote and has not joined."""

    person_id: PersonId
    heard_at: datetime
    texts: int


@dataclass(frozen=True, slots=True)
class Gone:
    """Somebody who stopped, or whose number no longer takes texts."""

    person_id: PersonId
    name: str
    state: PersonState
    at: datetime


@dataclass(frozen=True, slots=True)
class OnCall:
    """Somebody on duty at this moment."""

    person_id: PersonId
    name: str
    role: str
    speaks: str  # "en,es"


@dataclass(frozen=True, slots=True)
class Board:
    """Everything on the page, each list in the order it should be looked at."""

    waiting: tuple[Waiting, ...]
    went_wrong: tuple[WentWrong, ...]
    quiet: tuple[Quiet, ...]
    strangers: tuple[Stranger, ...]
    gone: tuple[Gone, ...]
    on_call: tuple[OnCall, ...]


_owner = people.alias("owner")
WAITING: Select[Any] = (
    select(*(cases.c[name] for name in Waiting.__slots__[:-1]), _owner.c.name)
    .outerjoin(_owner, and_(_owner.c.program_id == cases.c.program_id, _owner.c.id == cases.c.owner_id))
    .where(cases.c.program_id == bindparam("program_id"), cases.c.state != "closed")
    .order_by(case((cases.c.kind == "crisis", 0), else_=1), cases.c.opened_at)
)


def _went_wrong() -> Select[Any]:
    at = outbox.c.settled_at
    alike = [outbox.c.state, func.coalesce(outbox.c.error_code, 0)]
    newest = [at.desc(), outbox.c.id.desc()]
    rows = (
        select(
            outbox.c.id, outbox.c.state, outbox.c.why, outbox.c.error_code, at.label("at"),
            func.count().over(partition_by=alike).label("alike"),
            func.row_number().over(partition_by=alike, order_by=newest).label("nth"),
            func.row_number().over(order_by=newest).label("place"),
        )
        .where(
            outbox.c.program_id == bindparam("program_id"),
            or_(
                and_(outbox.c.state.in_(("failed", "withheld", "expired")), at >= bindparam("sends_since")),
                outbox.c.state == "unsure",
            ),
        )
        .subquery()
    )  # fmt: skip
    return (
        select(*(rows.c[name] for name in WentWrong.__slots__))
        .where(or_(rows.c.place <= bindparam("most"), rows.c.nth == 1))
        .order_by(rows.c.place)
    )


WENT_WRONG = _went_wrong()
"""The newest, and at least one of each kind so that every count is seen."""


def _quiet() -> Select[Any]:
    asked = (
        select(people.c.program_id, people.c.id, people.c.name, LAST_MOOD_AT.label("answered_at"))
        .where(
            people.c.program_id == bindparam("program_id"),
            people.c.is_member,
            people.c.state == "active",
            people.c.check_in_minute.is_not(None),
            or_(people.c.paused_until.is_(None), people.c.paused_until <= bindparam("now")),
        )
        .subquery()
    )
    prompts, first = func.count(outbox.c.id), func.min(outbox.c.born_at)
    return (
        select(asked.c.id, asked.c.name, asked.c.answered_at, prompts, first)
        .join_from(
            asked,
            outbox,
            and_(
                outbox.c.program_id == asked.c.program_id,
                outbox.c.person_id == asked.c.id,
                outbox.c.born_at.between(bindparam("prompts_since"), bindparam("prompts_until")),
                or_(asked.c.answered_at.is_(None), outbox.c.born_at > asked.c.answered_at),
                outbox.c.state.in_(("sent", "delivered")),
                outbox.c.cause.startswith(PROMPT, autoescape=True),
                outbox.c.position == 0,
            ),
        )
        .group_by(asked.c.id, asked.c.name, asked.c.answered_at)
        .having(or_(prompts >= QUIET_PROMPTS, first <= bindparam("quiet_since")))
        .order_by(first, asked.c.id)
        .limit(bindparam("most"))
    )


QUIET = _quiet()
STRANGERS = (
    select(people.c.id, func.max(inbounds.c.received_at), func.count(inbounds.c.id))
    .join_from(
        people,
        inbounds,
        and_(inbounds.c.program_id == people.c.program_id, inbounds.c.person_id == people.c.id),
    )
    .where(
        people.c.program_id == bindparam("program_id"),
        people.c.state == "stranger",
        inbounds.c.received_at >= bindparam("strangers_since"),
    )
    .group_by(people.c.id)
    .order_by(func.max(inbounds.c.received_at).desc(), people.c.id)
    .limit(bindparam("most"))
)
GONE = (
    select(people.c.id, people.c.name, people.c.state, people.c.state_at)
    .where(
        people.c.program_id == bindparam("program_id"),
        people.c.state.in_(("stopped", "unreachable")),
        people.c.state_at >= bindparam("gone_since"),
    )
    .order_by(people.c.state_at.desc(), people.c.id)
    .limit(bindparam("most"))
)
ON_ROTA = ROTA.add_columns(people.c.name)


def read_board(conn: Connection, program_id: ProgramId, now: datetime) -> Board:
    """The board of one program at this moment, in six statements."""
    given = {
        "program_id": program_id,
        "now": now,
        "most": MOST + 1,
        "sends_since": now - SENDS_OF,
        "prompts_since": now - PROMPTS_OF,
        "prompts_until": now - LAPSED_AFTER,
        "quiet_since": now - QUIET_FOR,
        "strangers_since": now - STRANGERS_OF,
        "gone_since": now - GONE_OF,
    }
    return Board(
        waiting=tuple(Waiting(*row) for row in conn.execute(WAITING, given)),
        went_wrong=tuple(WentWrong(*row) for row in conn.execute(WENT_WRONG, given)),
        quiet=tuple(Quiet(*row) for row in conn.execute(QUIET, given)),
        strangers=tuple(Stranger(*row) for row in conn.execute(STRANGERS, given)),
        gone=tuple(Gone(*row) for row in conn.execute(GONE, given)),
        on_call=_on_call(conn, program_id, now),
    )


def _on_call(conn: Connection, program_id: ProgramId, now: datetime) -> tuple[OnCall, ...]:
    """Each once, in the order they are asked."""
    found: dict[tuple[PersonId, str], OnCall] = {}
    for row in conn.execute(ON_ROTA, {"program_id": program_id}):
        days = frozenset(day for day in range(7) if row.weekdays >> day & 1)
        on = covers(Shift(days, row.start, row.end, row.zone, row.always), now)
        if on and not (row.off_until and row.off_until > now):
            found.setdefault((row.person_id, row.role), OnCall(row.person_id, row.name, row.role, row.speaks))
    return tuple(found.values())
