"""The audit log: who read or changed what. Ids only, append-only."""

from datetime import datetime

from sqlalchemy import Column, Connection, Index, String, Table

from sms_service.domain.words import ProgramId
from sms_service.store.types import Big, UtcDateTime, identity, metadata

audit = Table(
    "audit",
    metadata,
    identity(),
    Column("program_id", Big, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("actor", String(24), nullable=False),  # person:<id>, user:<id>, service
    Column("act", String(30), nullable=False),
    Column("subject", String(30), nullable=False),  # case:<id>, person:<id>, outbox:<id>
    Index("ix_audit_program_id_at", "program_id", "at"),
    Index("ix_audit_program_id_subject", "program_id", "subject"),
)


def note(conn: Connection, program_id: ProgramId, actor: str, act: str, subject: str, now: datetime) -> None:
    """One line."""
    conn.execute(audit.insert(), {"program_id": program_id, "at": now, "actor": actor, "act": act, "subject": subject})
