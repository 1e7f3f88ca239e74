"""Hours as people type them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms_service.domain.hour import parse_hour, shown_hour


@pytest.mark.parametrize(
    ("text", "hour", "minute"),
    [
        ("7pm", 19, 0),
        ("7:30 p.m.", 19, 30),
        ("19:30", 19, 30),
        ("19h30", 19, 30),
        ("1930", 19, 30),
        ("730pm", 19, 30),
        ("noon", 12, 0),
        ("mediodía", 12, 0),
        ("midnight", 0, 0),
        ("las 7 de la tarde", 19, 0),
        ("8 de la mañana", 8, 0),
        ("siete y media", 19, 30),
        ("half past seven", 19, 30),
        ("8 am", 8, 0),
        ("12 am", 0, 0),
        ("12pm", 12, 0),
        ("12 de la noche", 0, 0),
        ("07:30", 7, 30),
        ("at 9 pm please", 21, 0),
        ("every day at 6 in the evening", 18, 0),
    ],
)
def test_an_hour_is_heard(text: str, hour: int, minute: int) -> None:
    assert parse_hour(text) == hour * 60 + minute


@pytest.mark.parametrize(("text", "hour"), [("9", 21), ("7", 19), ("11", 23), ("12", 12), ("13", 13)])
def test_a_bare_hour_is_taken_as_evening(text: str, hour: int) -> None:
    assert parse_hour(text) == hour * 60


@pytest.mark.parametrize(
    "text", ["", "hello", "7 or 8", "7pm or 8pm", "25", "7:75", "0", "at night", "7 days", "13 am"]
)
def test_what_is_no_hour_is_none(text: str) -> None:
    assert parse_hour(text) is None


@given(st.integers(0, 1439), st.sampled_from(["en", "es"]))
def test_an_hour_shown_is_heard_again(minute: int, lang: str) -> None:
    assert parse_hour(shown_hour(minute, lang)) == minute


@given(st.text())
def test_any_text_is_an_hour_or_none(text: str) -> None:
    assert parse_hour(text) in {None, *range(1440)}
