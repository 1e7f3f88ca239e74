"""What planning needs to know of many persons at once: locked first, read after, each in one statement."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, Exists, and_, bindparam, exists, literal, or_, select, update

from sms_service.domain.words import Lang, LineId, PersonId, PersonState, ProgramId, Safe
from sms_service.store.conversations import conversations
from sms_service.store.outbox import UNPROMPTED, outbox
from sms_service.store.people import people
from sms_service.store.sealing import Token
from sms_service.store.standing import HAS_CASES


@dataclass(frozen=True, slots=True)
class Near:
    """One of many: choices and place in conversation, no name, no number."""

    id: PersonId
    language: Lang
    zone: str
    state: PersonState
    is_volunteer: bool
    is_supervisor: bool
    safe: Safe
    check_in_minute: int | None
    rhythm: str
    missed: int
    line_id: LineId | None
    has_cases: bool
    is_talking: bool  # a question of ours, or one behind it, waits for an answer by text


def _has_one(status: str) -> Exists:
    """The status is spelled out in the statement: only then SQLite knows that the index of its rows answers."""
    return exists().where(
        conversations.c.program_id == people.c.program_id,
        conversations.c.person_id == people.c.id,
        conversations.c.channel == "sms",
        conversations.c.status == literal(status, literal_execute=True),
    )


_THESE = and_(
    people.c.program_id == bindparam("in_program"), people.c.id.in_(bindparam("person_ids", expanding=True))
)  # fmt: skip
MANY = select(
    *(people.c[name] for name in Near.__slots__[:-2]),
    HAS_CASES.label("has_cases"),
    or_(_has_one("open"), _has_one("parked")).label("is_talking"),
).where(_THESE)
_LOCK_MANY = select(people.c.id).where(_THESE).order_by(people.c.id).with_for_update(key_share=True, skip_locked=True)
SENT_TO_MANY = select(outbox.c.person_id, outbox.c.born_at).where(
    outbox.c.program_id == bindparam("program_id"),
    outbox.c.person_id.in_(bindparam("person_ids", expanding=True)),
    outbox.c.born_at >= bindparam("since"),
    UNPROMPTED,
)
_ONE_MORE = update(people).where(_THESE).values(missed=people.c.missed + 1)
_OPEN_MANY = conversations.insert().returning(conversations.c.person_id, conversations.c.id)


def who_are(conn: Connection, program_id: ProgramId, ids: Sequence[int], now: datetime) -> dict[int, Near]:
    """By id, locked until the end of the transaction; left out: who is not there, and who is being heard right now."""
    if conn.dialect.name != "sqlite":
        ids = list(conn.scalars(_LOCK_MANY, {"in_program": program_id, "person_ids": ids}))
    known = {"in_program": program_id, "person_ids": ids, "since_24_h": now - timedelta(hours=24)}
    return {row.id: Near(**row._mapping) for row in conn.execute(MANY, known)} if ids else {}


def unprompted_of(
    conn: Connection, program_id: ProgramId, ids: Sequence[int], since: datetime
) -> dict[int, list[datetime]]:
    """When each of these was sent, or is owed, texts that nobody asked for; all since then."""
    sent = defaultdict[int, list[datetime]](list)
    if ids:
        for person_id, born_at in conn.execute(
            SENT_TO_MANY, {"program_id": program_id, "person_ids": ids, "since": since}
        ):
            sent[person_id].append(born_at)
    return sent


def miss_one_more(conn: Connection, program_id: ProgramId, ids: Sequence[int]) -> None:
    """Each of these was asked once more since their last mood."""
    if ids:
        conn.execute(_ONE_MORE, {"in_program": program_id, "person_ids": ids})


def open_many(
    conn: Connection, program_id: ProgramId, asked: Sequence[tuple[PersonId, Token]], now: datetime
) -> dict[int, int]:
    """A new open conversation for each person, at its first turn, at this place; their ids by person."""
    rows = [
        {
            "program_id": program_id, "person_id": person_id, "channel": "sms", "status": "open", "place": place,
            "turn": 1, "prompted": False, "asked_at": None, "began_at": now, "ended_at": None,
        }
        for person_id, place in asked
    ]  # fmt: skip
    return {row.person_id: row.id for row in conn.execute(_OPEN_MANY, rows)} if rows else {}
