"""How typed text is made comparable."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms_service.domain.hour import parse_hour
from sms_service.domain.mood import parse_mood
from sms_service.domain.names import parse_name
from sms_service.domain.plain import plain, unsigned
from sms_service.domain.stopping import stop_said
from sms_service.domain.yes_no import parse_yes_no

HOSTILE = ["\n" * 1600, "\r\n" * 700 + "x1x", " " * 1597 + "x1x", "please " * 228, "1 " * 800, "hi " * 530, "- " * 800]
PARSERS = (parse_hour, parse_mood, parse_name, parse_yes_no, stop_said)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (" No, MÁS!! ", "no mas"),
        ("don’t", "dont"),
        ("7️⃣", "7"),
        ("🔟", "10"),
        ("٧", "7"),
        ("YES\r\n-Sam", "yes"),
        ("yes\nSent from my iPhone", "yes"),
        ("¿Quién?", "quien"),
        ("😢", ""),
    ],
)
def test_words_and_digits_are_left(text: str, expected: str) -> None:
    assert plain(text) == expected


def test_a_list_is_no_signature() -> None:
    """Only a later line can sign; the first one is the message."""
    assert unsigned("-3") == "-3"
    assert unsigned("one\ntwo\n- Sam") == "one\ntwo"


@given(st.text())
def test_plain_text_stays_as_it_is(text: str) -> None:
    assert plain(plain(text)) == plain(text)


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: repr(text[:8]))
@pytest.mark.parametrize("parser", PARSERS)
@pytest.mark.timeout(2)
def test_no_text_makes_a_parser_crawl(text: str, parser: Callable[[str], object]) -> None:
    """The longest text that can come in is read at once, whatever it repeats."""
    assert parser(text) in {None, True}  # "please please" is a yes
