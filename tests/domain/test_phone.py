"""Numbers: what is one, what may be texted, where it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms_service.domain.phone import ANONYMOUS, Number, country_of, masked, parse_number, textable, zones_of
from sms_service.domain.zone import zone_named, zone_of_number, zone_of_zip


@pytest.mark.parametrize(
    ("raw", "number"),
    [
        ("+12025550121", "+12025550121"),
        ("(202) 555-0121", "+12025550121"),
        ("+44 7911 123456", "+447911123456"),
    ],
)
def test_a_number_is_read(raw: str, number: str) -> None:
    assert parse_number(raw) == number


@pytest.mark.parametrize(
    "raw", ["988", "741741", "HOPE", "anonymous", "", "202555", "+1", "client:ana", *sorted(ANONYMOUS)]
)
def test_short_codes_words_and_hidden_callers_are_no_numbers(raw: str) -> None:
    assert parse_number(raw) is None
    assert not textable(raw)


def test_a_national_number_is_not_texted_before_it_is_made_international() -> None:
    assert (textable("2025550121"), textable("+12025550121")) == (None, "+12025550121")


def test_the_country_decides_which_helplines_are_shown() -> None:
    numbers = ("+12025550121", "+16045550100", "+447911123456", "+353861234567")
    assert [country_of(Number(number)) for number in numbers] == ["US", "CA", "GB", "IE"]


def test_a_toll_free_number_may_be_in_many_zones() -> None:
    assert zones_of(Number("+12025550121")) == ("America/New_York",)
    assert len(zones_of(Number("+18005551212"))) > 4
    assert zone_of_number(Number("+18005551212")) is None


def test_a_screen_shows_four_digits() -> None:
    assert masked("+12025550121") == "…0121"


@given(st.text(max_size=30))
def test_any_text_is_e164_or_none(raw: str) -> None:
    number = parse_number(raw)
    assert number is None or (number.startswith("+") and parse_number(number) == number)


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("eastern", "America/New_York"),
        ("Pacific time", "America/Los_Angeles"),
        ("hora del este", "America/New_York"),
        ("hora del Pacífico", "America/Los_Angeles"),
        ("america/chicago", "America/Chicago"),
        ("95112", "America/Los_Angeles"),
        ("the east coast", "America/New_York"),
        ("nowhere", None),
        ("", None),
    ],
)
def test_a_zone_is_heard(text: str, zone: str | None) -> None:
    assert zone_named(text) == zone


@pytest.mark.parametrize("text", ["00000", "9511", "hello", "９５１１２", ""])
def test_what_is_no_zip_has_no_zone(text: str) -> None:
    assert zone_of_zip(text) is None
