"""Programs and their lines."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import (
    JSON,
    Column,
    Connection,
    Float,
    ForeignKey,
    Integer,
    String,
    Table,
    UniqueConstraint,
    bindparam,
    select,
)

from sms_service.domain.words import Lang, LineId, ProgramId
from sms_service.store.sealing import keyring
from sms_service.store.types import Big, Sealed, UtcDateTime, identity, metadata, new_id
from sms_service.store.wordings import all_wordings

programs = Table(
    "programs",
    metadata,
    identity(),
    Column("slug", String(40), nullable=False, unique=True),
    Column("name", String(120), nullable=False),
    Column("short", String(12), nullable=False),
    Column("country", String(2), nullable=False),
    Column("zone", String(64), nullable=False),
    Column("language", String(2), nullable=False),
    Column("url", String(200), nullable=False),
    Column("quiet_from", Integer, nullable=False),  # local minutes: texts may go out from here ...
    Column("quiet_until", Integer, nullable=False),  # ... until here
    Column("settings", JSON, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
)

lines = Table(
    "lines",
    metadata,
    identity(),
    Column("program_id", Big, ForeignKey("programs.id"), nullable=False),
    Column("number", Sealed, nullable=False),
    Column("lookup", String(64), nullable=False, unique=True),  # filed under program 0: the line tells the program
    Column("lookup_key", Integer, nullable=False),
    Column("rate", Float, nullable=False),  # SMS segments per second the sender may hand over
    Column("next_free_at", UtcDateTime, nullable=False),
    UniqueConstraint("program_id", "id"),
)

NO_PROGRAM = ProgramId(0)
_KEEP = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class Program:
    """One organisation."""

    id: ProgramId
    slug: str
    name: str
    short: str
    country: str
    zone: str
    language: Lang
    url: str
    quiet_from: int
    quiet_until: int


@dataclass(frozen=True, slots=True)
class Line:
    """A phone number of a program, and the program."""

    id: LineId
    number: str
    program: Program


_PROGRAM = [getattr(programs.c, name) for name in Program.__slots__]
LINES = (
    select(lines.c.id.label("line_id"), lines.c.number, *_PROGRAM)
    .join_from(lines, programs, programs.c.id == lines.c.program_id)
    .order_by(lines.c.id)
)
PROGRAMS = select(*_PROGRAM).order_by(programs.c.id)
PROGRAM = select(*_PROGRAM).where(programs.c.id == bindparam("program_id"))
BY_SLUG = select(*_PROGRAM).where(programs.c.slug == bindparam("slug"))


class Lines:
    """Lines and wordings of every program, which hardly ever change; read again when older than five seconds."""

    def __init__(self) -> None:
        self._known: dict[str, Line] = {}
        self._by_id: dict[LineId, Line] = {}
        self._wordings: dict[tuple[ProgramId, Lang], dict[str, str]] = {}
        self._read_at: datetime | None = None

    def line(self, conn: Connection, number: str, now: datetime) -> Line | None:
        """The line with this E.164 number, or None: not one of ours."""
        self._refresh(conn, now)
        return self._known.get(number)

    def all(self, conn: Connection, now: datetime) -> list[Line]:
        """Every line, oldest first."""
        self._refresh(conn, now)
        return list(self._by_id.values())

    def wordings(self, conn: Connection, program_id: ProgramId, lang: Lang, now: datetime) -> dict[str, str]:
        """The program's own words by catalogue key."""
        self._refresh(conn, now)
        return self._wordings.get((program_id, lang), {})

    def _refresh(self, conn: Connection, now: datetime) -> None:
        if self._read_at is not None and abs(now - self._read_at) < _KEEP:
            return
        found = [_line(row) for row in conn.execute(LINES)]
        self._known = {line.number: line for line in found}
        self._by_id = {line.id: line for line in found}
        self._wordings = all_wordings(conn)
        self._read_at = now


def _line(row: object) -> Line:
    values = row._mapping  # type: ignore[attr-defined]  # SQLAlchemy's documented accessor
    return Line(values["line_id"], values["number"], Program(**{name: values[name] for name in Program.__slots__}))


def all_programs(conn: Connection) -> list[Program]:
    """Every program, oldest first."""
    return [Program(**row._mapping) for row in conn.execute(PROGRAMS)]


def program_by_slug(conn: Connection, slug: str) -> Program | None:
    """One program by its short address."""
    row = conn.execute(BY_SLUG, {"slug": slug}).first()
    return Program(**row._mapping) if row else None


def program_by_id(conn: Connection, program_id: ProgramId) -> Program:
    """One program; an error when it is not there."""
    return Program(**conn.execute(PROGRAM, {"program_id": program_id}).one()._mapping)


def add_line(conn: Connection, program_id: ProgramId, number: str, rate: float, now: datetime) -> LineId:
    """A new phone number of a program."""
    lookup, key = keyring().file_under(NO_PROGRAM, number)
    done = conn.execute(
        lines.insert().values(
            program_id=program_id, number=number, lookup=lookup, lookup_key=key, rate=rate, next_free_at=now
        )
    )
    return LineId(new_id(done))
