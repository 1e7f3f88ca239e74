"""Cases: something a person must take; at most one open for each member."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
    and_,
    bindparam,
    exists,
    func,
    or_,
    select,
    true,
    update,
)

from sms_service.domain.words import CaseId, CaseKind, Lang, LineId, PersonId, PersonState, ProgramId, Safe
from sms_service.store.outbox import outbox
from sms_service.store.people import Person, people
from sms_service.store.set_columns import SetColumns
from sms_service.store.types import Big, UtcDateTime, identity, metadata
from sms_service.store.upsert import insert_from

cases = Table(
    "cases",
    metadata,
    identity(),
    Column("program_id", Big, nullable=False),
    Column("case_no", Integer, nullable=False),
    Column("kind", String(8), nullable=False),
    Column("family", String(16), nullable=False),
    Column("state", String(7), nullable=False),  # open, claimed, closed
    Column("member_id", Big, nullable=False),
    Column("owner_id", Big),
    Column("staffed", Integer, nullable=False),  # which column of the ladder: 1 somebody was on, 0 nobody
    Column("climb", Integer, nullable=False),  # counts ladders: a wake of an older climb is stale
    Column("opened_at", UtcDateTime, nullable=False),
    Column("rose_at", UtcDateTime, nullable=False),  # when the present ladder started
    Column("claimed_at", UtcDateTime),
    Column("member_at", UtcDateTime),  # the member's last words
    Column("owner_at", UtcDateTime),  # the owner's last words to the member
    Column("closed_at", UtcDateTime),
    Column("outcome", String(12)),
    Column("incident_at", UtcDateTime),
    UniqueConstraint("program_id", "case_no"),
    UniqueConstraint("program_id", "id"),
    ForeignKeyConstraint(["program_id", "member_id"], ["people.program_id", "people.id"]),
    ForeignKeyConstraint(["program_id", "owner_id"], ["people.program_id", "people.id"]),
    Index("ix_cases_program_id_member_id_closed_at", "program_id", "member_id", "closed_at"),
)
_OPEN = cases.c.state != "closed"
Index(
    "uq_cases_one_open", cases.c.program_id, cases.c.member_id, unique=True,
    sqlite_where=_OPEN, postgresql_where=_OPEN,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Case:
    """A case with the two people of it, first names only."""

    id: CaseId
    program_id: ProgramId
    case_no: int
    kind: CaseKind
    family: str
    state: str
    member_id: PersonId
    owner_id: PersonId | None
    staffed: int
    climb: int
    opened_at: datetime
    rose_at: datetime
    claimed_at: datetime | None
    member_at: datetime | None
    owner_at: datetime | None
    closed_at: datetime | None
    member_name: str
    member_lang: Lang
    member_line: LineId | None
    member_state: PersonState
    member_safe: Safe
    owner_name: str
    owner_lang: Lang
    owner_line: LineId | None
    offered: bool

    def __repr__(self) -> str:
        """An id only."""
        return f"<Case {self.id}>"


_member, _owner = people.alias("member"), people.alias("owner")
_PLAIN = [cases.c[name] for name in Case.__slots__[:-9]]
_PAGED = exists().where(
    outbox.c.program_id == cases.c.program_id,
    outbox.c.case_id == cases.c.id,
    outbox.c.person_id == bindparam("person_id"),
    outbox.c.why == "page",
)
_JOINED = (
    select(
        *_PLAIN,
        _member.c.name.label("member_name"),
        _member.c.language.label("member_lang"),
        _member.c.line_id.label("member_line"),
        _member.c.state.label("member_state"),
        _member.c.safe.label("member_safe"),
        _owner.c.name.label("owner_name"),
        _owner.c.language.label("owner_lang"),
        _owner.c.line_id.label("owner_line"),
        _PAGED.label("offered"),
    )
    .join_from(cases, _member, and_(_member.c.program_id == cases.c.program_id, _member.c.id == cases.c.member_id))
    .outerjoin(_owner, and_(_owner.c.program_id == cases.c.program_id, _owner.c.id == cases.c.owner_id))
    .where(cases.c.program_id == bindparam("program_id"))
)
AROUND = _JOINED.where(
    or_(
        and_(
            cases.c.state != "closed",
            or_(
                cases.c.member_id == bindparam("person_id"),
                cases.c.owner_id == bindparam("person_id"),
                _PAGED,
            ),
        ),
        and_(cases.c.member_id == bindparam("person_id"), cases.c.closed_at > bindparam("since")),
    )
).order_by(cases.c.id)
BY_ID = _JOINED.where(cases.c.id == bindparam("case_id"))
BY_NO = _JOINED.where(cases.c.case_no == bindparam("case_no"))
OPEN = _JOINED.where(_OPEN).order_by(cases.c.rose_at)
_NEXT_NO = (
    select(func.coalesce(func.max(cases.c.case_no), 0) + 1)
    .where(cases.c.program_id == bindparam("in_program"))
    .scalar_subquery()
)
_NEW = (
    "program_id", "kind", "family", "state", "member_id", "staffed", "climb", "opened_at", "rose_at", "member_at",
)  # fmt: skip
_ADD = insert_from(
    cases, ["program_id", "case_no"], [*_NEW, "case_no"],
    select(*(bindparam(f"c_{name}", type_=cases.c[name].type) for name in _NEW), _NEXT_NO).where(true()),
    ["id", "case_no"],
)  # fmt: skip
_CLAIM = (
    update(cases)
    .where(
        cases.c.program_id == bindparam("b_program_id"),
        cases.c.id == bindparam("b_case_id"),
        cases.c.state == "open",
        cases.c.owner_id.is_(None),
    )
    .values(state="claimed", owner_id=bindparam("b_owner_id"), claimed_at=bindparam("b_now"), owner_at=None)
)


def _case(row: Any) -> Case:
    values = dict(row._mapping)
    values["owner_name"] = values["owner_name"] or ""
    values["owner_lang"] = values["owner_lang"] or "en"
    values["offered"] = bool(values["offered"])
    return Case(**values)


def cases_around(conn: Connection, program_id: ProgramId, person_id: PersonId, now: datetime) -> list[Case]:
    """Every open case a person is the member of, owns or was offered, and their own closed in the last 24 h."""
    rows = conn.execute(AROUND, {"program_id": program_id, "person_id": person_id, "since": now - timedelta(hours=24)})
    return [_case(row) for row in rows]


def owned_cases(conn: Connection, program_id: ProgramId, person_id: PersonId) -> list[Case]:
    """The open cases this person has taken."""
    return [case for case in open_cases(conn, program_id) if case.owner_id == person_id]


def case_by_id(conn: Connection, program_id: ProgramId, case_id: CaseId, person_id: int = 0) -> Case:
    """One case; `offered` is answered for `person_id`."""
    return _case(conn.execute(BY_ID, {"program_id": program_id, "case_id": case_id, "person_id": person_id}).one())


def case_by_no(conn: Connection, program_id: ProgramId, case_no: int, person_id: int = 0) -> Case | None:
    """One case by the number people say."""
    row = conn.execute(BY_NO, {"program_id": program_id, "case_no": case_no, "person_id": person_id}).first()
    return _case(row) if row else None


def open_cases(conn: Connection, program_id: ProgramId) -> list[Case]:
    """Every case that is not closed, oldest ladder first."""
    return [_case(row) for row in conn.execute(OPEN, {"program_id": program_id, "person_id": 0})]


def add_case(
    conn: Connection,
    program_id: ProgramId,
    member_id: PersonId,
    kind: CaseKind,
    family: str,
    staffed: bool,
    now: datetime,
) -> tuple[CaseId, int]:
    """A new open case; its id and the number people say. IntegrityError when two were opened at once."""
    given = {
        "c_program_id": program_id, "c_kind": kind, "c_family": family, "c_state": "open", "c_member_id": member_id,
        "c_staffed": int(staffed), "c_climb": 1, "c_opened_at": now, "c_rose_at": now, "c_member_at": now,
        "in_program": program_id,
    }  # fmt: skip
    row = None
    while row is None:  # somebody else just took that number, and has it for good by now
        row = conn.execute(_ADD[conn.dialect.name], given).first()
    return CaseId(row.id), int(row.case_no)


def new_case(
    conn: Connection, member: Person, kind: CaseKind, family: str, staffed: bool, now: datetime
) -> Case:  # fmt: skip
    """The same, as nobody has been offered it yet."""
    case_id, case_no = add_case(conn, member.program_id, member.id, kind, family, staffed, now)
    return Case(
        id=case_id, program_id=member.program_id, case_no=case_no, kind=kind, family=family, state="open",
        member_id=member.id, owner_id=None, staffed=int(staffed), climb=1, opened_at=now, rose_at=now, claimed_at=None,
        member_at=now, owner_at=None, closed_at=None, member_name=member.name, member_lang=member.language,
        member_line=member.line_id, member_state=member.state, member_safe=member.safe, owner_name="", owner_lang="en",
        owner_line=None, offered=False,
    )  # fmt: skip


def claim_case(conn: Connection, case: Case, owner_id: PersonId, now: datetime) -> bool:
    """Compare and set: True for exactly one caller."""
    done = conn.execute(
        _CLAIM,
        {"b_program_id": case.program_id, "b_case_id": case.id, "b_owner_id": owner_id, "b_now": now},
    )
    return done.rowcount == 1


_CHANGE = SetColumns(cases)


def change_case(conn: Connection, program_id: ProgramId, case_id: CaseId, **changes: Any) -> None:
    """Sets columns of one case."""
    _CHANGE(conn, program_id, case_id, changes)
