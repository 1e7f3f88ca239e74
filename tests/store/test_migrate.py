"""The schema: one head, from nothing on both databases, equal to the tables in code, and upgraded in place."""

from collections.abc import Callable, Iterator

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect

from sms_service.settings import Settings
from sms_service.store import migrate
from sms_service.store.database import Database
from sms_service.store.open import open_database
from sms_service.store.tables import metadata


def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(migrate._config())


REVISIONS = [one.revision for one in _scripts().walk_revisions()]


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, settings_with: Callable[..., Settings]) -> Iterator[Database]:
    """A database with nothing in it, on both kinds."""
    if request.param == "sqlite":
        settings = settings_with()
    else:
        settings = settings_with(DATABASE_URL=request.getfixturevalue("empty_pg_url"))
    database = open_database(settings)
    yield database
    database.close()


def _revision(database: Database) -> str | None:
    with database.read() as conn:
        return MigrationContext.configure(conn).get_current_revision()


def _bring_to(database: Database, revision: str) -> None:
    with database.write() as conn:
        config = migrate._config()
        config.attributes["connection"] = conn
        command.upgrade(config, revision)


def test_there_is_one_head_and_one_root() -> None:
    assert len(_scripts().get_heads()) == 1
    assert len(_scripts().get_bases()) == 1


def test_from_nothing_to_the_newest(empty: Database) -> None:
    migrate.upgrade_database(empty)
    assert _revision(empty) == migrate.head()
    with empty.read() as conn:
        assert set(inspect(conn).get_table_names()) == {*metadata.tables, "alembic_version"}
        assert migrate.is_current(conn)


def test_the_migrated_schema_is_the_one_in_the_code(empty: Database) -> None:
    """No column, index or constraint is missing on either side."""
    migrate.upgrade_database(empty)
    with empty.read() as conn:
        context = MigrationContext.configure(conn, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, metadata) == []


@pytest.mark.parametrize("older", [None, *REVISIONS])
def test_an_older_database_is_brought_up_to_date_in_place(empty: Database, older: str | None) -> None:
    if older is not None:
        _bring_to(empty, older)
    migrate.upgrade_database(empty)
    assert _revision(empty) == migrate.head()


def test_a_second_time_changes_nothing(empty: Database) -> None:
    migrate.upgrade_database(empty)
    migrate.upgrade_database(empty)
    assert _revision(empty) == migrate.head()


def test_a_newer_schema_is_left_alone_and_good_enough(empty: Database) -> None:
    """During an upgrade an older process meets it."""
    migrate.upgrade_database(empty)
    with empty.write() as conn:
        conn.exec_driver_sql("UPDATE alembic_version SET version_num = 'of_tomorrow'")
    migrate.upgrade_database(empty)
    assert _revision(empty) == "of_tomorrow"
    with empty.read() as conn:
        assert migrate.is_current(conn)


def test_an_empty_database_is_not_current(empty: Database) -> None:
    with empty.read() as conn:
        assert not migrate.is_current(conn)


def test_no_column_has_a_default_of_the_server() -> None:
    """What a row says comes from the code, the same on both databases (DESIGN.md §9)."""
    held = [
        str(column) for table in metadata.tables.values() for column in table.c if column.server_default is not None
    ]
    assert held == []


def test_every_unique_key_and_index_of_a_programs_table_begins_with_the_program() -> None:
    """So that one program's rows are never searched for another's (DESIGN.md §9)."""
    wrong = [
        index.name
        for table in metadata.tables.values()
        if "program_id" in table.c and table.name not in ("lines", "users")
        for index in table.indexes
        if next(iter(index.columns)).name != "program_id"
    ]
    assert wrong == []
