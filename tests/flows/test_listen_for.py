"""What each open question hears, and what it does not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms_service.flows.effects import Json
from sms_service.flows.listen_for import (
    LONGEST_NOTE,
    LONGEST_PAUSE,
    SIX_PM,
    AnyWords,
    CaseNumber,
    Days,
    FirstName,
    Hour,
    MeOrCase,
    Mood,
    Parser,
    Where,
)

TWO_CASES: dict[str, Json] = {"no": "7", "no2": "9"}


@pytest.mark.parametrize(
    ("said", "minute"),
    [("1", SIX_PM), ("OK", SIX_PM), ("sí", SIX_PM), ("1 pm", 780), ("7pm", 1140), ("19:30", 1170), ("6 am", 360)],
)
def test_one_takes_the_hour_on_offer_and_an_hour_is_an_hour(said: str, minute: int) -> None:
    assert Hour(offer=SIX_PM).parse(said, {}) == minute


@pytest.mark.parametrize("said", ["3 am", "5:59 am", "midnight", "25:00", "later", ""])
def test_hours_of_the_night_and_no_hours_are_none(said: str) -> None:
    assert Hour().parse(said, {}) is None


def test_the_last_minute_before_midnight_may_be_chosen() -> None:
    assert Hour().parse("23:59", {}) == 1439


@pytest.mark.parametrize(
    ("said", "days"),
    [
        ("7", 7),
        ("3 days", 3),
        ("a week", 7),
        ("2 semanas", 14),
        ("un mes", 30),
        ("0", 0),
        ("until resume", 0),
        ("365", 365),
    ],
)
def test_a_pause_is_heard_in_days_weeks_and_months(said: str, days: int) -> None:
    assert Days().parse(said, {}) == days


@pytest.mark.parametrize(
    "said", ["", "soon", "2 or 3 days", "366", "13 months", "1000", "until my mother is 70 again ok"]
)
def test_what_is_no_pause_is_none(said: str) -> None:
    assert Days().parse(said, {}) is None


@pytest.mark.parametrize(("said", "case"), [("7", "7"), (" 9. ", "9"), ("8", None), ("7 9", None), ("", None)])
def test_only_the_two_cases_are_case_numbers(said: str, case: str | None) -> None:
    assert CaseNumber().parse(said, TWO_CASES) == case


@pytest.mark.parametrize(
    ("said", "about"), [("ME", "me"), ("yo", "me"), ("7", "them"), ("9", None), ("send it", None), ("", None)]
)
def test_a_held_line_is_about_me_or_for_the_member(said: str, about: str | None) -> None:
    assert MeOrCase().parse(said, {"no": "7"}) == about


def test_without_a_case_no_text_is_for_the_member() -> None:
    assert MeOrCase().parse("None", {}) is None


def test_a_note_is_kept_as_written_and_cut_to_its_length() -> None:
    assert AnyWords().parse("  Call me, Ana!  ", {}) == "Call me, Ana!"
    assert AnyWords().parse(" \n", {}) is None
    assert AnyWords().parse("x" * 5000, {}) == "x" * LONGEST_NOTE


def test_zones_and_names_are_heard() -> None:
    assert Where().parse("95112", {}) == "America/Los_Angeles"
    assert Where().parse("the moon", {}) is None
    assert FirstName().parse("me llamo Ana", {}) == "Ana"
    assert FirstName().parse("12345", {}) is None


def test_a_mood_outside_its_bounds_is_none() -> None:
    assert Mood(1, 5).parse("7", {}) is None
    assert Mood(0, 10).parse("10", {}) == 10


@given(
    st.sampled_from([Mood(0, 10), Hour(), Hour(SIX_PM), Days(), Where(), FirstName(), CaseNumber(), MeOrCase()]),
    st.text(max_size=300),
)
def test_no_text_at_all_makes_a_parser_raise(parser: Parser, text: str) -> None:
    heard = parser.parse(text, TWO_CASES)
    assert heard is None or isinstance(heard, str | int)
    if isinstance(parser, Days) and heard is not None:
        assert isinstance(heard, int)
        assert 0 <= heard <= LONGEST_PAUSE
