"""A backup: everything as it was at one moment, while the service goes on, or one sentence and no file."""

import os
import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, update

from sms_service.services.backup import back_up
from sms_service.store.backup_file import BackupError, BackupReader
from sms_service.store.dump import Shape, read_rows
from sms_service.store.inbounds import inbounds
from sms_service.store.people import people
from sms_service.store.tables import metadata
from tests.backup.elsewhere import Elsewhere, nobody
from tests.house import ANA, KEYS, LEO, SAM, House


def live(house: House) -> None:
    """Something in every corner: a member, moods, a talk, a stop, words in Spanish, an emoji."""
    house.join("+12025551001")
    for sender, body in (
        (ANA, "MOOD 2"), (ANA, "1"), (SAM, "TAKE 1"), (SAM, "hola, ¿qué tal? 🙂"),
        (ANA, "i feel so alone \\n \"with\" it"), (LEO, "HELPLINE"), (LEO, "1"),
        ("+12025551001", "STOP"), ("+12025551002", "quiero matarme"),
    ):  # fmt: skip
        house.text(sender, body)
    house.deliver()
    house.text(LEO, "MOOD")


def everything(house: House) -> dict[str, list[Any]]:
    """Every row of every table, in the words that mean the same in both databases."""
    with house.db.snapshot() as conn:
        return {table.name: [list(row) for row in read_rows(conn, table)] for table in metadata.sorted_tables}


def test_every_row_of_every_table_comes_back_in_the_other_database(house: House, elsewhere: Elsewhere) -> None:
    live(house)
    before = everything(house)
    other = elsewhere.move_in()
    after = everything(other)
    doubted = {"outbox", "wakes", "conversations"}  # test_restore_doubt.py
    changed = {*doubted, "marks", "audit"}  # it says that it was restored
    assert {name: rows for name, rows in after.items() if name not in changed} == {
        name: rows for name, rows in before.items() if name not in changed
    }
    for name in doubted:
        assert len(after[name]) == len(before[name]) > 0
    assert other.sent() == house.sent()
    assert other.person(ANA).name == "Ana"


def test_a_restored_database_is_backed_up_and_restored_again(
    house: House, elsewhere: Elsewhere, tmp_path: Path
) -> None:
    live(house)
    other = elsewhere.move_in()
    again = Elsewhere(other, tmp_path / "third", f"sqlite:///{tmp_path}/third/x.db", elsewhere.redis_url)
    again.home.mkdir()
    third = again.move_in()
    assert third.sent() == house.sent()
    again.close()


def test_the_file_holds_no_words_and_tells_when_and_how_much(house: House, elsewhere: Elsewhere) -> None:
    house.text(ANA, "purple elephants")
    made = elsewhere.back_up()
    raw = elsewhere.file.read_bytes()
    assert [word for word in (b"elephants", b"HOPE", ANA.encode(), b"America") if word in raw] == []
    with BackupReader(elsewhere.file, [KEYS["DATA_KEYS"]]) as backup:
        assert (backup.header.programs, backup.header.made) == (2, house.now)
    assert made.rows == sum(len(rows) for rows in everything(house).values())


def test_it_is_one_moment_however_much_is_written_meanwhile(house: House, elsewhere: Elsewhere) -> None:
    """Texts go on coming in while it is written: each is taken, none is in the file."""
    with house.db.read() as conn:
        before = int(conn.scalar(select(func.count()).select_from(inbounds)) or 0)
    wrote: list[str] = []

    def meanwhile(_name: str, _more: int) -> None:
        wrote.append(house.text(LEO, "MOOD 7"))

    back_up(house.settings, elsewhere.file, house.now, meanwhile)
    assert len(wrote) == len(metadata.tables)
    elsewhere.restore()
    with elsewhere.open().db.read() as conn:
        assert conn.scalar(select(func.count()).select_from(inbounds)) == before


def test_a_database_locked_by_a_backup_takes_texts(house: House) -> None:
    """A snapshot stays open, however long: writers do not wait for it."""
    begun, over = threading.Event(), threading.Event()

    def look() -> None:
        with house.db.snapshot() as conn:
            conn.scalar(select(func.count()).select_from(people))
            begun.set()
            over.wait(20)

    looking = threading.Thread(target=look)
    looking.start()
    try:
        assert begun.wait(20)
        took = [bool(house.says(LEO, "MOOD 7")) for _ in range(19)]
    finally:
        over.set()
        looking.join()
    assert took == [True] * 19


def test_no_space_left_is_said_and_leaves_no_file(house: House, elsewhere: Elsewhere) -> None:
    """/dev/full is a disk that is full."""
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("no /dev/full on this machine")
    draft = elsewhere.file.with_name(f".{elsewhere.file.name}.{os.getpid()}.part")
    draft.symlink_to(full)
    with pytest.raises(OSError, match="No space left"):
        elsewhere.back_up()
    assert list(elsewhere.home.iterdir()) == []


def test_a_folder_that_is_not_there_is_named(house: House, tmp_path: Path) -> None:
    with pytest.raises(BackupError, match=r"no folder .*nowhere"):
        back_up(house.settings, tmp_path / "nowhere" / "it.backup", house.now, nobody)


@pytest.mark.parametrize(("revision", "words"), [("of_tomorrow", "newer schema"), (None, "db upgrade")])
def test_another_schema_is_refused(house: House, elsewhere: Elsewhere, revision: str | None, words: str) -> None:
    """Tables that this code does not know would be missing."""
    with house.db.write() as conn:
        if revision is None:
            conn.exec_driver_sql("DELETE FROM alembic_version")
        else:
            conn.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{revision}'")
    with pytest.raises(BackupError, match=words):
        elsewhere.back_up()
    assert not elsewhere.file.exists()


def test_a_value_that_no_key_opens_is_counted_and_kept(house: House, elsewhere: Elsewhere) -> None:
    """One broken row keeps nobody from a backup, nor from its restore."""
    with house.db.write() as conn:
        conn.exec_driver_sql("UPDATE people SET name = 'broken' WHERE id = 1")
    assert elsewhere.back_up().unreadable == 1
    elsewhere.restore()
    with elsewhere.open().db.read() as conn:
        assert conn.exec_driver_sql("SELECT name FROM people WHERE id = 1").scalar() == "broken"


def test_a_backup_knows_every_column_that_there_is() -> None:
    """A column of a type without a portable form fails here, not at night."""
    for table in metadata.sorted_tables:
        assert len(Shape.of(table).columns) == len(table.columns)


def test_an_hour_long_backup_is_not_cut_by_the_limit_on_statements(house: House) -> None:
    with house.db.snapshot() as conn:
        if house.db.is_sqlite:
            assert conn.exec_driver_sql("PRAGMA busy_timeout").scalar()
        else:
            assert conn.exec_driver_sql("SHOW statement_timeout").scalar() == "0"
            assert conn.exec_driver_sql("SHOW transaction_isolation").scalar() == "repeatable read"
    with house.db.write() as conn:  # and the connection is given back as it was
        conn.execute(update(people).values(missed=0))
        if not house.db.is_sqlite:
            assert conn.exec_driver_sql("SHOW statement_timeout").scalar() == "5s"
            assert conn.exec_driver_sql("SHOW transaction_isolation").scalar() == "read committed"


def test_the_time_in_the_file_is_that_of_the_snapshot(house: House, elsewhere: Elsewhere) -> None:
    elsewhere.back_up()
    house.time.move(timedelta(hours=5))
    assert elsewhere.restore().made_at == house.now - timedelta(hours=5)
