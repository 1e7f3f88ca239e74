"""When a text nobody is waiting for may go out: quiet hours, and the next time somebody chose."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Literal, TypeAlias
from zoneinfo import ZoneInfo

from sms_service.domain.wall_clock import instants

Rhythm: TypeAlias = Literal["daily", "weekdays", "weekly"]

OPENS = 9 * 60
CLOSES = 20 * 60
DAY = 24 * 60
ONE_DAY = timedelta(days=1)
SATURDAY = 5
ROUNDS = 60


def allowed(at: datetime, zone: str, start_minute: int = OPENS, end_minute: int = CLOSES) -> bool:
    """Whether the instant lies in the zone's window; the end is outside it, start = end is all day."""
    local = at.astimezone(ZoneInfo(zone))
    into = local.hour * 60 + local.minute - start_minute
    return into % DAY < ((end_minute - start_minute) % DAY or DAY)


def next_allowed(at: datetime, zones: Iterable[str], start_minute: int = OPENS, end_minute: int = CLOSES) -> datetime:
    """The first instant from `at` on that lies in the window of every zone (47 CFR 64.1200(c)(1): 8 to 21).

    No zone at all counts as UTC. Zones too far apart to share an hour: the window of the first one.
    """
    everywhere = tuple(zones) or ("UTC",)
    found = at.astimezone(UTC)
    for _ in range(ROUNDS):
        shut = [zone for zone in everywhere if not allowed(found, zone, start_minute, end_minute)]
        if not shut:
            return found
        found = max(_opening(found, zone, start_minute, end_minute) for zone in shut)
    return next_allowed(at, everywhere[:1], start_minute, end_minute)


def _opening(at: datetime, zone: str, start_minute: int, end_minute: int) -> datetime:
    """The first instant after `at`, which is outside, at which the window of the zone opens."""
    day = at.astimezone(ZoneInfo(zone)).date()
    near = (instants(day + n * ONE_DAY, start_minute, zone) for n in (-1, 0, 1, 2))
    later = (instant for both in near for instant in both if instant > at)
    return min(instant for instant in later if allowed(instant, zone, start_minute, end_minute))


def next_local(minute: int, zone: str, after: datetime, days: Rhythm = "daily", weekday: int | None = None) -> datetime:
    """The next instant strictly after `after` with this local minute (0..1439) on a day of the rhythm.

    Weekly means the given weekday (0 = Monday), else the one that `after` is there. A time that a clock
    change skips comes at the first instant after the gap; one that it repeats, the first time only.
    """
    today = after.astimezone(ZoneInfo(zone)).date()
    wanted = today.weekday() if weekday is None else weekday
    for ahead in range(-1, 16):
        day = today + ahead * ONE_DAY
        if days == "weekdays" and day.weekday() >= SATURDAY:
            continue
        if days == "weekly" and day.weekday() != wanted:
            continue
        instant = instants(day, minute, zone)[0]
        if instant > after:
            return instant
    raise AssertionError("a fortnight holds every weekday twice")
