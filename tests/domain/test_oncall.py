"""Shifts by the wall clock (SCENARIOS.md 24) and the rota in words."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms_service.domain.oncall import ALWAYS, LONGEST, Shift, covers, hours_text

NEW_YORK, LOS_ANGELES = "America/New_York", "America/Los_Angeles"
EVERY_DAY = frozenset(range(7))
WEEKDAYS = frozenset(range(5))
FRIDAY_NIGHT = Shift(frozenset({4}), 22 * 60, 6 * 60, NEW_YORK)
SHIFTS = st.builds(
    Shift,
    st.frozensets(st.integers(0, 6), min_size=1),
    st.integers(0, 1439),
    st.integers(0, 1439),
    st.sampled_from([NEW_YORK, LOS_ANGELES, "Europe/London"]),
)


def local(month: int, day: int, hour: int, minute: int = 0, second: int = 0, fold: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, second, tzinfo=ZoneInfo(NEW_YORK), fold=fold)


@pytest.mark.parametrize(
    ("at", "on"),
    [
        (local(11, 27, 21, 59), False),  # Friday
        (local(11, 27, 22), True),
        (local(11, 27, 23, 59, 30), True),
        (local(11, 28, 2), True),
        (local(11, 28, 6), False),
        (local(11, 27, 2), False),
        (local(11, 28, 22), False),
    ],
)
def test_friday_night_ends_on_saturday_morning(at: datetime, on: bool) -> None:
    assert covers(FRIDAY_NIGHT, at) is on


def test_a_shift_to_2359_leaves_no_hole_before_midnight() -> None:
    evening = Shift(EVERY_DAY, 18 * 60, 23 * 60 + 59, NEW_YORK)
    assert covers(evening, local(11, 27, 23, 59, 30))
    assert not covers(evening, local(11, 28, 0))


def test_a_shift_that_ends_when_it_starts_is_a_day_long() -> None:
    monday = Shift(frozenset({0}), 8 * 60, 8 * 60, NEW_YORK)
    assert [covers(monday, local(11, day, hour)) for day, hour in ((23, 7), (23, 8), (24, 7), (24, 8))] == [
        False,
        True,
        True,
        False,
    ]


def test_clock_change_nights_are_covered_whole() -> None:
    """From 22:00 to 6:00 by the wall: seven hours in March, nine in November."""
    for start, hours in ((local(3, 7, 22), 7), (local(10, 31, 22), 9)):
        night = Shift(EVERY_DAY, 22 * 60, 6 * 60, NEW_YORK)
        begun = start.astimezone(UTC)
        assert all(covers(night, begun + timedelta(minutes=n)) for n in range(hours * 60))
        assert not covers(night, begun + timedelta(hours=hours))


@given(st.datetimes(timezones=st.just(UTC), min_value=datetime(2000, 1, 1), max_value=datetime(2050, 1, 1)))  # noqa: DTZ001
def test_always_is_always(at: datetime) -> None:
    assert covers(ALWAYS, at)


@pytest.mark.parametrize(
    ("shifts", "zone", "lang", "told"),
    [
        ([], NEW_YORK, "en", "when we can"),
        ([ALWAYS], NEW_YORK, "en", "day and night"),
        ([ALWAYS], NEW_YORK, "es", "las 24 horas"),
        ([Shift(WEEKDAYS, 18 * 60, 22 * 60, NEW_YORK)], NEW_YORK, "en", "Mon-Fri 6p-10p"),
        ([Shift(WEEKDAYS, 18 * 60, 22 * 60, NEW_YORK)], LOS_ANGELES, "en", "Mon-Fri 3p-7p"),
        ([Shift(WEEKDAYS, 18 * 60, 22 * 60, NEW_YORK)], NEW_YORK, "es", "L-V 18-22h"),
        ([FRIDAY_NIGHT], NEW_YORK, "en", "Fri 10p-6a"),
        ([Shift(EVERY_DAY, 18 * 60 + 30, 22 * 60 + 30, NEW_YORK)], NEW_YORK, "en", "6:30p-10:30p"),
        (
            [Shift(EVERY_DAY, 0, 720, NEW_YORK), Shift(EVERY_DAY, 720, 0, NEW_YORK)],
            NEW_YORK,
            "en",
            "day and night",
        ),
        ([FRIDAY_NIGHT, Shift(frozenset({1}), 0, 60, NEW_YORK)], NEW_YORK, "en", "at set hours"),
    ],
)
def test_the_rota_is_told_in_a_few_words(shifts: list[Shift], zone: str, lang: str, told: str) -> None:
    assert hours_text(shifts, zone, lang) == told


@given(st.lists(SHIFTS, max_size=3), st.sampled_from(["en", "es"]))
def test_the_rota_fits_its_place_in_the_text(shifts: list[Shift], lang: str) -> None:
    """At most 16 characters, all of them GSM-7."""
    told = hours_text(shifts, NEW_YORK, lang)
    assert 0 < len(told) <= LONGEST
    assert told.isascii()
