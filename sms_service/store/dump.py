"""Tables as lines that either database can read: what a backup holds (docs/adr/0010).

A table is a line with its name, columns and their kinds, then one JSON array a row. Sealed values stay sealed. The
lines say what they are, so that they can be loaded under the schema they were written under.
"""

import base64
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Connection,
    Date,
    DateTime,
    Dialect,
    Float,
    Integer,
    LargeBinary,
    String,
    Table,
    TableClause,
    Text,
    TypeDecorator,
    column,
    insert,
    select,
    table,
)
from sqlalchemy.types import TypeEngine

from sms_service.store.types import Sealed, UtcDateTime

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

BATCH = 500
"""Rows read or written at once."""
SEALED = "sealed"


class _Microseconds(TypeDecorator[int]):
    """A moment as microseconds since 1970, in both databases."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """SQLite keeps it so."""
        return dialect.type_descriptor(BigInteger() if dialect.name == "sqlite" else DateTime(timezone=True))

    def process_bind_param(self, value: int | None, dialect: Dialect) -> Any:
        """Back to what the database keeps."""
        return value if value is None or dialect.name == "sqlite" else EPOCH + timedelta(microseconds=value)

    def process_result_value(self, value: Any, dialect: Dialect) -> int | None:
        """A whole number."""
        if value is None or dialect.name == "sqlite":
            return None if value is None else int(value)
        moment: datetime = value
        return (moment - EPOCH) // timedelta(microseconds=1)


class _Base64(TypeDecorator[str]):
    """Bytes as text."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        """Back to bytes."""
        return None if value is None else base64.b64decode(value)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> str | None:
        """Text."""
        return None if value is None else base64.b64encode(value).decode("ascii")


class _IsoDate(TypeDecorator[str]):
    """A date as text."""

    impl = Date
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> date | None:
        """Back to a date."""
        return None if value is None else date.fromisoformat(value)

    def process_result_value(self, value: date | None, dialect: Dialect) -> str | None:
        """Text."""
        return None if value is None else value.isoformat()


_KINDS: tuple[tuple[type[TypeEngine[Any]], str], ...] = (
    (Sealed, SEALED), (UtcDateTime, "time"), (Boolean, "bool"), (Integer, "int"), (Float, "float"), (JSON, "json"),
    (LargeBinary, "bytes"), (Date, "date"), (String, "text"),
)  # fmt: skip
_TYPES: dict[str, TypeEngine[Any]] = {
    SEALED: Text(), "time": _Microseconds(), "bool": Boolean(), "int": BigInteger(), "float": Float(),
    "json": JSON(none_as_null=True), "bytes": _Base64(), "date": _IsoDate(), "text": Text(),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shape:
    """A table's name, its columns, and the kind of each."""

    name: str
    columns: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, known: Table) -> "Shape":
        """The shape of a table of ours; TypeError for a column of a kind a backup does not know."""
        return cls(known.name, tuple((one.name, _kind(one.type)) for one in known.columns))

    def clause(self) -> TableClause:
        """The table with types that mean the same in both databases."""
        return table(self.name, *(column(name, _TYPES[kind]) for name, kind in self.columns))

    def sealed(self) -> list[int]:
        """The places of its sealed columns."""
        return [place for place, (_name, kind) in enumerate(self.columns) if kind == SEALED]

    def line(self) -> bytes:
        """What stands before its rows."""
        return encode({"table": self.name, "columns": self.columns})


def _kind(found: TypeEngine[Any]) -> str:
    for known, kind in _KINDS:
        if isinstance(found, known):
            return kind
    raise TypeError(f"a backup knows no column of type {type(found).__name__}")


def encode(value: Any) -> bytes:
    """One line, its end included."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def read_rows(conn: Connection, known: Table) -> Iterator[Sequence[Any]]:
    """Every row of a table by its key, a batch in memory at a time."""
    clause = Shape.of(known).clause()
    ordered = select(clause).order_by(*(clause.c[one.name] for one in known.primary_key))
    yield from conn.execution_options(stream_results=True, yield_per=BATCH).execute(ordered)


def write_rows(conn: Connection, shape: Shape, rows: Sequence[Sequence[Any]]) -> None:
    """Adds rows of this shape."""
    names = [name for name, _kind in shape.columns]
    conn.execute(insert(shape.clause()), [dict(zip(names, row, strict=True)) for row in rows])
