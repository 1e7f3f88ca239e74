"""Phone numbers: telling a number from anything else, where it lives, and how little of it a screen shows."""

import re
from typing import NewType

import phonenumbers
from phonenumbers import timezone

Number = NewType("Number", str)
"""E.164: a plus and at most fifteen digits."""

ANONYMOUS = frozenset({"+266696687", "+7378742833", "+2562533", "+86282452253", "+8656696", "+464"})
"""What Twilio puts in From when the caller hides the number (TWILIO.md); never texted, never called."""

_CROWN = {"GG": "GB", "JE": "GB", "IM": "GB"}  # +44 mobiles fall into these by chance; the helplines are GB's


def parse_number(raw: str, country: str = "US") -> Number | None:
    """The number as typed in `country` or in E.164; None for short codes, words, hidden callers and slips."""
    typed = raw.strip()
    if re.search(r"[^\W\d_]", typed) or not typed or typed in ANONYMOUS:
        return None
    try:
        parsed = phonenumbers.parse(typed, country)
    except phonenumbers.NumberParseException:
        return None
    # a full number is believed if its length fits: a new area code must not shut a person out
    fits = phonenumbers.is_possible_number if typed.startswith("+") else phonenumbers.is_valid_number
    if not fits(parsed):
        return None
    return Number(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164))


def textable(raw: str) -> Number | None:
    """The number that a text may go to; None for a short code, an alphanumeric sender, a hidden caller."""
    return parse_number(raw) if raw.startswith("+") else None


def country_of(number: Number) -> str:
    """Two letters (ISO 3166), or "" when the number says nothing."""
    region = phonenumbers.region_code_for_number(phonenumbers.parse(number)) or ""
    return _CROWN.get(region, "" if region == "001" else region)


def zones_of(number: Number) -> tuple[str, ...]:
    """Every IANA zone the number may be in; () when it says nothing."""
    zones = timezone.time_zones_for_number(phonenumbers.parse(number))
    return tuple(zone for zone in zones if zone != timezone.UNKNOWN_TIMEZONE)


def masked(number: str) -> str:
    """For screens: the last four digits alone, "…0121"."""
    return f"…{number[-4:]}"
