"""BREAK: an hour or days; what can't be read is asked, not guessed."""

from datetime import timedelta

import pytest

from tests.house import SAM, House


@pytest.mark.parametrize(
    ("words", "days"), [("BREAK 3 days", 3), ("descanso 2 dias", 2), ("BREAK for 1 week", 7), ("break three days", 3)]
)
def test_a_break_of_days_is_days(house: House, words: str, days: int) -> None:
    house.text(SAM, words)
    assert house.person(SAM).off_until == house.now + timedelta(days=days)


def test_a_break_until_an_hour_is_until_that_hour(house: House) -> None:
    house.text(SAM, "BREAK 14:00")
    assert house.person(SAM).off_until == house.now + timedelta(hours=2)


@pytest.mark.parametrize("words", ["BREAK", "BREAK 45", "BREAK 25:30"])
def test_a_break_without_a_readable_end_is_asked_for_it(house: House, words: str) -> None:
    (said,) = house.says(SAM, words)
    assert "BREAK 3 days" in said
    assert house.person(SAM).off_until is None
