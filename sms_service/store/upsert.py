"""INSERT that meets an existing row, for both databases: SQLAlchemy spells it once per dialect."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite

_INSERT: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


class InsertOrSkip:
    """Insert; a row with the same key stays as it is."""

    def __init__(self, table: Table, key: Sequence[str], returning: Sequence[str] = ()) -> None:
        self._by_dialect: dict[str, Any] = {}
        for name, insert in _INSERT.items():
            statement: Any = insert(table).on_conflict_do_nothing(index_elements=list(key))
            self._by_dialect[name] = statement.returning(*(table.c[c] for c in returning)) if returning else statement

    def __call__(self, conn: Connection, rows: Any) -> Any:
        """Executes with one row (dict) or several (list)."""
        return conn.execute(self._by_dialect[conn.dialect.name], rows)


def insert_from(
    table: Table, key: Sequence[str], columns: Sequence[str], rows: Any, returning: Sequence[str]
) -> dict[str, Any]:
    """By dialect: INSERT what a SELECT finds; a row with the same key stays as it is and is not returned."""
    return {
        name: insert(table)
        .from_select(list(columns), rows)
        .on_conflict_do_nothing(index_elements=list(key))
        .returning(*(table.c[c] for c in returning))
        for name, insert in _INSERT.items()
    }


class InsertOrSet:
    """Insert; of a row with the same key, these columns are set instead."""

    def __init__(self, table: Table, key: Sequence[str], sets: Sequence[str]) -> None:
        self._by_dialect: dict[str, Any] = {}
        for name, insert in _INSERT.items():
            base = insert(table)
            self._by_dialect[name] = base.on_conflict_do_update(
                index_elements=list(key), set_={column: base.excluded[column] for column in sets}
            )

    def __call__(self, conn: Connection, rows: Any) -> Any:
        """Executes with one row (dict) or several (list)."""
        return conn.execute(self._by_dialect[conn.dialect.name], rows)
