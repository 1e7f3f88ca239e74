"""Choices by number."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms_service.domain.numbers import parse_choice


@pytest.mark.parametrize(
    ("text", "choice"),
    [
        ("1", 1),
        ("1.", 1),
        ("one", 1),
        ("uno", 1),
        ("opción 2", 2),
        ("2️⃣", 2),
        ("2 please", 2),
        ("(3)", 3),
        ("2) a helpline", 2),
        ("the first one", 1),
        ("la 2", 2),
        ("9", 9),
        ("2\n-Sam", 2),
    ],
)
def test_a_choice_is_heard(text: str, choice: int) -> None:
    assert parse_choice(text) == choice


@pytest.mark.parametrize("text", ["0", "10", "12", "1 2", "1 or 2", "1.5", "-1", "1/2", "2 days", "", "once", "person"])
def test_several_numbers_or_none_are_no_choice(text: str) -> None:
    assert parse_choice(text) is None


def test_a_choice_beyond_the_last_is_none() -> None:
    assert (parse_choice("3", highest=2), parse_choice("2", highest=2)) == (None, 2)


@given(st.text())
def test_any_text_is_a_choice_or_none(text: str) -> None:
    assert parse_choice(text) in {None, *range(1, 10)}
