"""Marks: small facts the installation remembers about itself (how far catch-up came, what is on hold)."""

from sqlalchemy import Column, Connection, String, Table, Text, bindparam, delete, select, update

from sms_service.store.types import metadata
from sms_service.store.upsert import InsertOrSet, InsertOrSkip

marks = Table(
    "marks",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("value", Text, nullable=False),
)
READ = select(marks.c.value).where(marks.c.name == bindparam("name"))
_SET = InsertOrSet(marks, ["name"], ["value"])
_ADD = InsertOrSkip(marks, ["name"], returning=["name"])
_AS_IT_WAS = (marks.c.name == bindparam("b_name"), marks.c.value == bindparam("b_was"))
_CHANGE = update(marks).where(*_AS_IT_WAS).values(value=bindparam("b_value"))
_DROP = delete(marks).where(*_AS_IT_WAS)
_UNDER = select(marks.c.name, marks.c.value).where(marks.c.name.startswith(bindparam("prefix")))


def read_mark(conn: Connection, name: str) -> str | None:
    """What was last set, or None."""
    value: str | None = conn.scalar(READ, {"name": name})
    return value


def set_mark(conn: Connection, name: str, value: str) -> None:
    """Remembers; ids, times and names of lanes only."""
    _SET(conn, {"name": name, "value": value})


def change_mark(conn: Connection, name: str, was: str | None, value: str | None) -> bool:
    """Compare and set: True for the one caller who found the mark as it `was`. None is no mark, before or after."""
    if was is None:
        return value is not None and _ADD(conn, {"name": name, "value": value}).first() is not None
    if value is None:
        return conn.execute(_DROP, {"b_name": name, "b_was": was}).rowcount == 1
    return conn.execute(_CHANGE, {"b_name": name, "b_was": was, "b_value": value}).rowcount == 1


def marks_under(conn: Connection, prefix: str) -> dict[str, str]:
    """Every mark whose name begins so, by the rest of its name."""
    return {row.name.removeprefix(prefix): row.value for row in conn.execute(_UNDER, {"prefix": prefix})}
