"""A PostgreSQL database that tests use one after the other: each finds the rows that it began with.

Making a database anew costs half a second of a busy machine, putting its few rows back a few milliseconds.
"""

from collections.abc import Callable, Iterator
from contextlib import closing

import psycopg
from psycopg import sql

Admin = Callable[[str], "psycopg.Connection[tuple[object, ...]]"]

_SHAPE = """
    SELECT (
        SELECT sum(hashtext(c.relname || a.attname || a.atttypid::text)::bigint)
        FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
        WHERE c.relnamespace = 'public'::regnamespace AND a.attnum > 0
    ), (
        SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal
    ), (
        SELECT count(*) FROM pg_proc WHERE pronamespace = 'public'::regnamespace
    )
"""
_TABLES = "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY relname"
_SEQUENCES = (
    "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'S' ORDER BY relname"
)
_OTHERS_OUT = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


class Rewound:
    """One database; `fresh` puts it back. `make` makes it anew and gives its URL."""

    def __init__(self, make: Callable[[], str]) -> None:
        self._make = make
        self._url = ""

    def fresh(self) -> str:
        """Its URL, with the rows and the shape it was made with, and nobody connected."""
        if not (self._url and self._put_back()):
            self._url = self._make()
            self._keep()
        return self._url

    def _keep(self) -> None:
        with closing(psycopg.connect(_plain(self._url), autocommit=True)) as conn:
            self._shape = conn.execute(_SHAPE).fetchone()
            names = list(_names(conn, _TABLES))
            conn.execute("CREATE SCHEMA kept")
            back: list[sql.Composable] = [sql.SQL("SET session_replication_role = replica")]
            for name in names:
                table, kept = sql.Identifier("public", name), sql.Identifier("kept", name)
                conn.execute(sql.SQL("CREATE TABLE {} AS TABLE {}").format(kept, table))
                back.append(sql.SQL("DELETE FROM {}").format(table))
                back.append(sql.SQL("INSERT INTO {} OVERRIDING SYSTEM VALUE TABLE {}").format(table, kept))
            for name in _names(conn, _SEQUENCES):
                sequence = sql.Identifier("public", name)
                state = conn.execute(sql.SQL("SELECT last_value, is_called FROM {}").format(sequence)).fetchone()
                assert state is not None
                back.append(sql.SQL("SELECT setval({}, {}, {})").format(sql.Literal(f"public.{name}"), *state))
            self._back = sql.SQL(";").join(back)

    def _put_back(self) -> bool:
        """False when a test has changed its shape."""
        with closing(psycopg.connect(_plain(self._url), autocommit=True)) as conn:
            conn.execute(_OTHERS_OUT)
            if conn.execute(_SHAPE).fetchone() != self._shape:
                return False
            conn.execute(self._back)
            return True


def _plain(url: str) -> str:
    return url.replace("postgresql+psycopg://", "postgresql://", 1)


def _names(conn: "psycopg.Connection[tuple[object, ...]]", query: str) -> Iterator[str]:
    return (str(name) for (name,) in conn.execute(query.encode()).fetchall())
