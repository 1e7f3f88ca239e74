"""Fills an empty database from a backup, all or nothing, and leaves it on hold.

1. Refused: a running service, rows that are there, a key or schema that does not fit, a file that is not whole.
2. The rows are loaded under the schema they were written under, then brought to ours.
3. What the lost service may have done since is put in doubt (store/doubt.py); ids jump ahead; replies, prompts and bulk
   are held until `release`.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, inspect, select, table, text

from sms_service import home
from sms_service.services.backup import Told
from sms_service.services.desk import Work
from sms_service.services.hold import ACTOR, HOLDABLE
from sms_service.services.hold import MARK as HOLD
from sms_service.services.settle import start_clocks
from sms_service.settings import Settings
from sms_service.store import migrate
from sms_service.store.audit import note
from sms_service.store.backup_file import BackupError, BackupReader
from sms_service.store.doubt import Past, doubt_everything_owed, jump_ids, keep_past, let_alarms_wait
from sms_service.store.dump import BATCH, Shape, write_rows
from sms_service.store.filed import keys_that_do_not_fit
from sms_service.store.in_use import file_in_use, others_connected
from sms_service.store.marks import set_mark
from sms_service.store.open import open_database
from sms_service.store.programs import Lines, all_programs
from sms_service.store.seals import Seals
from sms_service.store.tables import metadata

EPHEMERAL = ("sign_in_tries", "marks", "roles_users", "roles")
"""Tables that a service without any program may have written to; they do not make a database full."""
RUNNING = "The service is running on this database: stop web, workers and ticker everywhere, then restore."


@dataclass(frozen=True, slots=True)
class Restored:
    """What came back: rows in all, messages to be looked up at Twilio before they may go, the snapshot's time."""

    rows: int
    doubted: int
    made_at: datetime


def restore(settings: Settings, file: Path, now: datetime, told: Told) -> Restored:
    """The backup in this installation's database. BackupError, OSError: nothing was changed."""
    with home.owned(settings.home) as ours, BackupReader(file, settings.data_keys) as backup:
        if not ours:
            raise BackupError(f"sms-service is running in {settings.home}: stop it, then restore.")
        if not migrate.is_known(backup.header.schema):
            raise BackupError(f"{file} was written by a newer sms-service: restore it with that or a later one.")
        database = open_database(settings, 1)
        try:
            if file_in_use(database):
                raise BackupError(RUNNING)
            with database.write() as conn:
                return _fill(conn, backup, settings, now, told)
        finally:
            database.close()


def _fill(conn: Connection, backup: BackupReader, settings: Settings, now: datetime, told: Told) -> Restored:
    if others_connected(conn):
        raise BackupError(RUNNING)
    if conn.dialect.name == "postgresql":
        conn.execute(text("SET LOCAL statement_timeout = 0"))
    _make_room(conn, backup.header.schema)
    rows = _load(conn, backup, Seals(settings.data_keys), told)
    migrate.bring_to(conn, "head")
    if unfit := keys_that_do_not_fit(conn):
        raise BackupError(f"LOOKUP_KEYS lacks key {unfit[0]}, or has another under that number: nobody would be found.")
    past = Past(backup.header.made, now)
    doubted = _doubt(conn, past)
    jump_ids(conn)
    set_mark(conn, HOLD, ",".join(HOLDABLE))
    for program in all_programs(conn):
        note(conn, program.id, ACTOR, "restore", "database", now)
    if conn.dialect.name == "postgresql":
        conn.execute(text("ANALYZE"))  # it would plan as for empty tables until it looks by itself
    return Restored(rows, doubted, past.made_at)


def _make_room(conn: Connection, schema: str) -> None:
    """An empty database under the file's schema, whatever emptiness was there before."""
    found = migrate.revision(conn)
    if found is not None and not migrate.is_known(found):
        raise BackupError("The database has a newer schema than this sms-service: restore with the newer one.")
    there = set(inspect(conn).get_table_names())
    for name in sorted(there & set(metadata.tables)):
        if name not in EPHEMERAL and conn.execute(select(text("1")).select_from(table(name)).limit(1)).first():
            raise BackupError(f"The database is not empty (it has {name}): a restore overwrites nothing.")
    if found == schema:
        for name in EPHEMERAL:
            conn.execute(table(name).delete())
        return
    if found is not None:
        metadata.drop_all(conn)
        conn.execute(text("DROP TABLE alembic_version"))
    migrate.bring_to(conn, schema)


def _load(conn: Connection, backup: BackupReader, seals: Seals, told: Told) -> int:
    """Every row of the file; what its last line says is checked."""
    counted: dict[str, int] = {}
    unreadable, end = 0, None
    for shape, rows, last in _batches(backup.lines()):
        if last is not None:
            end = last
            continue
        sealed = shape.sealed()
        values = (row[place] for row in rows for place in sealed if row[place] is not None)
        unreadable += sum(1 for value in values if seals.under(value) is None)
        counted[shape.name] = counted.get(shape.name, 0) + len(rows)
        if rows:
            write_rows(conn, shape, rows)
        told(shape.name, len(rows))
    if end is None or end["rows"] != counted:
        raise BackupError("The backup is not whole: its tables have other numbers of rows than its end says.")
    if unreadable > end["unreadable"]:
        raise BackupError(
            f"DATA_KEYS lacks a key: {unreadable - end['unreadable']} values of the backup cannot be read without it."
        )
    return sum(counted.values())


def _batches(lines: Iterator[bytes]) -> Iterator[tuple[Shape, Sequence[Any], dict[str, Any] | None]]:
    """The file's rows, some at a time with their table; in the end its last line."""
    shape, rows = Shape("", ()), []
    for line in lines:
        value = json.loads(line)
        if isinstance(value, list):
            rows.append(value)
            if len(rows) == BATCH:
                yield shape, rows, None
                rows = []
        else:
            if shape.name:
                yield shape, rows, None
            rows = []
            if "table" in value:
                shape = Shape(value["table"], tuple((name, kind) for name, kind in value["columns"]))
            else:
                yield shape, (), value


def _doubt(conn: Connection, past: Past) -> int:
    """Nothing that may have gone out goes out again; members are heard before alarms ring."""
    let_alarms_wait(conn, past.restored_at)
    doubted, questions = doubt_everything_owed(conn, past.restored_at)
    start_clocks(Work(conn, past.restored_at, "restore", Lines()), questions)
    keep_past(conn, past)
    return doubted
