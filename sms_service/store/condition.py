"""How the service itself is doing, read for operators: doctor, alerts, metrics. Counts and ids only."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Select, Text, and_, bindparam, func, or_, select, text, type_coerce

from sms_service.domain.words import LANES, Lane, ProgramId
from sms_service.store.cases import cases
from sms_service.store.inbounds import inbounds
from sms_service.store.outbox import outbox
from sms_service.store.people import people
from sms_service.store.programs import lines, programs

LIVE_ROW = text("outbox.state IN ('due', 'sending', 'unsure')")
AILING_ROW = text("outbox.state IN ('failed', 'withheld', 'expired', 'unsure')")
OPEN_CASE = text("cases.state != 'closed'")
"""Word for word as the partial indexes have them, or SQLite would not use those."""

_PROGRAMS = select(programs.c.id).order_by(programs.c.id)
"""Asked for one by one below: the indexes begin with the program, and the tables hold years."""
_OF_IT = outbox.c.program_id == bindparam("program_id")
_LATE = select(outbox.c.id, outbox.c.born_at, outbox.c.due_at, outbox.c.tries).where(
    _OF_IT, LIVE_ROW, outbox.c.lane == 0, outbox.c.state == "due",
    or_(outbox.c.due_at <= bindparam("since"), and_(outbox.c.tries > 0, outbox.c.born_at <= bindparam("since"))),
)  # fmt: skip
_PAGES = (
    select(programs.c.id, programs.c.slug, cases.c.case_no, func.min(outbox.c.settled_at).label("since"))
    .join_from(programs, outbox, outbox.c.program_id == programs.c.id)
    .join(cases, and_(cases.c.program_id == outbox.c.program_id, cases.c.id == outbox.c.case_id))
    .where(
        _OF_IT, AILING_ROW, OPEN_CASE, cases.c.state == "open", outbox.c.why == "page", outbox.c.state != "unsure",
        outbox.c.settled_at >= bindparam("since"),
    )
    .group_by(programs.c.id, programs.c.slug, cases.c.case_no)
    .order_by(cases.c.case_no)
)  # fmt: skip
_NOBODY = (
    select(programs.c.id, programs.c.slug, cases.c.case_no, cases.c.incident_at.label("since"))
    .join_from(programs, cases, cases.c.program_id == programs.c.id)
    .where(OPEN_CASE, cases.c.state == "open", cases.c.incident_at.is_not(None))
    .order_by(programs.c.id, cases.c.case_no)
)
_STUCK = select(outbox.c.error_code, func.min(outbox.c.born_at).label("since"), func.count().label("n")).where(
    LIVE_ROW, outbox.c.state == "due", outbox.c.error_code.is_not(None)
).group_by(outbox.c.error_code)  # fmt: skip
_FAILED = (
    select(outbox.c.error_code, func.min(outbox.c.settled_at).label("since"), func.count().label("n"))
    .where(_OF_IT, AILING_ROW, outbox.c.state == "failed", outbox.c.settled_at >= bindparam("since"))
    .group_by(outbox.c.error_code)
)
_OWED = (
    select(outbox.c.lane, outbox.c.state, func.count().label("n"), func.min(outbox.c.due_at).label("oldest"))
    .where(LIVE_ROW)
    .group_by(outbox.c.lane, outbox.c.state)
)
_WAITING = (
    select(outbox.c.lane, func.count().label("n"))
    .where(LIVE_ROW, outbox.c.state == "due", outbox.c.due_at <= bindparam("now"))
    .group_by(outbox.c.lane)
)
_SETTLED = (
    select(outbox.c.state, func.count().label("n"))
    .where(_OF_IT, AILING_ROW, outbox.c.settled_at >= bindparam("since"))
    .group_by(outbox.c.state)
)


@dataclass(frozen=True, slots=True)
class CaseTrouble:
    """A case something is wrong with, by the ids a coordinator knows."""

    program_id: ProgramId
    slug: str
    case_no: int
    since: datetime


@dataclass(frozen=True, slots=True)
class Code:
    """Messages with one of Twilio's codes: how many, since when."""

    code: int
    since: datetime
    count: int


@dataclass(frozen=True, slots=True)
class Owing:
    """Messages of one lane in one state, and when the first of them was due."""

    lane: Lane
    state: str
    count: int
    oldest: datetime


def _of_each(conn: Connection, query: Select[Any], since: datetime) -> list[Any]:
    programs_there = list(conn.scalars(_PROGRAMS))
    return [row for one in programs_there for row in conn.execute(query, {"program_id": one, "since": since})]


def late_urgent(conn: Connection, before: datetime) -> list[Any]:
    """Urgent rows that were due before then and have not gone, tried or not: id, born_at, due_at, tries."""
    return sorted(_of_each(conn, _LATE, before), key=lambda row: int(row.id))


def lost_pages(conn: Connection, since: datetime) -> list[CaseTrouble]:
    """Cases still waiting for somebody of which a page since then failed, was withheld or expired."""
    return [CaseTrouble(*row) for row in _of_each(conn, _PAGES, since)]


def untaken_incidents(conn: Connection) -> list[CaseTrouble]:
    """Cases that nobody took within their ladder, as long as nobody has."""
    return [CaseTrouble(*row) for row in conn.execute(_NOBODY)]


def stuck_codes(conn: Connection) -> list[Code]:
    """Twilio's answers to the last try of what is due again."""
    return [Code(*row) for row in conn.execute(_STUCK)]


def failed_codes(conn: Connection, since: datetime) -> list[Code]:
    """The codes of what failed for good since then."""
    return [Code(row.error_code or 0, row.since, row.n) for row in _of_each(conn, _FAILED, since)]


def owed(conn: Connection) -> list[Owing]:
    """Everything not settled yet, by lane and state."""
    return [Owing(LANES[row.lane], row.state, row.n, row.oldest) for row in conn.execute(_OWED)]


def waiting(conn: Connection, now: datetime) -> dict[Lane, int]:
    """How many messages are due by now, by lane."""
    return {LANES[row.lane]: row.n for row in conn.execute(_WAITING, {"now": now})}


def ailing(conn: Connection, since: datetime) -> dict[str, int]:
    """How many messages failed, expired, were withheld or became unsure since then."""
    counted: Counter[str] = Counter()
    for row in _of_each(conn, _SETTLED, since):
        counted[row.state] += row.n
    return dict(counted)


def sealed_sample(conn: Connection, most: int = 50) -> list[str]:
    """Sealed values as they are stored: of the oldest and the newest people, the newest texts, every line."""
    number, words = type_coerce(people.c.number, Text), type_coerce(inbounds.c.body, Text)
    looks = (
        select(number).order_by(people.c.id).limit(most),
        select(number).order_by(people.c.id.desc()).limit(most),
        select(words).order_by(inbounds.c.id.desc()).limit(most),
        select(type_coerce(lines.c.number, Text)),
    )
    return [value for look in looks for value in conn.scalars(look)]


def database_time(conn: Connection) -> datetime | None:
    """The clock of the machine the database is on; None on SQLite, which has ours."""
    if conn.dialect.name == "sqlite":
        return None
    told: datetime = conn.execute(text("SELECT clock_timestamp()")).scalar_one()
    return told


def recently(now: datetime) -> datetime:
    """Since when something counts as recent: an hour."""
    return now - timedelta(hours=1)
