"""People: one number in one program, their roles and choices, and the conversation they are in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
    bindparam,
    exists,
    func,
    select,
)

from sms_service.domain.words import Lang, LineId, PersonId, PersonState, ProgramId, Safe
from sms_service.store.checkins import checkins
from sms_service.store.sealing import keyring
from sms_service.store.set_columns import SetColumns
from sms_service.store.types import Big, Sealed, UtcDateTime, identity, metadata
from sms_service.store.upsert import InsertOrSkip, insert_from

people = Table(
    "people",
    metadata,
    identity(),
    Column("program_id", Big, ForeignKey("programs.id"), nullable=False),
    Column("number", Sealed(unreadable=""), nullable=False),
    Column("lookup", String(64), nullable=False),
    Column("lookup_key", Integer, nullable=False),
    Column("name", Sealed(unreadable=""), nullable=False),
    Column("language", String(2), nullable=False),
    Column("speaks", String(20), nullable=False),  # of a volunteer: "en,es"
    Column("country", String(2), nullable=False),
    Column("zone", String(64), nullable=False),
    Column("state", String(12), nullable=False),
    Column("is_member", Boolean, nullable=False),
    Column("is_volunteer", Boolean, nullable=False),
    Column("is_supervisor", Boolean, nullable=False),
    Column("is_coordinator", Boolean, nullable=False),
    Column("safe", String(5), nullable=False),
    Column("check_in_minute", Integer),  # local minutes after midnight; None: no check-ins
    Column("rhythm", String(8), nullable=False),
    Column("paused_until", UtcDateTime),
    Column("off_until", UtcDateTime),  # a volunteer who is OFF or on a BREAK
    Column("mood_lapsed_at", UtcDateTime),
    Column("greeted_at", UtcDateTime),  # the last NEW or menu sent to something not understood
    Column("referred_at", UtcDateTime),
    Column("last_idea", Integer, nullable=False),
    Column("missed", Integer, nullable=False),  # check-ins asked since the last mood came
    Column("line_id", Big),  # the line the person last wrote to
    Column("delete_asked_at", UtcDateTime),  # DELETE ME during an open case: carried out when it closes
    Column("state_at", UtcDateTime, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    UniqueConstraint("program_id", "lookup"),
    UniqueConstraint("program_id", "id"),
    Index("ix_people_program_id_roles", "program_id", "is_volunteer", "is_supervisor"),
)


@dataclass(frozen=True, slots=True)
class Person:
    """One person as the service knows them. Never shown whole to anybody."""

    id: PersonId
    program_id: ProgramId
    number: str
    name: str
    language: Lang
    speaks: str
    country: str
    zone: str
    state: PersonState
    state_at: datetime
    is_member: bool
    is_volunteer: bool
    is_supervisor: bool
    is_coordinator: bool
    safe: Safe
    check_in_minute: int | None
    rhythm: str
    paused_until: datetime | None
    off_until: datetime | None
    mood_lapsed_at: datetime | None
    greeted_at: datetime | None
    referred_at: datetime | None
    last_idea: int
    missed: int
    delete_asked_at: datetime | None
    line_id: LineId | None

    def __repr__(self) -> str:
        """An id only: a person must not reach a log by way of a traceback."""
        return f"<Person {self.id}>"


COLUMNS = [people.c[name] for name in Person.__slots__]


def person_of(row: Any) -> Person:
    """A Person from a row that selected COLUMNS."""
    values = row._mapping
    return Person(**{name: values[name] for name in Person.__slots__})


LAST_MOOD = (
    select(checkins.c.mood)
    .where(checkins.c.program_id == people.c.program_id, checkins.c.person_id == people.c.id)
    .order_by(checkins.c.answered_at.desc())
    .limit(1)
    .scalar_subquery()
)
LAST_MOOD_AT = (
    select(func.max(checkins.c.answered_at))
    .where(checkins.c.program_id == people.c.program_id, checkins.c.person_id == people.c.id)
    .scalar_subquery()
)
BY_ID = select(*COLUMNS).where(people.c.program_id == bindparam("program_id"), people.c.id == bindparam("person_id"))
LOCKED = BY_ID.with_for_update(key_share=True)  # who only refers to the row need not wait
BY_NUMBER = select(*COLUMNS).where(
    people.c.program_id == bindparam("program_id"), people.c.lookup.in_(bindparam("lookups", expanding=True))
)
_ADD = InsertOrSkip(people, ["program_id", "lookup"], returning=["id"])
_NEW = [column for column in people.c if not column.nullable and column.name != "id"] + [people.c.line_id]
_KNOWN = exists().where(
    people.c.program_id == bindparam("in_program"), people.c.lookup.in_(bindparam("lookups", expanding=True))
)
_ADD_NEW = insert_from(
    people, ["program_id", "lookup"], [column.name for column in _NEW],
    select(*(bindparam(column.name, type_=column.type) for column in _NEW)).where(~_KNOWN), Person.__slots__,
)  # fmt: skip


def person_by_id(conn: Connection, program_id: ProgramId, person_id: PersonId, lock: bool = False) -> Person:
    """One person; locked against a second text when `lock`."""
    statement = LOCKED if lock else BY_ID
    return person_of(conn.execute(statement, {"program_id": program_id, "person_id": person_id}).one())


def person_by_number(conn: Connection, program_id: ProgramId, number: str) -> Person | None:
    """The person with this E.164 number in this program, or None."""
    found = conn.execute(
        BY_NUMBER, {"program_id": program_id, "lookups": keyring().find_under(program_id, number)}
    ).first()
    return person_of(found) if found else None


def add_person(conn: Connection, program_id: ProgramId, number: str, now: datetime, **known: Any) -> PersonId | None:
    """A person the program did not know; None when they are there already."""
    new_id = _ADD(conn, _row(program_id, number, now, known)).scalar()
    return None if new_id is None else PersonId(new_id)


def new_person(conn: Connection, program_id: ProgramId, number: str, now: datetime, **known: Any) -> Person | None:
    """The same, looked for under every look-up key first, and handed back whole."""
    row = _row(program_id, number, now, known)
    lookups = keyring().find_under(program_id, number)
    found = conn.execute(_ADD_NEW[conn.dialect.name], row | {"in_program": program_id, "lookups": lookups}).first()
    return person_of(found) if found else None


def _row(program_id: ProgramId, number: str, now: datetime, known: Mapping[str, Any]) -> dict[str, Any]:
    lookup, key = keyring().file_under(program_id, number)
    return {
        "program_id": program_id, "number": number, "lookup": lookup, "lookup_key": key, "name": "",
        "language": "en", "speaks": "en", "country": "US", "zone": "America/New_York", "state": "stranger",
        "is_member": False, "is_volunteer": False, "is_supervisor": False, "is_coordinator": False, "safe": "free",
        "check_in_minute": None, "rhythm": "daily", "last_idea": -1, "missed": 0, "line_id": None,
        "state_at": now, "created_at": now, **known,
    }  # fmt: skip


_CHANGE = SetColumns(people)


def change_person(conn: Connection, person: Person, **changes: Any) -> None:
    """Sets columns of one person; nothing is written when there is nothing to change."""
    _CHANGE(conn, person.program_id, person.id, changes)
