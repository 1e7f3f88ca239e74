"""The consent log: who agreed to what, when, how and to which wording. Append-only."""

from datetime import datetime

from sqlalchemy import Column, Connection, ForeignKeyConstraint, Index, String, Table, select

from sms_service.domain.words import PersonId, ProgramId
from sms_service.store.types import Big, Sealed, UtcDateTime, identity, metadata

consents = Table(
    "consents",
    metadata,
    identity(),
    Column("program_id", Big, nullable=False),
    Column("person_id", Big, nullable=False),
    Column("act", String(8), nullable=False),  # given, revoked, refused
    Column("purposes", String(80), nullable=False),
    Column("source", String(20), nullable=False),  # text, carrier, coordinator, call
    Column("wording", String(32), nullable=False),  # hash of the exact words agreed to
    Column("language", String(2), nullable=False),
    Column("words", Sealed, nullable=False),  # what the person said
    Column("at", UtcDateTime, nullable=False),
    ForeignKeyConstraint(["program_id", "person_id"], ["people.program_id", "people.id"]),
    Index("ix_consents_program_id_person_id", "program_id", "person_id"),
)


def log_consent(
    conn: Connection, program_id: ProgramId, person_id: PersonId, act: str, words: str, now: datetime, *,
    wording: str = "", language: str = "en", source: str = "text", purposes: str = "check_ins,reminders,service",
) -> None:  # fmt: skip
    """One more line; nothing is ever changed or taken out before its five years."""
    conn.execute(
        consents.insert(),
        {
            "program_id": program_id, "person_id": person_id, "act": act, "purposes": purposes, "source": source,
            "wording": wording, "language": language, "words": words[:200], "at": now,
        },
    )  # fmt: skip


def consent_history(conn: Connection, program_id: ProgramId, person_id: PersonId) -> list[tuple[str, str, datetime]]:
    """(act, wording, at) of one person, oldest first."""
    rows = conn.execute(
        select(consents.c.act, consents.c.wording, consents.c.at)
        .where(consents.c.program_id == program_id, consents.c.person_id == person_id)
        .order_by(consents.c.id)
    )
    return [(row.act, row.wording, row.at) for row in rows]
