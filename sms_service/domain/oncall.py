"""When a shift is on, by the wall clock of its own zone, and the rota in a few words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

DAY = 24 * 60
LAST_MINUTE = DAY - 1
WEEK = 7 * DAY
LONGEST = 16
WINTER = datetime(2025, 1, 13, 12, tzinfo=UTC)  # any day without a clock change near

_ENGLISH = {
    "none": "when we can",
    "all": "day and night",
    "some": "at set hours",
    "daily": "daily",
    "days": "Mon Tue Wed Thu Fri Sat Sun",
}
_SPANISH = {
    "none": "cuando podamos",
    "all": "las 24 horas",
    "some": "a horas fijas",
    "daily": "diario",
    "days": "L M X J V S D",
}


@dataclass(frozen=True, slots=True)
class Shift:
    """A weekly stretch of duty. `weekdays` (0 = Monday) are those it starts on; minutes are local.

    An end at or before the start is on the next day; 23:59 means midnight, so that no minute is left out.
    """

    weekdays: frozenset[int]
    start: int
    end: int
    zone: str  # IANA
    always: bool = False

    @property
    def length(self) -> int:
        """How many minutes by the wall clock, 1..1440."""
        end = DAY if self.end == LAST_MINUTE else self.end
        return (end - self.start) % DAY or DAY


ALWAYS = Shift(frozenset(range(7)), 0, 0, "UTC", always=True)


def covers(shift: Shift, at: datetime) -> bool:
    """Whether the shift is on at this aware instant; an hour repeated by a clock change counts twice."""
    if shift.always:
        return True
    local = at.astimezone(ZoneInfo(shift.zone))
    since_start = local.hour * 60 + local.minute - shift.start
    if since_start >= 0:
        return local.weekday() in shift.weekdays and since_start < shift.length
    return (local.weekday() - 1) % 7 in shift.weekdays and since_start + DAY < shift.length


def hours_text(shifts: Iterable[Shift], zone: str, lang: str, now: datetime | None = None) -> str:
    """The rota in at most 16 GSM-7 characters, by the clocks of `zone`: "day and night", "Mon-Fri 6p-10p".

    `now` fixes the offset between zones (default: winter). What does not fit becomes "at set hours"; nobody
    on the rota, "when we can": both also finish "We are back ..." and "Volunteers ...".
    """
    return _told(tuple(shifts), zone, lang, now or WINTER)


@lru_cache(maxsize=512)  # a week has many minutes, and a rota hardly ever changes
def _told(shifts: tuple[Shift, ...], zone: str, lang: str, now: datetime) -> str:
    words = _SPANISH if lang == "es" else _ENGLISH
    week = _week(shifts, zone, now)
    if not week:
        return words["none"]
    if week == {0: WEEK}:
        return words["all"]
    by_hours: dict[tuple[int, int], list[int]] = {}
    for start, length in sorted(week.items()):
        by_hours.setdefault((start % DAY, length), []).append(start // DAY)
    if len(by_hours) != 1:
        return words["some"]
    ((start, length), days), *_ = by_hours.items()
    on, between = _days(days, words), _span(start, (start + length) % DAY, lang)
    shorter = between if on == words["daily"] else on
    return next((told for told in (f"{on} {between}", shorter) if len(told) <= LONGEST), words["some"])


def _week(shifts: Iterable[Shift], zone: str, now: datetime) -> dict[int, int]:
    """Stretches of duty by the clock of `zone`, merged: minute of the week they start -> their minutes."""
    on = [False] * WEEK
    for shift in shifts:
        offset = _minutes_ahead(zone, now) - _minutes_ahead(shift.zone, now)
        for day in range(7) if shift.always else shift.weekdays:
            for minute in range(DAY if shift.always else shift.length):
                on[(day * DAY + shift.start + minute + offset) % WEEK] = True
    if all(on):
        return {0: WEEK}
    starts = [minute for minute in range(WEEK) if on[minute] and not on[minute - 1]]
    return {start: next(n for n in range(WEEK) if not on[(start + n) % WEEK]) for start in starts}


def _minutes_ahead(zone: str, now: datetime) -> int:
    ahead = now.astimezone(ZoneInfo(zone)).utcoffset() or timedelta()
    return int(ahead / timedelta(minutes=1))


def _days(days: list[int], words: dict[str, str]) -> str:
    """ "daily", "Fri", "Mon-Fri", "Sat,Mon": days in a row are joined, around the week's end too."""
    names = words["days"].split()
    if len(days) == len(names):
        return words["daily"]
    for first in days:
        row = [(first + n) % 7 for n in range(len(days))]
        if len(days) > 1 and set(row) == set(days):
            return f"{names[first]}-{names[row[-1]]}"
    return ",".join(names[day] for day in days)


def _span(start: int, end: int, lang: str) -> str:
    if lang == "es":
        return f"{_clock(start)}-{_clock(end) if end else '24'}h"
    return f"{_twelve(start)}-{_twelve(end)}"


def _clock(minute: int) -> str:
    hour, rest = divmod(minute, 60)
    return f"{hour}:{rest:02}" if rest else f"{hour}"


def _twelve(minute: int) -> str:
    return f"{_clock((minute - 60) % (DAY // 2) + 60)}{'a' if minute < DAY // 2 else 'p'}"
