"""Quiet hours and chosen hours, in any zone, across both clock changes."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms_service.domain.quiet import CLOSES, OPENS, Rhythm, allowed, next_allowed, next_local
from sms_service.domain.wall_clock import instants

NEW_YORK, LOS_ANGELES = "America/New_York", "America/Los_Angeles"
ZONES = st.sampled_from(
    [
        NEW_YORK,
        LOS_ANGELES,
        "America/Phoenix",
        "Pacific/Honolulu",
        "Europe/London",
        "Australia/Lord_Howe",
        "Asia/Kolkata",
    ]
)
INSTANTS = st.datetimes(datetime(2024, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
MINUTES = st.integers(0, 1439)


@given(INSTANTS, st.lists(ZONES, min_size=1, max_size=3), MINUTES, MINUTES)
def test_the_next_allowed_instant_is_the_first_one(at: datetime, zones: list[str], start: int, end: int) -> None:
    """Not before it was asked for, inside every window unless they share no hour, and nothing earlier is."""
    found = next_allowed(at, zones, start, end)
    assert found >= at
    if all(allowed(found, zone, start, end) for zone in zones):
        step = max(timedelta(minutes=1), (found - at) / 40)
        earlier = (at + n * step for n in range(40) if at + n * step < found)
        assert not any(all(allowed(instant, zone, start, end) for zone in zones) for instant in earlier)
    else:
        assert found == next_allowed(at, zones[:1], start, end)


@given(INSTANTS, ZONES)
def test_allowed_is_left_alone(at: datetime, zone: str) -> None:
    if allowed(at, zone):
        assert next_allowed(at, [zone]) == at


def test_two_zones_share_what_both_allow() -> None:
    """9 to 20 in New York and Los Angeles together is noon to 20 Eastern."""
    at = datetime(2026, 1, 15, 14, 30, tzinfo=UTC)  # 9:30 Eastern
    assert next_allowed(at, [NEW_YORK, LOS_ANGELES]) == datetime(2026, 1, 15, 17, 0, tzinfo=UTC)
    late = datetime(2026, 1, 16, 1, 0, tzinfo=UTC)  # 20:00 Eastern
    assert next_allowed(late, [NEW_YORK, LOS_ANGELES]) == datetime(2026, 1, 16, 17, 0, tzinfo=UTC)


def test_zones_that_share_no_hour_fall_back_to_the_first() -> None:
    at = datetime(2026, 1, 15, 3, 0, tzinfo=UTC)
    assert next_allowed(at, ["Asia/Tokyo", NEW_YORK], OPENS, OPENS + 60) == datetime(2026, 1, 16, tzinfo=UTC)


@pytest.mark.parametrize(("hour", "inside"), [(9, True), (19, True), (20, False), (8, False)])
def test_the_window_is_nine_to_twenty(hour: int, inside: bool) -> None:
    at = datetime(2026, 7, 1, hour, 0, tzinfo=ZoneInfo(NEW_YORK))
    assert allowed(at, NEW_YORK, OPENS, CLOSES) is inside


@given(MINUTES, ZONES, INSTANTS, st.sampled_from(["daily", "weekdays", "weekly"]))
def test_the_next_local_time_is_later_and_shows_that_time(
    minute: int, zone: str, after: datetime, days: Rhythm
) -> None:
    """Strictly after, within eight days, at that minute by the wall unless a clock change skips it."""
    found = next_local(minute, zone, after, days)
    local = found.astimezone(ZoneInfo(zone))
    assert after < found <= after + timedelta(days=8)
    assert days != "weekdays" or local.weekday() < 5
    assert days != "weekly" or local.weekday() == after.astimezone(ZoneInfo(zone)).weekday()
    shown = local.hour * 60 + local.minute
    assert shown == minute or (found - timedelta(seconds=1)).astimezone(ZoneInfo(zone)).utcoffset() != local.utcoffset()


def test_a_skipped_time_comes_at_the_end_of_the_gap() -> None:
    """2:30 does not exist in New York on 8 March 2026: 3:00 EDT."""
    assert next_local(150, NEW_YORK, datetime(2026, 3, 8, 5, tzinfo=UTC)) == datetime(2026, 3, 8, 7, tzinfo=UTC)


def test_a_repeated_time_comes_once() -> None:
    """1:30 is twice on 1 November 2026: the first one, then tomorrow's."""
    first = next_local(90, NEW_YORK, datetime(2026, 11, 1, 4, tzinfo=UTC))
    assert first == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)
    assert next_local(90, NEW_YORK, first) == datetime(2026, 11, 2, 6, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("after", "due"),
    [
        (datetime(2026, 3, 7, 23, tzinfo=UTC), datetime(2026, 3, 8, 22, tzinfo=UTC)),  # 18:00 EST, then EDT
        (datetime(2026, 10, 31, 22, tzinfo=UTC), datetime(2026, 11, 1, 23, tzinfo=UTC)),  # and back
    ],
)
def test_six_in_the_evening_stays_six_across_the_clock_change(after: datetime, due: datetime) -> None:
    assert next_local(18 * 60, NEW_YORK, after) == due


def test_weekly_can_name_its_day() -> None:
    monday = datetime(2026, 11, 23, 12, tzinfo=UTC)
    assert next_local(18 * 60, NEW_YORK, monday, "weekly", weekday=3).astimezone(ZoneInfo(NEW_YORK)).weekday() == 3


@given(st.dates(date(2024, 1, 1), date(2028, 1, 1)), MINUTES, ZONES)
def test_instants_are_in_order(day: date, minute: int, zone: str) -> None:
    """One or two, never none, the first one first."""
    found = instants(day, minute, zone)
    assert list(found) == sorted(set(found))
    assert 1 <= len(found) <= 2
