"""What one turn needs to know of a person, read and locked in one statement."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, and_, bindparam, exists, func, or_, select

from sms_service.domain.words import Channel, ProgramId
from sms_service.store.cases import cases
from sms_service.store.conversations import FIELDS, Conversation, conversations
from sms_service.store.inbounds import inbounds
from sms_service.store.people import COLUMNS, LAST_MOOD, LAST_MOOD_AT, Person, people, person_of
from sms_service.store.sealing import keyring


@dataclass(frozen=True, slots=True)
class Who:
    """A person, their last mood, and where they are in conversation."""

    person: Person
    last_mood: int | None
    last_mood_at: datetime | None
    has_cases: bool
    texts_of_5_min: int
    last_heard_at: datetime | None
    open: Conversation | None
    parked: Conversation | None


_mine = inbounds.alias("mine")
_TEXTS = (
    select(func.count())
    .select_from(_mine)
    .where(
        _mine.c.program_id == people.c.program_id,
        _mine.c.person_id == people.c.id,
        _mine.c.received_at > bindparam("since_5_min"),
    )
    .scalar_subquery()
)
_LAST_HEARD = (
    select(func.max(_mine.c.received_at))
    .where(_mine.c.program_id == people.c.program_id, _mine.c.person_id == people.c.id)
    .scalar_subquery()
)
_CASES = exists().where(
    cases.c.program_id == people.c.program_id,
    cases.c.member_id == people.c.id,
    or_(cases.c.state != "closed", cases.c.closed_at > bindparam("since_24_h")),
)
_LIVE = and_(
    conversations.c.program_id == people.c.program_id,
    conversations.c.person_id == people.c.id,
    conversations.c.channel == bindparam("channel"),
    conversations.c.status.in_(("open", "parked")),
)
_WHO = (
    select(
        *COLUMNS,
        LAST_MOOD.label("last_mood"),
        LAST_MOOD_AT.label("last_mood_at"),
        _CASES.label("has_cases"),
        _TEXTS.label("texts_of_5_min"),
        _LAST_HEARD.label("last_heard_at"),
        *(column.label(f"c_{column.name}") for column in FIELDS),
    )
    .outerjoin_from(people, conversations, _LIVE)
    .where(people.c.program_id == bindparam("program_id"))
    .with_for_update(of=people)
)
BY_NUMBER = _WHO.where(people.c.lookup.in_(bindparam("lookups", expanding=True)))
BY_ID = _WHO.where(people.c.id == bindparam("person_id"))


def who_wrote(conn: Connection, program_id: ProgramId, number: str, channel: Channel, now: datetime) -> Who | None:
    """The person with this number, locked until the end of the transaction; None: a stranger."""
    lookups = keyring().find_under(program_id, number)
    return _who(conn.execute(BY_NUMBER, _asked(program_id, channel, now) | {"lookups": lookups}).all())


def who_is(conn: Connection, program_id: ProgramId, person_id: int, channel: Channel, now: datetime) -> Who:
    """The person with this id, locked; an error when there is none."""
    found = _who(conn.execute(BY_ID, _asked(program_id, channel, now) | {"person_id": person_id}).all())
    assert found is not None, f"no person {person_id}"
    return found


def _asked(program_id: ProgramId, channel: Channel, now: datetime) -> dict[str, Any]:
    return {
        "program_id": program_id, "channel": channel, "since_5_min": now - timedelta(minutes=5),
        "since_24_h": now - timedelta(hours=24),
    }  # fmt: skip


def _who(rows: Any) -> Who | None:
    if not rows:
        return None
    first = rows[0]
    live = {
        row.c_status: Conversation(row.c_id, row.c_status, row.c_place, row.c_turn, row.c_asked_at)
        for row in rows
        if row.c_id is not None
    }
    return Who(
        person_of(first), first.last_mood, first.last_mood_at, bool(first.has_cases), first.texts_of_5_min,
        first.last_heard_at, live.get("open"), live.get("parked"),
    )  # fmt: skip
