"""First names as people give them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms_service.domain.names import LONGEST, parse_name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("I'm Ana", "Ana"),
        ("I’m Ana", "Ana"),
        ("me llamo Ana", "Ana"),
        ("Ana 😊", "Ana"),
        ("ana", "Ana"),
        ("José Luis", "José Luis"),
        ("My name is Mary-Jane O'Neil", "Mary-Jane O'Neil"),
        ("hi, it's Bob", "Bob"),
        ("Soy María.", "María"),
        ("Ana\n-A", "Ana"),
    ],
)
def test_a_name_is_heard(text: str, name: str) -> None:
    assert parse_name(text) == name


@pytest.mark.parametrize(
    "text",
    [
        "i want to die",
        "7",
        "no",
        "skip",
        "MENU",
        "stop",
        "",
        "😊",
        "x" * 41,
        "i'm so tired",
        "a@b.org",
        "one two three four",
    ],
)
def test_sentences_digits_and_keywords_are_no_names(text: str) -> None:
    assert parse_name(text) is None


@given(st.text())
def test_a_name_is_short_and_holds_no_digit(text: str) -> None:
    name = parse_name(text)
    assert name is None or (0 < len(name) <= LONGEST and not any(char.isdecimal() for char in name))
