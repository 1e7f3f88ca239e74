"""Writes the whole database, as it is at one moment, into one sealed file, while the service goes on."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, Table, func, select

from sms_service.settings import Settings
from sms_service.store import migrate
from sms_service.store.backup_file import BackupError, BackupWriter
from sms_service.store.dump import BATCH, Shape, encode, read_rows
from sms_service.store.open import open_database
from sms_service.store.programs import programs
from sms_service.store.seals import Seals
from sms_service.store.tables import metadata

Told = Callable[[str, int], None]
"""Hears of progress: the table and how many rows more."""


@dataclass(frozen=True, slots=True)
class Made:
    """What is in the file."""

    rows: int
    programs: int
    unreadable: int


def back_up(settings: Settings, file: Path, now: datetime, told: Told) -> Made:
    """One file that DATA_KEYS' first key opens. BackupError or OSError: nothing is left under that name."""
    if not file.parent.is_dir():
        raise BackupError(f"There is no folder {file.parent}.")
    database = open_database(settings, 1)
    try:
        with database.snapshot() as conn:
            schema = _schema(conn)
            number = int(conn.scalar(select(func.count()).select_from(programs)) or 0)
            with BackupWriter(file, settings.data_keys[0], schema, now, number) as out:
                return _write(conn, out, Seals(settings.data_keys), number, told)
    finally:
        database.close()


def _schema(conn: Connection) -> str:
    """The schema's revision, which must be the one this code knows the tables of."""
    found = migrate.revision(conn)
    if found is None or (migrate.is_known(found) and found != migrate.head()):
        raise BackupError("The database has an older schema than this sms-service: run sms-service db upgrade first.")
    if found != migrate.head():
        raise BackupError("The database has a newer schema than this sms-service: back it up with the newer one.")
    return found


def _write(conn: Connection, out: BackupWriter, seals: Seals, number: int, told: Told) -> Made:
    rows: dict[str, int] = {}
    unreadable = 0
    for table in metadata.sorted_tables:
        rows[table.name], lost = _write_table(conn, out, seals, table, told)
        unreadable += lost
    out.write(encode({"rows": rows, "unreadable": unreadable}))
    return Made(sum(rows.values()), number, unreadable)


def _write_table(conn: Connection, out: BackupWriter, seals: Seals, table: Table, told: Told) -> tuple[int, int]:
    """How many rows it has, and how many of its values no key opens."""
    shape, count, lost = Shape.of(table), 0, 0
    sealed = shape.sealed()
    out.write(shape.line())
    for row in read_rows(conn, table):
        lost += sum(1 for place in sealed if row[place] is not None and seals.under(row[place]) is None)
        out.write(encode(tuple(row)))
        count += 1
        if not count % BATCH:
            told(table.name, BATCH)
    told(table.name, count % BATCH)
    return count, lost
