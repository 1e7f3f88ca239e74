"""The schema's versions: expand, then contract (DESIGN.md §9)."""

from functools import cache
from importlib.resources import files
from typing import Literal

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from sms_service.settings import Settings
from sms_service.store.database import Database
from sms_service.store.open import open_database


def upgrade(settings: Settings) -> None:
    """Brings the database of these settings to the newest schema."""
    database = open_database(settings)
    try:
        upgrade_database(database)
    finally:
        database.close()


def upgrade_database(database: Database) -> None:
    """The same for an open database; a newer schema than ours is left alone."""
    with database.write() as conn:
        if _is_newer(conn):
            return
        bring_to(conn, "head")


def bring_to(conn: Connection, schema: str) -> None:
    """Brings the database of this transaction to a revision that this code knows."""
    config = _config()
    config.attributes["connection"] = conn
    command.upgrade(config, schema)


def revision(conn: Connection) -> str | None:
    """The schema's revision; None for an empty database."""
    return MigrationContext.configure(conn).get_current_revision()


def is_known(schema: str) -> bool:
    """Whether this code can make that schema: an older one or its own."""
    return schema in _known()


@cache
def head() -> str:
    """The newest revision this code knows."""
    found = ScriptDirectory.from_config(_config()).get_current_head()
    assert found is not None, "there is a first revision"
    return found


@cache
def _known() -> frozenset[str]:
    return frozenset(one.revision for one in ScriptDirectory.from_config(_config()).walk_revisions())


def is_current(conn: Connection) -> bool:
    """At our newest revision, or at one newer than we know (an older process during an upgrade)."""
    revision = MigrationContext.configure(conn).get_current_revision()
    return revision is not None and (revision == head() or revision not in _known())


def standing_of(conn: Connection) -> tuple[Literal["none", "older", "current", "newer"], str]:
    """How the database's schema stands to this program, and its revision ("" for none)."""
    there = revision(conn)
    if there is None:
        return "none", ""
    if there not in _known():
        return "newer", there
    return ("current" if there == head() else "older"), there


def _is_newer(conn: Connection) -> bool:
    revision = MigrationContext.configure(conn).get_current_revision()
    return revision is not None and revision not in _known()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(files("sms_service.store").joinpath("migrations")).replace("%", "%%"))
    return config
