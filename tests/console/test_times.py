"""Times in words: for any moment short, never negative, and by the clock of the program's town."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms_service.console.times import ago, lasted, on_the_wall

NOW = datetime(2026, 3, 8, 7, 30, tzinfo=UTC)  # in New York half an hour after clocks went forward


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(seconds=59), "under a minute"),
        (timedelta(minutes=1), "1 min"),
        (timedelta(minutes=119), "119 min"),
        (timedelta(hours=2), "2 h"),
        (timedelta(hours=47, minutes=59), "47 h"),
        (timedelta(days=2), "2 days"),
        (timedelta(seconds=-5), "under a minute"),
    ],
)
def test_a_length_of_time_in_words(span: timedelta, words: str) -> None:
    assert lasted(span) == words


def test_the_last_minute_is_just_now_and_so_is_a_clock_that_is_ahead() -> None:
    assert ago(NOW, NOW) == "just now"
    assert ago(NOW + timedelta(hours=1), NOW) == "just now"
    assert ago(NOW - timedelta(minutes=5), NOW) == "5 min ago"


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (datetime(2026, 3, 8, 6, 59, tzinfo=UTC), "01:59"),
        (datetime(2026, 3, 8, 7, 0, tzinfo=UTC), "03:00"),
        (datetime(2026, 3, 8, 4, 59, tzinfo=UTC), "Sat 23:59"),
        (datetime(2026, 3, 2, 5, 0, tzinfo=UTC), "Mon 00:00"),
        (datetime(2026, 3, 2, 4, 59, tzinfo=UTC), "1 Mar 23:59"),
        (datetime(2026, 3, 9, 12, 0, tzinfo=UTC), "9 Mar 08:00"),
    ],
)
def test_a_moment_by_the_clock_on_the_wall(at: datetime, words: str) -> None:
    assert on_the_wall(at, "America/New_York", NOW) == words


@given(st.datetimes(timezones=st.just(UTC)))
def test_any_moment_has_short_words(at: datetime) -> None:
    assert 0 < len(ago(at, NOW)) <= 16
