"""One line of migrations, and what they make is what the code describes."""

from collections.abc import Callable

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from sms_service.settings import Settings
from sms_service.store import migrate
from sms_service.store.open import open_database
from sms_service.store.tables import metadata


def test_there_is_one_migration_head() -> None:
    script = ScriptDirectory.from_config(migrate._config())
    assert len(script.get_heads()) == 1
    assert len(script.get_bases()) == 1
    assert script.get_current_head() == migrate.head()


def test_the_migrations_make_the_tables_that_the_code_describes(
    database_url: str, settings_with: Callable[..., Settings]
) -> None:
    database = open_database(settings_with(DATABASE_URL=database_url))
    try:
        with database.read() as conn:
            context = MigrationContext.configure(conn, opts={"compare_type": True, "compare_server_default": True})
            assert compare_metadata(context, metadata) == []
    finally:
        database.close()
