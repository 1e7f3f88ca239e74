"""Check-ins: mood answers, in the order they were given."""

from datetime import datetime

from sqlalchemy import Boolean, Column, Connection, ForeignKeyConstraint, Index, Integer, String, Table

from sms_service.domain.words import Channel, PersonId, ProgramId
from sms_service.store.types import Big, UtcDateTime, identity, metadata

checkins = Table(
    "checkins",
    metadata,
    identity(),
    Column("program_id", Big, nullable=False),
    Column("person_id", Big, nullable=False),
    Column("mood", Integer, nullable=False),
    Column("late", Boolean, nullable=False),
    Column("channel", String(5), nullable=False),
    Column("answered_at", UtcDateTime, nullable=False),
    ForeignKeyConstraint(["program_id", "person_id"], ["people.program_id", "people.id"]),
    Index("ix_checkins_program_id_person_id_answered_at", "program_id", "person_id", "answered_at"),
)


def add_checkin(
    conn: Connection,
    program_id: ProgramId,
    person_id: PersonId,
    mood: int,
    channel: Channel,
    now: datetime,
    late: bool,
) -> None:
    """A mood, 0 to 10."""
    conn.execute(
        checkins.insert(),
        {
            "program_id": program_id,
            "person_id": person_id,
            "mood": mood,
            "late": late,
            "channel": channel,
            "answered_at": now,
        },
    )
