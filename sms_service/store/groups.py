"""Groups, and who belongs to them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    Column,
    Connection,
    ForeignKey,
    ForeignKeyConstraint,
    String,
    Table,
    UniqueConstraint,
    bindparam,
    select,
    update,
)

from sms_service.domain.words import Lang, PersonId, ProgramId
from sms_service.store.types import Big, UtcDateTime, identity, metadata
from sms_service.store.upsert import InsertOrSet

groups = Table(
    "groups",
    metadata,
    identity(),
    Column("program_id", Big, ForeignKey("programs.id"), nullable=False),
    Column("code", String(20), nullable=False),  # what members text, upper case, no accents
    Column("name", String(60), nullable=False),
    Column("language", String(2), nullable=False),
    UniqueConstraint("program_id", "code"),
    UniqueConstraint("program_id", "id"),
)
memberships = Table(
    "memberships",
    metadata,
    identity(),
    Column("program_id", Big, nullable=False),
    Column("group_id", Big, nullable=False),
    Column("person_id", Big, nullable=False),
    Column("joined_at", UtcDateTime, nullable=False),
    Column("left_at", UtcDateTime),
    UniqueConstraint("program_id", "group_id", "person_id"),
    ForeignKeyConstraint(["program_id", "group_id"], ["groups.program_id", "groups.id"]),
    ForeignKeyConstraint(["program_id", "person_id"], ["people.program_id", "people.id"]),
)


@dataclass(frozen=True, slots=True)
class Group:
    """People who meet."""

    id: int
    code: str
    name: str
    language: Lang


_FIELDS = [groups.c[name] for name in Group.__slots__]
BY_CODE = select(*_FIELDS).where(groups.c.program_id == bindparam("program_id"), groups.c.code == bindparam("code"))
OF_PERSON = (
    select(*_FIELDS)
    .join_from(groups, memberships, memberships.c.group_id == groups.c.id)
    .where(
        memberships.c.program_id == bindparam("program_id"),
        memberships.c.person_id == bindparam("person_id"),
        memberships.c.left_at.is_(None),
    )
    .order_by(memberships.c.joined_at)
)
_JOIN = InsertOrSet(memberships, ["program_id", "group_id", "person_id"], ["joined_at", "left_at"])


def group_by_code(conn: Connection, program_id: ProgramId, code: str) -> Group | None:
    """The group with this code (upper case), or None."""
    row = conn.execute(BY_CODE, {"program_id": program_id, "code": code}).first()
    return Group(*row) if row else None


def groups_of(conn: Connection, program_id: ProgramId, person_id: PersonId) -> list[Group]:
    """The groups a person belongs to, the first joined first."""
    return [Group(*row) for row in conn.execute(OF_PERSON, {"program_id": program_id, "person_id": person_id})]


def join_group(conn: Connection, program_id: ProgramId, group_id: int, person_id: PersonId, now: datetime) -> None:
    """Membership from now on, also after having left."""
    _JOIN(conn, {
        "program_id": program_id, "group_id": group_id, "person_id": person_id, "joined_at": now, "left_at": None,
    })  # fmt: skip


def leave_groups(conn: Connection, program_id: ProgramId, person_id: PersonId, now: datetime) -> None:
    """Leaves every group."""
    conn.execute(
        update(memberships)
        .where(
            memberships.c.program_id == program_id,
            memberships.c.person_id == person_id,
            memberships.c.left_at.is_(None),
        )
        .values(left_at=now)
    )
