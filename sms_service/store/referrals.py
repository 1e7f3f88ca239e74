"""Referrals: helplines given to a member, and whether they got through."""

from datetime import datetime

from sqlalchemy import Column, Connection, ForeignKeyConstraint, Index, String, Table, update

from sms_service.domain.words import PersonId, ProgramId
from sms_service.store.types import Big, UtcDateTime, identity, metadata

referrals = Table(
    "referrals",
    metadata,
    identity(),
    Column("program_id", Big, nullable=False),
    Column("person_id", Big, nullable=False),
    Column("helpline", String(40), nullable=False),
    Column("given_at", UtcDateTime, nullable=False),
    Column("outcome", String(12)),
    Column("answered_at", UtcDateTime),
    ForeignKeyConstraint(["program_id", "person_id"], ["people.program_id", "people.id"]),
    Index("ix_referrals_program_id_person_id_given_at", "program_id", "person_id", "given_at"),
)


def add_referrals(
    conn: Connection, program_id: ProgramId, person_id: PersonId, helplines: tuple[str, ...], now: datetime
) -> None:
    """These helplines were given."""
    if helplines:
        conn.execute(referrals.insert(), [
            {"program_id": program_id, "person_id": person_id, "helpline": helpline, "given_at": now}
            for helpline in helplines
        ])  # fmt: skip


def answer_referrals(conn: Connection, program_id: ProgramId, person_id: PersonId, outcome: str, now: datetime) -> None:
    """What came of the last ones that were not answered for yet."""
    conn.execute(
        update(referrals)
        .where(
            referrals.c.program_id == program_id,
            referrals.c.person_id == person_id,
            referrals.c.outcome.is_(None),
        )
        .values(outcome=outcome, answered_at=now)
    )
