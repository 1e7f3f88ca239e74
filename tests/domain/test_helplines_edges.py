"""Directories other than the shipped one: what may be missing, what may not, and what is shown in its place."""

from datetime import UTC, datetime
from typing import Any

import pytest

from sms_service.domain.helplines import Helpline, open_at, parse_directory, shown, suited

NOON = datetime(2026, 11, 23, 20, tzinfo=UTC)  # a Monday, noon Pacific
RECORD: dict[str, Any] = {
    "id": "us-one", "country": "US", "name": "One Line", "audience": "", "crisis": False,
    "call_dial": "+12025550123", "call_short": None, "call_display": "1-202-555-0123", "call_note": None,
    "text_to": None, "text_keyword": None, "chat": None, "hours": "24/7", "languages": ["en"], "note": "",
    "source": "", "as_of": "2026-01", "confidence": "",
}  # fmt: skip


def read(**other: Any) -> Helpline:
    """One record with these fields, read."""
    (line,) = parse_directory({"records": [RECORD | other]})
    return line


@pytest.mark.parametrize("field", ["id", "country", "name", "hours"])
@pytest.mark.parametrize("value", ["", "  ", None, 7])
def test_what_every_record_must_say_is_asked_for(field: str, value: object) -> None:
    with pytest.raises(ValueError, match=f"bad {field}: "):
        read(**{field: value})


@pytest.mark.parametrize("field", ["audience", "note", "source", "as_of", "confidence"])
def test_some_words_may_be_empty_but_not_absent(field: str) -> None:
    assert getattr(read(**{field: ""}), field) == ""
    with pytest.raises(ValueError, match=f"bad {field}: None"):
        read(**{field: None})


@pytest.mark.parametrize(
    "field", ["call_dial", "call_short", "call_display", "call_note", "text_to", "text_keyword", "chat"]
)
def test_a_way_to_reach_a_line_is_words_or_nothing(field: str) -> None:
    for value in ("", 7, "press 3", "Oprima 3"):
        with pytest.raises(ValueError, match=f"helpline us-one: bad {field}: "):
            read(**{field: value})


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("call_dial", "+1"),
        ("call_dial", "+0123456789"),
        ("call_dial", "+1234567890123456"),
        ("call_short", "12"),
        ("call_short", "123456789"),
        ("text_to", "12"),
        ("country", "us"),
        ("country", "USA"),
        ("languages", "en"),
        ("languages", [7]),
        ("hours", "Mon-Fri 9-17"),
        ("crisis", None),
    ],
)
def test_a_field_of_the_wrong_form_is_named(field: str, value: object) -> None:
    with pytest.raises(ValueError, match=f"bad {field}: "):
        read(**{field: value})


@pytest.mark.parametrize(
    ("field", "value"),
    [("call_dial", "+1234567"), ("call_short", "911"), ("call_short", "12345678"), ("text_to", "+12025550123")],
)
def test_the_shortest_and_longest_numbers_are_read(field: str, value: str) -> None:
    assert getattr(read(**{field: value}), field) == value


def test_a_line_that_nobody_could_reach_is_refused() -> None:
    with pytest.raises(ValueError, match="bad chat"):
        read(call_display=None)
    assert read(call_display=None, chat="one.example").chat == "one.example"
    assert read(call_display=None, text_to="12345").text_to == "12345"


def test_what_is_no_record_is_refused() -> None:
    with pytest.raises(ValueError, match="helpline 'one': not a record"):
        parse_directory({"records": ["one"]})
    with pytest.raises(ValueError, match=r"helpline \?: bad id"):
        parse_directory({"records": [{}]})


@pytest.mark.parametrize(
    ("hours", "at", "on"),
    [
        ("Mon-Fri 10:00-22:00 Eastern", datetime(2026, 11, 23, 15, tzinfo=UTC), True),
        ("Mon-Fri 10:00-22:00 Eastern", datetime(2026, 11, 23, 14, 59, tzinfo=UTC), False),
        ("Mon-Fri 10:00-22:00 Central", datetime(2026, 11, 23, 16, tzinfo=UTC), True),
        ("Mon-Fri 10:00-22:00 Central", datetime(2026, 11, 23, 15, 59, tzinfo=UTC), False),
        ("Mon-Fri 10:00-22:00 Mountain", datetime(2026, 11, 23, 17, tzinfo=UTC), True),
        ("Mon-Fri 10:00-22:00 Pacific", datetime(2026, 11, 23, 17, 59, tzinfo=UTC), False),
        ("Mon-Fri 10:30-22:45 Pacific", datetime(2026, 11, 24, 6, 44, tzinfo=UTC), True),
        ("Mon-Fri 10:30-22:45 Pacific", datetime(2026, 11, 24, 6, 45, tzinfo=UTC), False),
        ("Sat-Sun 10:00-22:00 Pacific", datetime(2026, 11, 28, 20, tzinfo=UTC), True),
        ("Sat-Sun 10:00-22:00 Pacific", NOON, False),
        ("Sat-Tue 10:00-22:00 Pacific", NOON, True),
        ("Wed-Thu 10:00-22:00 Pacific", datetime(2026, 11, 26, 20, tzinfo=UTC), True),
        ("Wed-Thu 10:00-22:00 Pacific", datetime(2026, 11, 27, 20, tzinfo=UTC), False),
        ("varies", NOON, None),
    ],
)
def test_hours_are_those_of_the_line_s_own_days_and_clock(hours: str, at: datetime, on: bool | None) -> None:
    assert open_at(read(hours=hours), at) is on


@pytest.mark.parametrize(
    ("known", "english", "spanish"),
    [
        ({}, "One Line: call 1-202-555-0123", "One Line: llame al 1-202-555-0123"),
        (
            {"text_to": "+12025550123"},
            "One Line: call or text 1-202-555-0123",
            "One Line: llame o mande un texto al 1-202-555-0123",
        ),
        (
            {"text_to": "+12025550124"},
            "One Line: call 1-202-555-0123 or text (202) 555-0124",
            "One Line: llame al 1-202-555-0123 o mande un texto al (202) 555-0124",
        ),
        (
            {"text_to": "12345", "text_keyword": "HI", "call_display": None},
            "One Line: text HI to 12345",
            "One Line: mande HI al 12345",
        ),
        ({"call_display": None, "chat": "one.example"}, "One Line: one.example", "One Line: one.example"),
        (
            {"call_note": "press 2 Spanish"},
            "One Line: call 1-202-555-0123",
            "One Line: llame al 1-202-555-0123, oprima 2",
        ),
        (
            {"call_display": "1-202-555-0123 (press 4)"},
            "One Line: call 1-202-555-0123, press 4",
            "One Line: llame al 1-202-555-0123, oprima 4",
        ),
    ],
)
def test_a_line_says_how_to_reach_it(known: dict[str, Any], english: str, spanish: str) -> None:
    line = read(**known)
    assert (shown(line, "en"), shown(line, "es")) == (english, spanish)


def test_one_number_is_offered_once() -> None:
    crisis = {"crisis": True, "call_short": "988", "call_display": "988", "text_to": "988"}
    lines = [read(id="a", name="988", **crisis), read(id="b", name="988 again", **crisis), read(id="c")]
    assert [line.id for line in suited(lines, "US", "", "en", NOON)] == ["a"]


def test_lines_that_nobody_knows_the_hours_of_come_last() -> None:
    peer = {"audience": "peer support"}
    lines = [read(id="a", hours="varies", call_dial="+12025550001", **peer), read(id="b", **peer)]
    assert [line.id for line in suited(lines, "US", "talk", "en", NOON)] == ["b", "a"]


def test_without_a_crisis_line_every_place_goes_to_the_need() -> None:
    lines = [read(id=one, call_dial=f"+1202555000{n}", audience="veterans") for n, one in enumerate("abcd")]
    assert [line.id for line in suited(lines, "US", "veteran", "en", NOON)] == ["a", "b", "c"]
    assert suited(lines, "CA", "veteran", "en", NOON) == ()
