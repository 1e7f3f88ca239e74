"""Zones by their names, numbers that are nobody's, and what is left of a text when it is compared."""

import pytest

from sms_service.domain.phone import Number, country_of, parse_number, textable, zones_of
from sms_service.domain.plain import plain
from sms_service.domain.zone import zone_named, zone_of_number

ZONES = {
    "America/New_York": ("new york", "nueva york", "est", "edt", "10001", "10001-1234", "hora del este"),
    "America/Chicago": ("central standard time", "texas", "centro", "cdt"),
    "America/Denver": ("mountain time", "montaña", "denver"),
    "America/Phoenix": ("Phoenix", "arizona"),
    "America/Los_Angeles": ("i am in california", "95112 please", "pst", "pacífico"),
    "America/Anchorage": ("alaska",),
    "Pacific/Honolulu": ("hawaii time zone", "hst"),
    "America/Puerto_Rico": ("puerto rico", "atlantic"),
}


@pytest.mark.parametrize(("text", "zone"), [(text, zone) for zone, texts in ZONES.items() for text in texts])
def test_every_american_zone_is_heard_by_its_names(text: str, zone: str) -> None:
    assert zone_named(text) == zone


@pytest.mark.parametrize("text", ["york", "new", "nueva", "america", "UTC", "time zone"])
def test_half_a_name_is_no_zone(text: str) -> None:
    assert zone_named(text) is None


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("don't", "dont"),
        ("don’t", "dont"),
        ("don´t", "dont"),
        ("don`t", "dont"),
        ("y\u200bes", "yes"),
        ("n\u0303o", "no"),
        ("No, MÁS!!", "no mas"),
        ("🔟", "10"),
        ("7️⃣", "7"),
        ("٧", "7"),
        ("a_b", "a b"),
        ("well\n- Sam", "well"),
        ("well\nsent from my phone", "well"),
        ("well\nenviado desde mi iPhone", "well"),
        ("- Sam", "sam"),
        ("well\nSam", "well sam"),
    ],
)
def test_what_was_typed_is_reduced_to_what_is_compared(typed: str, read: str) -> None:
    assert plain(typed) == read


@pytest.mark.parametrize("caller", ["+266696687", "+7378742833", "+2562533", "+86282452253", "+8656696", "+464"])
def test_a_hidden_caller_is_nobody_to_text(caller: str) -> None:
    """https://www.twilio.com/docs/glossary/what-is-caller-id: what stands for anonymous, restricted, unavailable."""
    assert parse_number(caller) is None
    assert not textable(caller)


@pytest.mark.parametrize("number", ["+88213300000", "+80012345678", "+12005550123"])
def test_a_number_that_says_nothing_of_itself_has_no_country_or_zone(number: str) -> None:
    """Satellites and free international numbers are nowhere."""
    known = Number(number)
    assert (country_of(known), zones_of(known), zone_of_number(known)) == ("", (), None)


def test_the_channel_islands_and_man_are_shown_british_lines() -> None:
    assert {country_of(Number(number)) for number in ("+447781123456", "+447797123456", "+447624123456")} == {"GB"}
