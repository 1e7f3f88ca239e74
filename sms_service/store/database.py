"""The database: one way to write, one way to read, the same on SQLite and PostgreSQL."""

import fcntl
import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from sms_service.store.sealing import Keyring, use_keyring

LOCK_WAIT = 3.0  # seconds: DESIGN.md §9
BUSY = "the database is busy: no write section within 3 seconds"
AWAY = (OperationalError, PoolTimeout)
"""What a caller sees when the database cannot be reached or is too busy: answer 503, lose nothing."""


class Database:
    """Engines of one process. Make it after fork, close it when done."""

    def __init__(self, url: str, keyring: Keyring, pool_size: int = 10) -> None:
        use_keyring(keyring)
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        if self.is_sqlite:
            self._writer = _sqlite(self.url.render_as_string(False), pool_size)
            self._reader = _sqlite(self.url.render_as_string(False), pool_size)
            self._section = Section(Path(f"{self.url.database}.lock"))
        else:
            self._writer = self._reader = _postgres(self.url.render_as_string(False), pool_size)

    @property
    def engine(self) -> Engine:
        """The writing engine, for migrations and for the console's sign-in."""
        return self._writer

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction that may write; commits at the end, rolls back on any exception."""
        if not self.is_sqlite:
            with self._writer.begin() as conn:
                yield conn
            return
        with self._section.entered(), self._writer.begin() as conn:
            conn.exec_driver_sql("BEGIN IMMEDIATE")
            yield conn

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One consistent look; writes are not expected here."""
        with self._reader.connect() as conn, conn.begin():
            if self.is_sqlite:
                conn.exec_driver_sql("BEGIN")
            yield conn

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """One look at one moment, for as long as it takes: a backup. Nobody waits for it, nothing is written."""
        with self._reader.connect() as conn:
            if not self.is_sqlite:
                conn.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            with conn.begin():
                conn.exec_driver_sql("BEGIN" if self.is_sqlite else "SET LOCAL statement_timeout = 0")
                yield conn

    def close(self) -> None:
        """Gives every connection back."""
        self._writer.dispose()
        self._reader.dispose()


def clashed(error: DBAPIError) -> bool:
    """Whether the same work may simply be tried again: two wrote at once, or a deadlock was cut."""
    if isinstance(error, IntegrityError):
        return True
    return getattr(error.orig, "sqlstate", "") in {"40001", "40P01"}


def _postgres(url: str, pool_size: int) -> Engine:
    return create_engine(
        url,
        pool_size=pool_size,
        max_overflow=2,
        pool_timeout=3,
        pool_pre_ping=True,
        hide_parameters=True,
        connect_args={
            "connect_timeout": 3,
            "options": "-c statement_timeout=5000 -c lock_timeout=3000 -c timezone=UTC",
        },
    )


def _sqlite(url: str, pool_size: int) -> Engine:
    """Transactions are begun aloud: a listener for it would cost every statement of a turn a little."""
    engine = create_engine(
        url,
        pool_size=pool_size,
        max_overflow=2,
        pool_timeout=3,
        hide_parameters=True,
        connect_args={"timeout": LOCK_WAIT, "isolation_level": None, "check_same_thread": False},
    )

    @event.listens_for(engine, "connect")
    def _prepare(dbapi: sqlite3.Connection, record: Any) -> None:
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
            dbapi.execute(f"PRAGMA {pragma}").close()

    return engine


class Section:
    """The write section: writers of all processes queue here instead of polling inside SQLite.

    The threads of one process queue at a lock of their own first, so that one at a time looks at the file.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._turn = threading.Lock()

    @contextmanager
    def entered(self) -> Iterator[None]:
        """Alone among the writers until the end; PoolTimeout when it takes too long to get in."""
        give_up = time.monotonic() + LOCK_WAIT
        if not self._turn.acquire(timeout=LOCK_WAIT):
            raise PoolTimeout(BUSY)
        try:
            handle = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                _wait_for(handle, give_up)
                yield
            finally:
                os.close(handle)
        finally:
            self._turn.release()


def _wait_for(handle: int, give_up: float) -> None:
    pause = 0.0002
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > give_up:
                raise PoolTimeout(BUSY) from None
            time.sleep(pause)
            pause = min(pause * 2, 0.005)
        else:
            return
