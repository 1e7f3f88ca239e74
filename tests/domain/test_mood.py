"""Moods as people type them (SCENARIOS.md 2)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms_service.domain.mood import band, parse_mood

SEVEN = [
    "7",
    " 7/10",
    "seven",
    "siete",
    "about a 7 today",
    "7️⃣",
    "un 7",
    "７",
    "7!",
    "7.",
    "I'm at a 7",
    "7 out of 10",
    "7 because my dog died",
    "7, work was hard",
    "7\r\n-Sam",
    "7 -Sam",
    "maybe a 7",
    "mood: 7",
    "hoy un siete",
    "me siento como un 7",
    "7 😊",
    "like a 7 i guess",
    "7 sobre 10",
    "on a scale of 1 to 10 a 7",
]
NONE = [
    "77",
    "-3",
    "eleven",
    "once",
    "3 or 4",
    "3-4",
    "7.5",
    "7,5",
    "7½",
    "seven and a half",
    "at 7pm",
    "7:30",
    "7 pm",
    "i have 3 kids",
    "5 years sober",
    "i took 3 pills",
    "im 8 months pregnant",
    "twenty seven",
    "12/10",
    "7/8",
    "$7",
    "7%",
    "not a 7",
    "call me at 7",
    "1 2",
    "good",
    "",
    "a las 7 pm",
    "2 days without sleep",
    "12",
]


@pytest.mark.parametrize("text", SEVEN)
def test_a_seven_is_heard(text: str) -> None:
    assert parse_mood(text) == 7


@pytest.mark.parametrize("text", NONE)
def test_what_is_not_one_whole_number_is_asked_again(text: str) -> None:
    assert parse_mood(text) is None


@pytest.mark.parametrize(
    ("text", "mood"), [("10/10", 10), ("diez", 10), ("🔟", 10), ("0", 0), ("cero", 0), ("zero", 0)]
)
def test_both_ends_of_the_scale_are_heard(text: str, mood: int) -> None:
    assert parse_mood(text) == mood


@given(st.integers(0, 10), st.sampled_from(["{}", " {} ", "{}/10", "{}!", "about {}", "un {} hoy", "{} today"]))
def test_every_mood_is_heard_in_every_shape(mood: int, shape: str) -> None:
    assert parse_mood(shape.format(mood)) == mood


@given(st.integers(min_value=11) | st.integers(max_value=-1))
def test_numbers_off_the_scale_are_no_mood(number: int) -> None:
    assert parse_mood(str(number)) is None


@given(st.text())
def test_any_text_is_a_mood_or_none(text: str) -> None:
    """It never raises and never leaves the scale."""
    assert parse_mood(text) in {None, *range(11)}


@pytest.mark.parametrize(
    ("mood", "last", "expected"),
    [
        (0, None, "low"),
        (2, 9, "low"),
        (3, 8, "falling"),
        (6, 10, "falling"),
        (3, 6, "middle"),
        (4, None, "middle"),
        (6, 9, "middle"),
        (7, None, "high"),
        (10, 0, "high"),
    ],
)
def test_a_low_or_falling_mood_is_a_concern(mood: int, last: int | None, expected: str) -> None:
    """Low is 2 or less; falling is 4 or more below the last one (SAFETY.md)."""
    assert band(mood, last) == expected
