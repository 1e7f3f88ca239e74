"""A program's own wordings, by the catalogue's keys."""

from sqlalchemy import Column, Connection, ForeignKey, String, Table, Text, UniqueConstraint, select

from sms_service.domain.words import Lang, ProgramId
from sms_service.store.types import Big, identity, metadata

wordings = Table(
    "wordings",
    metadata,
    identity(),
    Column("program_id", Big, ForeignKey("programs.id"), nullable=False),
    Column("key", String(80), nullable=False),
    Column("language", String(2), nullable=False),
    Column("text", Text, nullable=False),
    UniqueConstraint("program_id", "key", "language"),
)
ALL = select(wordings.c.program_id, wordings.c.language, wordings.c.key, wordings.c.text)


def all_wordings(conn: Connection) -> dict[tuple[ProgramId, Lang], dict[str, str]]:
    """By program and language: key to the program's own words."""
    found: dict[tuple[ProgramId, Lang], dict[str, str]] = {}
    for row in conn.execute(ALL):
        found.setdefault((row.program_id, row.language), {})[row.key] = row.text
    return found
