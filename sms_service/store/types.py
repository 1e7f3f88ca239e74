"""Column types and the metadata every table hangs on (DESIGN.md §9)."""

from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography.fernet import InvalidToken
from sqlalchemy import BigInteger, Column, CursorResult, DateTime, Dialect, Integer, MetaData, Text, TypeDecorator
from sqlalchemy.types import TypeEngine

from sms_service.store.sealing import Token, keyring

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

Big = BigInteger().with_variant(Integer(), "sqlite")
"""A bigint that SQLite will still count up as its row id."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class UtcDateTime(TypeDecorator[datetime]):
    """Aware UTC in, aware UTC out: timestamptz, or integer microseconds in SQLite."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """The column each database gets."""
        return dialect.type_descriptor(BigInteger() if dialect.name == "sqlite" else DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | int | None:
        """Refuses a naive time: nobody knows what it means."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone cannot be kept")
        return (value - _EPOCH) // _MICROSECOND if dialect.name == "sqlite" else value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Aware UTC, whatever the database's own zone."""
        if value is None:
            return None
        return _EPOCH + timedelta(microseconds=value) if dialect.name == "sqlite" else value.astimezone(UTC)


class Sealed(TypeDecorator[str]):
    """Words that only this installation's keys can read.

    `unreadable` is what a value that no key opens reads as, where one broken row must not shut a person out; without
    it such a value is an InvalidToken.
    """

    impl = Text
    cache_ok = True

    def __init__(self, unreadable: str | None = None) -> None:
        super().__init__()
        self.unreadable = unreadable

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Seals, unless a Token says that it was done."""
        if isinstance(value, Token):
            return str(value)
        return None if value is None else keyring().seal(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        """Opens."""
        if value is None:
            return None
        try:
            return keyring().open(value)
        except InvalidToken:
            if self.unreadable is None:
                raise
            return self.unreadable


def identity() -> Column[int]:
    """The bigint every row is known by inside."""
    return Column("id", Big, primary_key=True, autoincrement=True)


def new_id(done: CursorResult[Any]) -> int:
    """The id of the one row just inserted."""
    key = done.inserted_primary_key
    assert key is not None, "one row was inserted"
    return int(key[0])
