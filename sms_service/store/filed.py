"""Numbers are filed under keyed hashes: which keys are in use, whether ours fit, and filing under the first."""

from contextlib import suppress
from typing import Any

from cryptography.fernet import InvalidToken
from sqlalchemy import Connection, Table, bindparam, func, literal, select, update

from sms_service.store.database import Database
from sms_service.store.people import people
from sms_service.store.programs import NO_PROGRAM, lines
from sms_service.store.sealing import keyring

FILED: tuple[Table, ...] = (people, lines)
"""Every table with numbers that are found again."""
BATCH = 200
_TRIED = 5


def keys_in_use(conn: Connection) -> dict[int, int]:
    """How many numbers are filed under each key, by the key's number."""
    found: dict[int, int] = {}
    for table in FILED:
        for number, count in conn.execute(select(table.c.lookup_key, func.count()).group_by(table.c.lookup_key)):
            found[number] = found.get(number, 0) + count
    return found


def keys_that_do_not_fit(conn: Connection) -> list[int]:
    """The keys in use that this process lacks or has otherwise; a few numbers of each are tried."""
    return [number for number in sorted(keys_in_use(conn)) if not all(_fits(conn, table, number) for table in FILED)]


def _fits(conn: Connection, table: Table, number: int) -> bool:
    """Whether what is filed under this key would be found; so too where nothing is, or nothing can be read."""
    tried = select(_program(table), table.c.number, table.c.lookup).where(table.c.lookup_key == number).limit(_TRIED)
    with suppress(InvalidToken):
        for program_id, plain, lookup in conn.execute(tried):
            if plain and lookup not in keyring().find_under(program_id, plain):
                return False
    return True


def _program(table: Table) -> Any:
    """The program a number is filed under: a line's tells the program, so it stands under none."""
    return literal(int(NO_PROGRAM)).label("program_id") if table is lines else table.c.program_id


def file_anew(db: Database, table: Table, after: int) -> tuple[int | None, int]:
    """Files one batch of a table's numbers under the first key: the last id seen (None at the end), how many moved.

    A number that is there under the new key already, or that cannot be read, stays as it is.
    """
    first = keyring().first_lookup_key
    wanted = select(table.c.id, _program(table), table.c.number, table.c.lookup)
    wanted = wanted.where(table.c.lookup_key != first, table.c.id > after).order_by(table.c.id).limit(BATCH)
    with db.read() as conn:
        rows = list(conn.execute(wanted))
    moved = [
        {"b_id": row.id, "b_was": row.lookup, "b_now": keyring().file_under(row.program_id, row.number)[0]}
        for row in rows
        if row.number
    ]
    if moved:
        change = update(table).where(table.c.id == bindparam("b_id"), table.c.lookup == bindparam("b_was"))
        there = select(table.c.lookup).where(table.c.lookup.in_([one["b_now"] for one in moved]))
        with db.write() as conn:
            taken = set(conn.scalars(there))
            moved = [one for one in moved if one["b_now"] not in taken]
            if moved:
                conn.execute(change.values(lookup=bindparam("b_now"), lookup_key=first), moved)
    return (rows[-1].id if rows else None), len(moved)
