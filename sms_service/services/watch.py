"""Sees when the service itself is unwell: database, Redis, disk, clock, Twilio, duties, cases nobody took.

1. The ticker tells of each beat and of each duty, done or failed; that costs it nothing.
2. A look, beside the beat, reads what the rows say and what this machine says.
3. What only time makes grave (Redis away, a duty that fails) is named once it has lasted.
"""

import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from sms_service import clock
from sms_service.carrier.codes import CONFIG, treatment
from sms_service.carrier.twilio import CarrierError
from sms_service.services.desk import Desk
from sms_service.store import condition
from sms_service.store.database import AWAY
from sms_service.store.marks import set_mark

TICKED = "beat:ticker"
"""The mark that says when a ticker was last seen at work."""
LATE = timedelta(seconds=60)
JUMP = timedelta(seconds=30)
LASTS = {"redis": timedelta(seconds=60), "database": timedelta(seconds=20), "write": timedelta(seconds=20)}
FAILS_FOR = timedelta(seconds=60)
FORGOTTEN = timedelta(minutes=15)
"""A duty that was not tried again for so long no longer counts as failing."""
LEAST_FREE = 0.05
TOKEN = frozenset({20003, 401, 403})
"""Twilio knows us, but not by this token."""


@dataclass(frozen=True, slots=True)
class Ailment:
    """Something the operator must know: no words and no numbers of people. `key` tells one from another."""

    kind: str
    what: str
    since: datetime
    program: str = ""
    ids: tuple[str, ...] = ()
    part: str = ""

    @property
    def key(self) -> str:
        """At most 34 characters."""
        return f"{self.kind}:{self.part}"[:34] if self.part else self.kind


@dataclass(frozen=True, slots=True)
class Failing:
    """A duty that failed the last so many times."""

    since: datetime
    last: datetime
    times: int
    kind: str
    code: int
    away: bool


def free_share(folder: Path) -> float:
    """How much of the folder's disk is free, 0..1; 1 where nobody can say."""
    try:
        usage = shutil.disk_usage(folder)
    except OSError:
        return 1.0
    return usage.free / usage.total if usage.total else 1.0


@dataclass(slots=True)
class Watch:
    """What one ticker has seen so far. `free` says how much of the disk is left (0..1)."""

    desk: Desk
    folders: tuple[Path, ...]
    free: Callable[[Path], float] = free_share
    _pulse: tuple[float, datetime] | None = None
    _jumped: Ailment | None = None
    _since: dict[str, datetime] = field(default_factory=dict)
    _failing: dict[str, Failing] = field(default_factory=dict)

    def pulse(self, now: datetime) -> None:
        """One beat: has the clock gone as far as the time that passed?"""
        passed = clock.monotonic()
        if self._pulse is not None:
            astray = (now - self._pulse[1]).total_seconds() - (passed - self._pulse[0])
            if abs(astray) > JUMP.total_seconds():
                way = "forward" if astray > 0 else "back"
                what = f"The clock went {way} by {abs(round(astray))} s between two beats."
                self._jumped = Ailment("clock", what, now)
        self._pulse = passed, now

    def attempted(self, duty: str, error: Exception | None, now: datetime) -> None:
        """A duty was done, or failed."""
        if error is None:
            self._failing.pop(duty, None)
        else:
            before = self._failing.get(duty)
            code = error.code if isinstance(error, CarrierError) else 0
            kind = "SSLError" if "SSLError" in str(error.args[:1]) else type(error).__name__
            since, times = (before.since, before.times + 1) if before else (now, 1)
            self._failing[duty] = Failing(since, now, times, kind, code, isinstance(error, AWAY))

    def look(self, now: datetime) -> list[Ailment]:
        """Everything that ails us now; also leaves the mark that a ticker is at work."""
        found = [*self._database(now), *self._disk(now), *self._duties(now), *self._redis(now)]
        if self._jumped is not None:
            found.append(self._jumped)
            self._jumped = None
        return found

    def _database(self, now: datetime) -> list[Ailment]:
        try:
            with self.desk.db.read() as conn:
                found = list(of_rows(conn, now))
        except SQLAlchemyError:
            return self._lasting("database", True, now, "The database cannot be reached or is too busy.")
        self._lasting("database", False, now, "")
        try:
            with self.desk.db.write() as conn:
                set_mark(conn, TICKED, now.isoformat())
        except (SQLAlchemyError, OSError):
            return found + self._lasting("write", True, now, "The database takes no writes: is the disk full?")
        self._lasting("write", False, now, "")
        return found

    def _redis(self, now: datetime) -> list[Ailment]:
        away = not self.desk.bell.answers()
        return self._lasting("redis", away, now, "Redis is away: the ticker sends what is urgent, the rest waits.")

    def _disk(self, now: datetime) -> Iterator[Ailment]:
        for folder in self.folders:
            share = self.free(folder)
            if share < LEAST_FREE:
                yield Ailment("disk", f"The disk is nearly full: {share:.1%} free.", self._first("disk", now))
                return
        self._since.pop("disk", None)

    def _duties(self, now: datetime) -> Iterator[Ailment]:
        """Those that fail for another reason than a database that is away, which is told by itself."""
        away = bool({"database", "write"} & self._since.keys())
        for duty, one in sorted(self._failing.items()):
            if not timedelta(0) <= now - one.last < FORGOTTEN:
                self._failing.pop(duty, None)
            elif one.code in TOKEN:
                yield Ailment("token", f"Twilio refuses our account or its token ({one.code}).", one.since)
            elif one.kind == "SSLError":
                yield Ailment("certificate", "Twilio's certificate is not accepted on this machine.", one.since)
            elif one.times > 1 and now - one.since >= FAILS_FOR and not (one.away and away):
                what = f"The ticker's duty {duty} keeps failing ({one.kind}{f' {one.code}' if one.code else ''})."
                yield Ailment("duty", what, one.since, part=duty)

    def _lasting(self, kind: str, holds: bool, now: datetime, what: str) -> list[Ailment]:
        if not holds:
            self._since.pop(kind, None)
            return []
        since = self._first(kind, now)
        return [Ailment(kind, what, since)] if now - since >= LASTS[kind] else []

    def _first(self, kind: str, now: datetime) -> datetime:
        return self._since.setdefault(kind, now)


def of_rows(conn: Connection, now: datetime) -> Iterator[Ailment]:
    """What the rows say, of every program."""
    late = condition.late_urgent(conn, now - LATE)
    if late:
        since = min(row.born_at if row.tries else row.due_at for row in late)
        ids = tuple(f"outbox:{row.id}" for row in late[:5])
        yield Ailment("late", f"{len(late)} urgent message(s) due for more than 60 s have not gone.", since, ids=ids)
    yield from _codes(conn, now)
    lost = condition.lost_pages(conn, condition.recently(now))
    yield from _about(lost, "pages", "A page did not reach anybody and nobody has the case yet: case {}.")
    yield from _about(condition.untaken_incidents(conn), "nobody", "Nobody took a case in time: case {}.")


def _codes(conn: Connection, now: datetime) -> Iterator[Ailment]:
    broken = [one for one in condition.stuck_codes(conn) if treatment(one.code) is CONFIG]
    if any(one.code in TOKEN for one in broken):
        since = min(one.since for one in broken if one.code in TOKEN)
        yield Ailment("token", f"Twilio refuses our account or its token ({_codes_of(broken)}).", since)
    elif broken:
        what = f"Twilio takes nothing until its configuration is mended ({_codes_of(broken)})."
        yield Ailment("config", what, min(one.since for one in broken))
    failed = condition.failed_codes(conn, condition.recently(now))
    refused = [one for one in failed if one.code and treatment(one.code).alert]
    if refused:
        count = sum(one.count for one in refused)
        what = f"Twilio or a carrier refused {count} message(s) in the last hour ({_codes_of(refused)})."
        yield Ailment("refused", what, min(one.since for one in refused))


def _codes_of(codes: Iterable[condition.Code]) -> str:
    return ", ".join(str(code) for code in sorted({one.code for one in codes}))


def _about(troubles: list[condition.CaseTrouble], kind: str, what: str) -> Iterator[Ailment]:
    """One for each program, whatever the number of its cases."""
    for program_id in sorted({one.program_id for one in troubles}):
        of = [one for one in troubles if one.program_id == program_id]
        named = ", ".join(str(one.case_no) for one in of[:5])
        ids = tuple(f"c:{one.slug}:{one.case_no}" for one in of[:5])
        since = min(one.since for one in of)
        yield Ailment(kind, what.format(named), since, of[0].slug, ids, part=str(program_id))
