"""Fills a database fast with rows as the service writes them: members, what they are owed, when they are woken."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Table, func, select, text

from scripts.benches.numbers import number_of
from sms_service.domain.words import LANES, Lane, ProgramId, Why
from sms_service.store.database import Database
from sms_service.store.outbox import outbox
from sms_service.store.people import people
from sms_service.store.programs import lines, program_by_slug
from sms_service.store.sealing import keyring
from sms_service.store.types import UtcDateTime
from sms_service.store.wakes import wakes

ZONE = "America/New_York"
HOPE = "demo"


@dataclass(frozen=True)
class Ground:
    """The demo program and its line."""

    program_id: ProgramId
    line_id: int


def ground(conn: Connection) -> Ground:
    """Where the rows belong."""
    program = program_by_slug(conn, HOPE)
    assert program is not None, "the demo programs are there"
    line_id = conn.scalar(select(func.min(lines.c.id)).where(lines.c.program_id == program.id))
    assert line_id is not None, "it has a line"
    return Ground(program.id, line_id)


@contextmanager
def filling(database: Database) -> Iterator[Connection]:
    """A transaction for millions of rows: no time-out; the rows are known to fit, so no key is looked up again."""
    with database.write() as conn:
        if database.is_sqlite:
            conn.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
        else:
            conn.execute(text("SET LOCAL statement_timeout = 0"))
            conn.execute(text("SET LOCAL session_replication_role = replica"))
        yield conn


def settle(database: Database) -> None:
    """What a database that has run for a while has behind it: PostgreSQL its autovacuum, SQLite a short log."""
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
        if database.is_sqlite:
            raw = conn.connection.dbapi_connection
            assert raw is not None, "it is connected"
            raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        else:
            conn.execute(text("SET statement_timeout = 0"))
            conn.execute(text("VACUUM ANALYZE"))


def pour(conn: Connection, table: Table, rows: Iterable[dict[str, Any]]) -> None:
    """Many rows as fast as the database takes them; sealed columns hold what was sealed before."""
    it = iter(rows)
    first = next(it)
    names = list(first)
    if conn.dialect.name == "sqlite":
        marks = ", ".join("?" * len(names))
        order = f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({marks})"  # noqa: S608  # our own names
        raw = conn.connection.dbapi_connection
        assert raw is not None, "it is connected"
        raw.executemany(order, (_flat(row) for row in _chain(first, it)))
        return
    cursor: Any = conn.connection.cursor()
    with cursor, cursor.copy(f"COPY {table.name} ({', '.join(names)}) FROM STDIN") as copy:
        for row in _chain(first, it):
            copy.write_row(list(row.values()))


def _chain(first: dict[str, Any], rest: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    yield first
    yield from rest


def _flat(row: dict[str, Any]) -> list[Any]:
    return [microseconds(value) if isinstance(value, datetime) else value for value in row.values()]


def microseconds(at: datetime) -> int:
    """A time as SQLite keeps it."""
    from sqlalchemy.dialects import sqlite

    kept = UtcDateTime().process_bind_param(at, sqlite.dialect())
    assert isinstance(kept, int), "the column type says so"
    return kept


def members(conn: Connection, count: int, now: datetime, minute: int | None = None) -> range:
    """Active members with the numbers 0 .. count-1; the ids they got. `minute`: when they are asked, local."""
    where, keys, nameless = ground(conn), keyring(), keyring().seal("")
    first = (conn.scalar(select(func.max(people.c.id))) or 0) + 1

    def row(at: int) -> dict[str, Any]:
        number = number_of(at)
        lookup, key = keys.file_under(where.program_id, number)
        return {
            "id": first + at, "program_id": where.program_id, "number": keys.seal(number), "lookup": lookup,
            "lookup_key": key, "name": nameless, "language": "en", "speaks": "en", "country": "US", "zone": ZONE,
            "state": "active", "is_member": True, "is_volunteer": False, "is_supervisor": False,
            "is_coordinator": False, "safe": "free", "check_in_minute": minute, "rhythm": "daily", "last_idea": -1,
            "missed": 0, "line_id": where.line_id, "state_at": now, "created_at": now,
        }  # fmt: skip

    pour(conn, people, map(row, range(count)))
    _count_on(conn, people, first + count)
    return range(first, first + count)


def _count_on(conn: Connection, table: Table, following: int) -> None:
    """PostgreSQL's own counter does not see ids that were given."""
    if conn.dialect.name == "postgresql":
        conn.execute(text(f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), {following}, false)"))


def check_ins(conn: Connection, ids: range, due: Iterable[datetime]) -> None:
    """Each of these members is to be asked then."""
    where = ground(conn)
    rows = (
        {
            "program_id": where.program_id, "key": f"check_in:{person}", "kind": "check_in", "owner_id": person,
            "turn": 0, "due_at": at, "until_at": at + timedelta(hours=2),
        }
        for person, at in zip(ids, due, strict=True)
    )  # fmt: skip
    pour(conn, wakes, rows)


def owed(conn: Connection, ids: range, why: Why, lane: Lane, words: str, now: datetime) -> None:
    """One message due now for each of these members, all with the same words."""
    where, body = ground(conn), keyring().seal(words)
    rows = (
        {
            "program_id": where.program_id, "person_id": person, "line_id": where.line_id, "cause": f"bench:{why}",
            "position": 0, "why": why, "lane": LANES.index(lane), "channel": "sms", "body": body, "segments": 1,
            "state": "due", "born_at": now, "due_at": now, "expires_at": now + timedelta(hours=12), "tries": 0,
            "looks": 0, "chosen": False,
        }
        for person in ids
    )  # fmt: skip
    pour(conn, outbox, rows)


def line_rate(conn: Connection, rate: float) -> None:
    """So many segments a second the demo's line may be handed."""
    conn.execute(lines.update().where(lines.c.id == ground(conn).line_id).values(rate=rate))
