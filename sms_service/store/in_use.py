"""Who else has the database open: a restore needs it alone."""

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import Connection, text

from sms_service.store.database import Database

_OTHERS = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    " AND usename IS NOT NULL AND coalesce(backend_type, 'client backend') = 'client backend'"
)


def file_in_use(database: Database) -> bool:
    """Whether any other connection has this SQLite file open; nothing is made or changed."""
    file = Path(str(database.url.database))
    if not (database.is_sqlite and file.exists()):
        return False
    with closing(sqlite3.connect(file, timeout=0, isolation_level=None)) as probe:
        probe.execute("PRAGMA locking_mode=EXCLUSIVE").close()
        try:
            probe.execute("BEGIN EXCLUSIVE").close()
        except sqlite3.OperationalError:
            return True
        probe.execute("ROLLBACK").close()
    return False


def others_connected(conn: Connection) -> bool:
    """Whether anybody else is connected to this PostgreSQL database."""
    return conn.dialect.name == "postgresql" and bool(conn.scalar(_OTHERS))
