"""What one turn needs to know of a person, read and locked in one statement."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from cryptography.fernet import InvalidToken
from sqlalchemy import Connection, String, Text, and_, bindparam, cast, exists, func, or_, select, type_coerce

from sms_service.domain.words import Channel, PersonId, ProgramId
from sms_service.store.cases import cases
from sms_service.store.conversations import FIELDS, Conversation, conversations, end_unreadable
from sms_service.store.conversations import live as live_conversation
from sms_service.store.inbounds import inbounds
from sms_service.store.outbox import live, outbox
from sms_service.store.people import COLUMNS, LAST_MOOD, LAST_MOOD_AT, Person, people, person_of
from sms_service.store.sealing import keyring


@dataclass(frozen=True, slots=True)
class Earlier:
    """One text heard shortly before."""

    body: str = field(repr=False)
    level: str


@dataclass(frozen=True, slots=True)
class Who:
    """A person, their last mood, and where they are in conversation."""

    person: Person
    last_mood: int | None
    last_mood_at: datetime | None
    has_cases: bool
    has_planned: bool  # messages that nobody waits for are due later
    texts_of_5_min: int
    last_heard_at: datetime | None
    open: Conversation | None
    parked: Conversation | None
    last_texts: str = field(default="", repr=False)  # of ten minutes, still sealed: see `earlier_texts`


_mine = inbounds.alias("mine")
_TEXTS = (
    select(func.count())
    .select_from(_mine)
    .where(
        _mine.c.program_id == people.c.program_id,
        _mine.c.person_id == people.c.id,
        _mine.c.received_at > bindparam("since_5_min"),
        _mine.c.id != bindparam("but"),
    )
    .scalar_subquery()
)
_LAST_HEARD = (
    select(func.max(_mine.c.received_at))
    .where(
        _mine.c.program_id == people.c.program_id, _mine.c.person_id == people.c.id, _mine.c.id != bindparam("but")
    )
    .scalar_subquery()
)  # fmt: skip
_MOST_TEXTS = 25
_lately = (
    select(
        (cast(_mine.c.id, String) + " " + _mine.c.level + " " + type_coerce(_mine.c.body, Text)).label("text"),
    )
    .where(
        _mine.c.program_id == people.c.program_id,
        _mine.c.person_id == people.c.id,
        _mine.c.received_at >= bindparam("since_10_min"),
        _mine.c.id != bindparam("but"),
    )
    .order_by(_mine.c.received_at.desc(), _mine.c.id.desc())
    .limit(_MOST_TEXTS)
    .correlate(people)
    .subquery()
)
_LAST_TEXTS = select(func.aggregate_strings(_lately.c.text, ",")).scalar_subquery()
HAS_CASES = exists().where(
    cases.c.program_id == people.c.program_id,
    cases.c.member_id == people.c.id,
    or_(cases.c.state != "closed", cases.c.closed_at > bindparam("since_24_h")),
)
_PLANNED = exists().where(
    outbox.c.program_id == people.c.program_id,
    outbox.c.person_id == people.c.id,
    live(outbox),
    outbox.c.state == "due",
    or_(outbox.c.why == "scheduled", outbox.c.why == "bulk"),
)
_LIVE = and_(
    conversations.c.program_id == people.c.program_id,
    conversations.c.person_id == people.c.id,
    conversations.c.channel == bindparam("channel"),
    live_conversation(conversations),
)
_THE_PERSON = and_(people.c.program_id == bindparam("program_id"), people.c.id == bindparam("person_id"))
_WHO = (
    select(
        *COLUMNS,
        LAST_MOOD.label("last_mood"),
        LAST_MOOD_AT.label("last_mood_at"),
        HAS_CASES.label("has_cases"),
        _PLANNED.label("has_planned"),
        _TEXTS.label("texts_of_5_min"),
        _LAST_HEARD.label("last_heard_at"),
        _LAST_TEXTS.label("last_texts"),
        *(column.label(f"c_{column.name}") for column in FIELDS if column.name != "place"),
        type_coerce(conversations.c.place, Text).label("c_place"),
    )
    .outerjoin_from(people, conversations, _LIVE)
    .where(_THE_PERSON)
)
_LOCK = select(people.c.id).where(_THE_PERSON).with_for_update(key_share=True)


def who_wrote(
    conn: Connection, program_id: ProgramId, person_id: PersonId, channel: Channel, now: datetime, inbound_id: int
) -> Who:
    """The person whose text this is, as they stood before it; `hear` has locked them."""
    return _who(conn, program_id, person_id, channel, now, inbound_id)


def who_is(conn: Connection, program_id: ProgramId, person_id: int, channel: Channel, now: datetime) -> Who:
    """The person with this id, locked until the end of the transaction; an error when there is none.

    Locked first and read after: one statement that did both would, after waiting for the lock, still see the
    conversation as it was before the wait.
    """
    if conn.dialect.name != "sqlite":
        conn.execute(_LOCK, {"program_id": program_id, "person_id": person_id})
    return _who(conn, program_id, person_id, channel, now, 0)


def nobody_yet(person: Person) -> Who:
    """A person just made: no mood, no case, no conversation, never heard before."""
    return Who(
        person,
        None,
        None,
        has_cases=False,
        has_planned=False,
        texts_of_5_min=0,
        last_heard_at=None,
        open=None,
        parked=None,
    )


def earlier_texts(who: Who) -> list[Earlier]:
    """What this person wrote in the last ten minutes, oldest first; opened only now, what can't be is left out."""
    found = (text.split(" ") for text in filter(None, who.last_texts.split(",")))
    in_order = sorted(found, key=lambda text: int(text[0]))
    opened = ((_opened(body), level) for _id, level, body in in_order)
    return [Earlier(body, level) for body, level in opened if body is not None]


def _who(
    conn: Connection, program_id: ProgramId, person_id: int, channel: Channel, now: datetime, inbound_id: int
) -> Who:
    asked = {
        "program_id": program_id, "person_id": person_id, "channel": channel, "but": inbound_id,
        "since_5_min": now - timedelta(minutes=5), "since_10_min": now - timedelta(minutes=10),
        "since_24_h": now - timedelta(hours=24),
    }  # fmt: skip
    rows = conn.execute(_WHO, asked).all()
    assert rows, f"no person {person_id}"
    first = rows[0]
    live, lost = _live(row for row in rows if row.c_id is not None)
    end_unreadable(conn, program_id, lost, now)
    return Who(
        person_of(first), first.last_mood, first.last_mood_at,
        bool(first.has_cases), bool(first.has_planned), first.texts_of_5_min, first.last_heard_at,
        live.get("open"), live.get("parked"), first.last_texts or "",
    )  # fmt: skip


def _live(rows: Iterable[Any]) -> tuple[dict[str, Conversation], list[int]]:
    """Conversations by status, and the ids of those whose place no key opens: they count as none."""
    live: dict[str, Conversation] = {}
    lost: list[int] = []
    for row in rows:
        place = _opened(row.c_place)
        if place is None:
            lost.append(row.c_id)
        else:
            kept = Conversation(row.c_id, row.c_status, place, row.c_turn, row.c_prompted, row.c_asked_at)
            live[row.c_status] = kept
    return live, lost


def _opened(sealed: str) -> str | None:
    """One unreadable value must not shut its person out."""
    try:
        return keyring().open(sealed)
    except (InvalidToken, UnicodeError):
        return None
