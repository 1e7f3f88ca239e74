"""UPDATE of some columns of one row, named at each call; built once for each set of names."""

from functools import cache
from typing import Any

from sqlalchemy import Connection, Table, Update, and_, bindparam, update


class SetColumns:
    """Sets columns of the row with this program and id. Building such a statement costs more than executing it."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._for = cache(self._built)

    def __call__(self, conn: Connection, program_id: int, row_id: int, changes: dict[str, Any]) -> None:
        """Executes; nothing is written when there is nothing to change."""
        if changes:
            known = {"b_program_id": program_id, "b_id": row_id}
            conn.execute(self._for(frozenset(changes)), known | {f"b_{name}": to for name, to in changes.items()})

    def _built(self, names: frozenset[str]) -> Update:
        the_row = and_(self._table.c.program_id == bindparam("b_program_id"), self._table.c.id == bindparam("b_id"))
        return update(self._table).where(the_row).values({name: bindparam(f"b_{name}") for name in sorted(names)})
