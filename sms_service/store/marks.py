"""Marks: small facts the installation remembers about itself (how far catch-up came, what is on hold)."""

from sqlalchemy import Column, Connection, String, Table, Text, bindparam, select

from sms_service.store.types import metadata
from sms_service.store.upsert import InsertOrSet

marks = Table(
    "marks",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("value", Text, nullable=False),
)
READ = select(marks.c.value).where(marks.c.name == bindparam("name"))
_SET = InsertOrSet(marks, ["name"], ["value"])


def read_mark(conn: Connection, name: str) -> str | None:
    """What was last set, or None."""
    value: str | None = conn.scalar(READ, {"name": name})
    return value


def set_mark(conn: Connection, name: str, value: str) -> None:
    """Remembers; ids, times and names of lanes only."""
    _SET(conn, {"name": name, "value": value})
