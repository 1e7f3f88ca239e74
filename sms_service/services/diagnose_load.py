"""Is there an hour in the next day at which more is due than a line carries?"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sms_service.services.finding import Finding, ok, warn
from sms_service.store.database import Database
from sms_service.store.load import LineLoad, loads

DAY = timedelta(hours=24)
HOUR = timedelta(hours=1)
SLOT = timedelta(minutes=20)
"""In steps of this a better time is proposed."""
PATIENCE = timedelta(minutes=10)
"""A question that comes later than this after its hour is late."""


@dataclass(frozen=True, slots=True)
class Crowd:
    """An hour (by the program's clock) at which a line is slow: what is due in it, and how late the last one goes."""

    at: datetime
    due: int
    carries: int
    late: timedelta
    better: datetime | None


def next_day(db: Database, now: datetime) -> Iterator[Finding]:
    """One finding a line."""
    with db.read() as conn:
        found = loads(conn, now, now + DAY)
    for line in found:
        name = f"{line.slug}, line {line.line_id} ({line.rate:g} segments/s)"
        full = crowds(line, now)
        if not full:
            due = sum(segments for _at, segments in line.due)
            yield ok("load", f"{name}: {due:,} segments due in the next 24 h, none of it late")
        for crowd in full:
            yield warn("load", f"{name}: {sentence(crowd)}", advice(crowd))


def crowds(line: LineLoad, now: datetime) -> list[Crowd]:
    """The hours whose last text would go out later than ten minutes after it was due."""
    zone = ZoneInfo(line.zone)
    lateness: dict[datetime, timedelta] = {}
    due: dict[datetime, int] = {}
    free_at = now
    for at, segments in line.due:
        free_at = max(free_at, at) + timedelta(seconds=segments / line.rate)
        hour = at.astimezone(zone).replace(minute=0, second=0, microsecond=0)
        due[hour] = due.get(hour, 0) + segments
        lateness[hour] = max(lateness.get(hour, timedelta()), free_at - at)
    carries = int(line.rate * HOUR.total_seconds())
    return [
        Crowd(hour, due[hour], carries, late, _room_after(line, hour))
        for hour, late in sorted(lateness.items())
        if late > PATIENCE
    ]


def _room_after(line: LineLoad, hour: datetime) -> datetime | None:
    """The first twenty minutes after the start of this hour in which less than half of what fits is due."""
    fits = line.rate * SLOT.total_seconds()
    for n in range(1, 12):
        start = hour + n * SLOT
        if sum(segments for at, segments in line.due if start <= at < start + SLOT) < fits / 2:
            return start
    return None


def sentence(crowd: Crowd) -> str:
    """ "7 pm is full: 4,120 segments due, the line carries 3,600 an hour"; crowded: less, but due at once."""
    state = "full" if crowd.due > crowd.carries else "crowded"
    told = f"{clock(crowd.at)} is {state}: {crowd.due:,} segments due, the line carries {crowd.carries:,} an hour"
    return f"{told}; the last goes out {round(crowd.late / timedelta(minutes=1))} min late"


def advice(crowd: Crowd) -> str:
    """What would help."""
    if crowd.better is None:
        return "ask for a faster line, or spread the hours"
    return f"move some members to {clock(crowd.better)}?"


def clock(at: datetime) -> str:
    """7 pm, 7:20 pm."""
    minutes = f":{at.minute:02}" if at.minute else ""
    return f"{(at.hour - 1) % 12 + 1}{minutes} {'am' if at.hour < 12 else 'pm'}"
