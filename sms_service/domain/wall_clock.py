"""From local wall-clock times to instants, right over both clock changes."""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

SECOND = timedelta(seconds=1)


@cache
def instants(day: date, minute: int, zone: str) -> tuple[datetime, ...]:
    """The UTC instants, in order, at which clocks in `zone` show this minute (0..1439) of the day.

    Two where a clock change repeats it. Where it is skipped, the first instant after the gap.
    """
    local = datetime.combine(day, time(minute // 60, minute % 60), ZoneInfo(zone))
    first, second = local.astimezone(UTC), local.replace(fold=1).astimezone(UTC)
    if first == second:
        return (first,)
    if first < second:  # repeated
        return first, second
    return (_end_of_gap(second, first, zone),)


def _end_of_gap(before: datetime, after: datetime, zone: str) -> datetime:
    """The first instant of the new offset; `before` still has the old one, `after` the new one."""
    offset = after.astimezone(ZoneInfo(zone)).utcoffset()
    while after - before > SECOND:
        middle = before + (after - before) // 2 // SECOND * SECOND
        if middle.astimezone(ZoneInfo(zone)).utcoffset() == offset:
            after = middle
        else:
            before = middle
    return after
