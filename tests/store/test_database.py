"""One way to write, one way to read, the same on both databases."""

import threading
import time
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError, IntegrityError

from sms_service.store.database import AWAY, Database, clashed
from sms_service.store.marks import read_mark, set_mark
from sms_service.store.sealing import Keyring
from sms_service.store.types import UtcDateTime
from tests.house import House

TIME = UtcDateTime()


@given(st.datetimes(timezones=st.timezones()))
def test_a_time_comes_back_as_the_same_instant_in_utc(at: datetime) -> None:
    dialect = sqlite.dialect()
    if not datetime(1, 1, 2, tzinfo=UTC) < at < datetime(9999, 12, 30, tzinfo=UTC):
        return
    kept = TIME.process_bind_param(at, dialect)
    assert isinstance(kept, int)
    back = TIME.process_result_value(kept, dialect)
    assert back is not None
    assert (back, back.tzinfo) == (at.astimezone(UTC), UTC)


@pytest.mark.parametrize("dialect", [sqlite.dialect(), postgresql.dialect()])  # type: ignore[no-untyped-call]  # SQLAlchemy's own
def test_a_time_without_a_zone_is_refused(dialect: object) -> None:
    with pytest.raises(ValueError, match="zone"):
        TIME.process_bind_param(datetime(2026, 1, 1), dialect)  # type: ignore[arg-type]  # noqa: DTZ001  # the point


def test_a_time_keeps_its_microseconds_and_loses_its_zone_through_the_database(house: House) -> None:
    at = datetime(2026, 3, 8, 1, 59, 59, 123456, tzinfo=timezone(timedelta(hours=-5)))
    house.change("+12025550121", paused_until=at)
    back = house.person("+12025550121").paused_until
    assert back is not None
    assert (back, back.tzinfo) == (at, UTC)


def test_a_transaction_that_fails_leaves_nothing(house: House) -> None:
    def fail() -> None:
        with house.db.write() as conn:
            set_mark(conn, "hold", "bulk")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with house.db.read() as conn:
        assert read_mark(conn, "hold") is None


def test_a_reader_does_not_wait_for_a_writer(house: House) -> None:
    with house.db.write() as conn:
        set_mark(conn, "hold", "bulk")
        with house.db.read() as other:
            assert read_mark(other, "hold") is None


def test_writers_lose_nothing_to_each_other(house: House) -> None:
    def add() -> None:
        for _ in range(10):
            with house.db.write() as conn:
                conn.execute(text("UPDATE lines SET rate = rate + 1"))

    with house.db.read() as conn:
        before = conn.scalar(text("SELECT max(rate) FROM lines"))
    threads = [threading.Thread(target=add) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with house.db.read() as conn:
        assert conn.scalar(text("SELECT max(rate) FROM lines")) == before + 40


def test_a_writer_that_cannot_get_in_says_so_within_a_few_seconds(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The web answers 503 and Twilio falls back, rather than waiting for ever."""
    monkeypatch.setattr("sms_service.store.database.LOCK_WAIT", 0.2)
    held, done = threading.Event(), threading.Event()

    def write() -> None:
        with house.db.write() as conn:
            if not house.db.is_sqlite:
                conn.execute(text("SET LOCAL lock_timeout = 200"))
            conn.execute(text("UPDATE lines SET rate = rate"))

    def hold() -> None:
        with house.db.write() as conn:
            conn.execute(text("UPDATE lines SET rate = rate"))
            held.set()
            done.wait(10)

    holder = threading.Thread(target=hold)
    holder.start()
    held.wait(5)
    began = time.monotonic()
    with pytest.raises(AWAY):
        write()
    assert time.monotonic() - began < 3
    done.set()
    holder.join()


def test_a_statement_that_takes_too_long_is_cut_on_postgresql(house: House) -> None:
    if house.db.is_sqlite:
        pytest.skip("SQLite has no such limit")
    with house.db.read() as conn:
        assert conn.scalar(text("SHOW statement_timeout")) == "5s"
        assert conn.scalar(text("SHOW lock_timeout")) == "3s"


def test_sqlite_survives_a_power_cut_and_keeps_its_references(house: House) -> None:
    if not house.db.is_sqlite:
        pytest.skip("these are SQLite's own switches")
    with house.db.write() as conn:
        found = {name: conn.scalar(text(f"PRAGMA {name}")) for name in ("journal_mode", "synchronous", "foreign_keys")}
    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def test_what_clashed_may_be_tried_again_and_nothing_else() -> None:
    class CutError(Exception):
        sqlstate = "40P01"

    class BusyError(Exception):
        sqlstate = "55P03"

    assert clashed(IntegrityError("s", None, Exception()))
    assert clashed(DBAPIError("s", None, CutError()))
    assert not clashed(DBAPIError("s", None, BusyError()))
    assert not clashed(DBAPIError("s", None, Exception()))


def test_an_unreachable_postgresql_is_away(free_port: int) -> None:
    key = "dGVzdHRlc3R0ZXN0dGVzdHRlc3R0ZXN0dGVzdHRlc3Q="
    url = f"postgresql+psycopg://nobody@127.0.0.1:{free_port}/nothing"
    database = Database(url, Keyring([key], {1: "a" * 32}))
    with pytest.raises(AWAY), database.read():
        pass
    database.close()
