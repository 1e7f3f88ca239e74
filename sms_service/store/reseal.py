"""Sealing rows anew under the first data key, a few at a time, while others read and write them."""

from collections import Counter
from dataclasses import dataclass, field

from sqlalchemy import Table, bindparam, select, update

from sms_service.store.database import Database
from sms_service.store.dump import SEALED, Shape
from sms_service.store.sealing import keyring
from sms_service.store.seals import Seals
from sms_service.store.tables import metadata

BATCH = 200
"""Rows of one transaction: a webhook may wait for the whole of it."""


@dataclass(slots=True)
class Found:
    """What a pass met: values by the place of the key that sealed them (None: no key of ours), and how many moved."""

    under: Counter[int | None] = field(default_factory=Counter)
    moved: int = 0


def sealed_tables() -> list[Table]:
    """Every table with sealed values."""
    return [table for table in metadata.sorted_tables if Shape.of(table).sealed()]


def reseal(db: Database, table: Table, seals: Seals, after: int, found: Found) -> int | None:
    """Seals one batch anew; the last id seen, None at the end.

    A value that somebody changed meanwhile was sealed by them: it is left as it is.
    """
    clause = Shape.of(table).clause()
    names = [name for name, kind in Shape.of(table).columns if kind == SEALED]
    wanted = select(clause.c.id, *(clause.c[name] for name in names))
    with db.read() as conn:
        rows = list(conn.execute(wanted.where(clause.c.id > after).order_by(clause.c.id).limit(BATCH)))
    changes: dict[str, list[dict[str, object]]] = {name: [] for name in names}
    for row in rows:
        for name, token in zip(names, row[1:], strict=True):
            place = None if token is None else seals.under(token)
            if token is not None:
                found.under[place] += 1
            if place:
                changes[name].append({"b_id": row.id, "b_was": token, "b_now": keyring().rotated(token)})
    if any(changes.values()):
        with db.write() as conn:
            for name, moved in changes.items():
                same = (clause.c.id == bindparam("b_id"), clause.c[name] == bindparam("b_was"))
                if moved:
                    conn.execute(update(clause).where(*same).values({name: bindparam("b_now")}), moved)
                    found.moved += len(moved)
    return rows[-1].id if rows else None
