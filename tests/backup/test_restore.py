"""A restore: into an empty database of this installation, all or nothing; what does not fit is one sentence."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from cryptography.fernet import Fernet
from sqlalchemy import create_engine, func, inspect, select, text
from sqlalchemy.pool import NullPool

from sms_service import home
from sms_service.services.backup import _write
from sms_service.services.hold import HOLDABLE, held
from sms_service.services.restore import restore
from sms_service.store import migrate
from sms_service.store.backup_file import BackupError, BackupWriter
from sms_service.store.doubt import JUMP
from sms_service.store.open import open_database
from sms_service.store.outbox import outbox
from sms_service.store.people import people
from sms_service.store.seals import Seals
from sms_service.store.tables import metadata
from tests.backup.elsewhere import Elsewhere, nobody
from tests.house import ANA, KEYS, LEO, House

NEW_KEY = Fernet.generate_key().decode()


def tables(url: str) -> list[str]:
    """What is there."""
    engine = create_engine(url, poolclass=NullPool)
    with engine.connect() as conn:
        return inspect(conn).get_table_names()


def refused(elsewhere: Elsewhere, words: str, **given: str) -> None:
    """One sentence, and nothing was changed."""
    before = tables(elsewhere.url)
    with pytest.raises(BackupError, match=words) as error:
        elsewhere.restore(**given)
    assert str(error.value).count(". ") == 0
    assert tables(elsewhere.url) == before


def test_it_starts_on_hold_with_danger_let_through(house: House, elsewhere: Elsewhere) -> None:
    other = elsewhere.move_in()
    with other.db.read() as conn:
        assert held(conn) == HOLDABLE
    other.text(LEO, "MOOD 7")
    other.text(ANA, "i want to kill myself")
    gone = other.deliver()
    assert gone
    assert {other.row(one).why for one in gone} == {"crisis", "page"}


def test_into_a_new_database_and_into_a_migrated_one(house: House, elsewhere: Elsewhere) -> None:
    migrate.upgrade(elsewhere.settings())
    assert elsewhere.move_in().person(ANA).name == "Ana"


def test_people_are_found_and_the_conversation_goes_on(house: House, elsewhere: Elsewhere) -> None:
    house.text(ANA, "MOOD")
    house.deliver()
    other = elsewhere.move_in()
    other.time.move(house.time() - other.now)
    assert other.says(ANA, "7")[0].startswith("Mood 7 saved")


def test_ids_jump_beyond_all_that_the_lost_service_can_have_given_out(house: House, elsewhere: Elsewhere) -> None:
    """A callback of one of its messages must not be taken for one of a new message."""
    house.text(ANA, "MOOD 7")
    with house.db.read() as conn:
        last = int(conn.scalar(select(func.max(outbox.c.id))) or 0)
    other = elsewhere.move_in()
    other.text(LEO, "MOOD 6")
    assert max(row.id for row in other.rows()) > last + JUMP


def test_a_database_with_rows_is_refused(house: House, elsewhere: Elsewhere) -> None:
    elsewhere.back_up()
    elsewhere.restore()
    refused(elsewhere, "is not empty")


def test_a_home_whose_service_runs_is_refused(house: House, elsewhere: Elsewhere) -> None:
    elsewhere.back_up()
    with home.owned(elsewhere.home) as ours:
        assert ours
        with pytest.raises(BackupError, match=r"running in .*stop it"):
            elsewhere.restore()


def test_a_database_that_a_service_has_open_is_refused(house: House, elsewhere: Elsewhere) -> None:
    """Wherever it runs and whatever Redis it has."""
    elsewhere.back_up()
    migrate.upgrade(elsewhere.settings())
    running = open_database(elsewhere.settings())
    with running.read() as conn:
        conn.scalar(select(func.count()).select_from(people))
    try:
        with pytest.raises(BackupError, match="The service is running on this database"):
            elsewhere.restore()
        with running.read() as conn:
            assert conn.scalar(select(func.count()).select_from(people)) == 0
    finally:
        running.close()
    elsewhere.restore()


def test_without_the_keys_it_is_refused(house: House, elsewhere: Elsewhere) -> None:
    elsewhere.back_up()
    refused(elsewhere, "No key in DATA_KEYS", DATA_KEYS=NEW_KEY)
    refused(elsewhere, "LOOKUP_KEYS lacks key 1", LOOKUP_KEYS="2:" + "n" * 32)
    refused(elsewhere, "LOOKUP_KEYS lacks key 1, or has another", LOOKUP_KEYS="1:" + "n" * 32)


def test_a_data_key_that_only_some_rows_need_is_missed(house: House, elsewhere: Elsewhere) -> None:
    """The file opens with the first key; what was sealed by an older one would be lost for ever."""
    elsewhere.house.settings = house.settings.model_copy(update={"data_keys": (NEW_KEY, KEYS["DATA_KEYS"])})
    elsewhere.back_up()
    refused(elsewhere, r"DATA_KEYS lacks a key: \d+ values", DATA_KEYS=NEW_KEY)
    elsewhere.restore(DATA_KEYS=f"{NEW_KEY},{KEYS['DATA_KEYS']}")


@pytest.mark.parametrize("part", [0.3, 0.9, 0.999])
def test_a_damaged_file_changes_nothing(house: House, elsewhere: Elsewhere, part: float) -> None:
    elsewhere.back_up()
    raw = bytearray(elsewhere.file.read_bytes())
    raw[int(len(raw) * part)] ^= 1
    elsewhere.file.write_bytes(raw)
    refused(elsewhere, "damaged")


def test_a_file_cut_short_changes_nothing(house: House, elsewhere: Elsewhere) -> None:
    elsewhere.back_up()
    elsewhere.file.write_bytes(elsewhere.file.read_bytes()[:-100])
    refused(elsewhere, "cut short")


def test_a_file_of_a_newer_service_changes_nothing(house: House, elsewhere: Elsewhere) -> None:
    with BackupWriter(elsewhere.file, KEYS["DATA_KEYS"], "of_tomorrow", house.now, 2) as out:
        out.write(b"{}\n")
    refused(elsewhere, "newer sms-service")


def test_a_database_of_a_newer_schema_is_refused(house: House, elsewhere: Elsewhere) -> None:
    elsewhere.back_up()
    migrate.upgrade(elsewhere.settings())
    there = open_database(elsewhere.settings())
    with there.write() as conn:
        conn.execute(text("UPDATE alembic_version SET version_num = 'of_tomorrow'"))
    there.close()
    refused(elsewhere, "newer schema")


def test_a_file_whose_end_counts_other_rows_changes_nothing(house: House, elsewhere: Elsewhere) -> None:
    with BackupWriter(elsewhere.file, KEYS["DATA_KEYS"], migrate.head(), house.now, 0) as out:
        out.write(b'{"table":"marks","columns":[["name","text"],["value","text"]]}\n["a","b"]\n')
        out.write(b'{"rows":{"marks":2},"unreadable":0}\n')
    refused(elsewhere, "not whole")


def test_a_backup_of_an_older_schema_is_brought_to_ours(house: House, elsewhere: Elsewhere, tmp_path: Path) -> None:
    """The rows are loaded under the schema they were written under: only the first is older today."""
    first = ScriptDirectory.from_config(migrate._config()).get_bases()[0]
    old = open_database(elsewhere.settings(DATABASE_URL=f"sqlite:///{tmp_path}/old.db"))
    with old.write() as conn:
        config = migrate._config()
        config.attributes["connection"] = conn
        command.upgrade(config, first)
        conn.execute(text("INSERT INTO marks (name, value) VALUES ('caught_up_at', '2026-03-04T17:00:00+00:00')"))
        there = set(inspect(conn).get_table_names())

    if all(name in there for name in metadata.tables):
        with old.read() as conn, BackupWriter(elsewhere.file, KEYS["DATA_KEYS"], first, house.now, 0) as out:
            _write(conn, out, Seals([KEYS["DATA_KEYS"]]), 0, nobody)
        assert elsewhere.restore().rows == 1
        with elsewhere.open().db.read() as conn:
            assert migrate.revision(conn) == migrate.head()
    old.close()


def test_a_file_that_is_no_backup_is_named(house: House, elsewhere: Elsewhere) -> None:
    elsewhere.file.write_text("hello")
    with pytest.raises(BackupError, match="no backup of sms-service"):
        restore(elsewhere.settings(), elsewhere.file, house.now, nobody)


def test_a_running_backup_by_hand_counts_as_in_use(house: House, elsewhere: Elsewhere) -> None:
    """Whoever has the SQLite file open would see half of it."""
    if not elsewhere.url.startswith("sqlite"):
        pytest.skip("SQLite only")
    elsewhere.back_up()
    with closing(sqlite3.connect(elsewhere.home / "other.db")) as other:
        other.execute("PRAGMA journal_mode=WAL")
        other.execute("CREATE TABLE mine (x)")
        with pytest.raises(BackupError, match="The service is running"):
            elsewhere.restore()


def test_no_table_refers_to_a_message_by_its_id() -> None:
    """On SQLite the newest message gets another one at a restore."""

    targets = {key.column.table.name for table in metadata.sorted_tables for key in table.foreign_keys}
    assert "people" in targets
    assert "outbox" not in targets
