"""Three texts a day that nobody asked for, the weightier ones first (CONVERSATION.md 11)."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms_service.domain.unprompted import MOST_A_DAY, RANKS, Kind, day_of, has_room

ZONES = ("America/New_York", "America/Los_Angeles", "Pacific/Honolulu", "America/Santiago", "UTC")


@pytest.mark.parametrize("kind", RANKS)
def test_the_third_goes_and_the_fourth_does_not(kind: Kind) -> None:
    assert has_room(kind, 2)
    assert not has_room(kind, 3)


def test_a_survey_leaves_room_for_the_check_in_and_the_reminder_of_the_evening() -> None:
    assert has_room("survey", 0, ("check_in", "reminder"))
    assert not has_room("survey", 1, ("check_in", "reminder"))
    assert has_room("survey", 1, ("check_in",))


def test_what_ranks_below_or_beside_keeps_no_place() -> None:
    assert has_room("check_in", 2, ("referral", "survey", "check_in"))
    assert not has_room("check_in", 2, ("reminder",))


@given(st.lists(st.sampled_from(RANKS), max_size=8), st.integers(0, 8))
def test_whatever_is_due_no_more_than_three_go(due: list[Kind], sent: int) -> None:
    gone = sent
    for place, kind in enumerate(due):
        gone += has_room(kind, gone, due[place + 1 :])
    assert gone <= max(sent, MOST_A_DAY)


@given(st.integers(0, 3 * 366 * 24 * 60), st.sampled_from(ZONES))
def test_a_day_holds_its_moment_and_lasts_as_long_as_the_clocks_say(minutes: int, zone: str) -> None:
    """23 to 25 hours: where midnight is skipped it begins at the first instant after the gap."""
    moment = datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    first, last = day_of(moment, zone)
    assert first <= moment < last
    assert timedelta(hours=23) <= last - first <= timedelta(hours=25)
    assert day_of(last, zone)[0] == last
