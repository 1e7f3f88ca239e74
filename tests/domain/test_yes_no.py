"""Yes and no as people type them (SCENARIOS.md 1)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms_service.domain.yes_no import parse_yes_no


@pytest.mark.parametrize(
    "text",
    [
        " yEs ",
        "Y 😁",
        "YES\r\n-Sam",
        "si",
        "sí",
        "Sí!",
        "dale",
        "yep",
        "yeah sure",
        "yes please",
        "claro que si",
        "👍",
        "of course",
        "Yes, I will be there",
        "si gracias",
        "ok",
        "vale",
    ],
)
def test_a_yes_is_heard(text: str) -> None:
    assert parse_yes_no(text) is True


@pytest.mark.parametrize(
    "text",
    [
        "no",
        "NO.",
        "n",
        "nope",
        "no gracias",
        "No thanks",
        "nah",
        "👎",
        "not now",
        "no i cant",
        "No, I'm fine",
        "para nada",
        "claro que no",
        "no\n-Sam",
    ],
)
def test_a_no_is_heard(text: str) -> None:
    assert parse_yes_no(text) is False


@pytest.mark.parametrize(
    "text",
    [
        "maybe",
        "yes and no",
        "si y no",
        "no one loves me",
        "y tu",
        "not sure",
        "yes but",
        "7",
        "",
        "hello",
        "👍👎",
        "yes i want to die",
        "depends",
        "tal vez",
        "si no puedo",
    ],
)
def test_doubt_is_asked_again(text: str) -> None:
    assert parse_yes_no(text) is None


@given(st.text())
def test_any_text_is_yes_no_or_neither(text: str) -> None:
    assert parse_yes_no(text) in {True, False, None}


@given(st.sampled_from(["yes", "no", "si", "nope", "dale"]), st.sampled_from([str.upper, str.title, str.lower]))
def test_case_and_full_stops_change_nothing(word: str, case: object) -> None:
    assert callable(case)
    assert parse_yes_no(f"  {case(word)}. ") == parse_yes_no(word) is not None
