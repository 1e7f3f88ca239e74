"""The rota: who is on call when, weekly and by the clock of their own zone."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Table,
    and_,
    bindparam,
    func,
    or_,
    select,
)

from sms_service.domain.oncall import Shift, covers
from sms_service.domain.words import Lang, LineId, PersonId, ProgramId
from sms_service.store.cases import cases
from sms_service.store.people import people
from sms_service.store.types import Big, identity, metadata

shifts = Table(
    "shifts",
    metadata,
    identity(),
    Column("program_id", Big, nullable=False),
    Column("person_id", Big, nullable=False),
    Column("role", String(10), nullable=False),  # volunteer, supervisor
    Column("weekdays", Integer, nullable=False),  # bit 0 is Monday
    Column("start", Integer, nullable=False),  # local minutes
    Column("end", Integer, nullable=False),
    Column("zone", String(64), nullable=False),
    Column("always", Boolean, nullable=False),
    Column("position", Integer, nullable=False),  # who is asked first
    ForeignKeyConstraint(["program_id", "person_id"], ["people.program_id", "people.id"]),
    Index("ix_shifts_program_id_position", "program_id", "position"),
)


@dataclass(frozen=True, slots=True)
class OnRota:
    """One person of the rota with one shift."""

    person_id: PersonId
    role: str
    language: Lang
    speaks: str
    line_id: LineId | None
    off_until: datetime | None
    talks: int  # cases this person has taken and not closed
    shift: Shift


_TALKS = (
    select(func.count())
    .where(
        cases.c.program_id == shifts.c.program_id, cases.c.owner_id == shifts.c.person_id, cases.c.state == "claimed"
    )
    .scalar_subquery()
)  # fmt: skip
ROTA = (
    select(
        shifts.c.person_id, shifts.c.role, people.c.language, people.c.speaks, people.c.line_id, people.c.off_until,
        shifts.c.weekdays, shifts.c.start, shifts.c.end, shifts.c.zone, shifts.c.always, _TALKS.label("talks"),
    )
    .join_from(shifts, people, and_(people.c.program_id == shifts.c.program_id, people.c.id == shifts.c.person_id))
    .where(
        shifts.c.program_id == bindparam("program_id"),
        people.c.state != "stopped",
        people.c.state != "died",
        or_(people.c.is_volunteer, people.c.is_supervisor),
    )
    .order_by(shifts.c.position, shifts.c.id)
)  # fmt: skip


def rota_of(conn: Connection, program_id: ProgramId) -> list[OnRota]:
    """Everybody on the rota who can be texted, in the order they are asked."""
    return [
        OnRota(
            row.person_id, row.role, row.language, row.speaks, row.line_id, row.off_until, row.talks,
            Shift(
                frozenset(day for day in range(7) if row.weekdays >> day & 1), row.start, row.end, row.zone, row.always
            ),
        )
        for row in conn.execute(ROTA, {"program_id": program_id})
    ]  # fmt: skip


def on_now(rota: list[OnRota], role: str, now: datetime) -> list[OnRota]:
    """Those of a role who are on at this moment and not OFF."""
    return [
        one
        for one in rota
        if one.role == role and covers(one.shift, now) and not (one.off_until and one.off_until > now)
    ]


def add_shift(
    conn: Connection, program_id: ProgramId, person_id: PersonId, role: str, shift: Shift, position: int
) -> None:
    """A weekly stretch of duty."""
    conn.execute(
        shifts.insert(),
        {
            "program_id": program_id, "person_id": person_id, "role": role, "position": position,
            "weekdays": sum(1 << day for day in shift.weekdays), "start": shift.start, "end": shift.end,
            "zone": shift.zone, "always": shift.always,
        },
    )  # fmt: skip
