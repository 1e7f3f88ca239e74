"""The directory as shipped, broken records, and who is offered which line."""

import json
from copy import deepcopy
from datetime import UTC, datetime
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms_service.domain.helplines import NEED_WORDS, Helpline, open_at, parse_directory, shown, suited

SHIPPED: dict[str, Any] = json.loads(files("sms_service.data").joinpath("helplines.json").read_text("utf-8"))
LINES = parse_directory(SHIPPED)
BY_ID = {line.id: line for line in LINES}
MONDAY_NOON = datetime(2026, 11, 23, 20, tzinfo=UTC)  # noon Pacific, 15:00 Eastern
SUNDAY_NIGHT = datetime(2026, 11, 23, 5, tzinfo=UTC)
NEEDS = ["", "crisis", "spanish", *NEED_WORDS]


def ids(need: str, lang: str = "en", country: str = "US", now: datetime = MONDAY_NOON, limit: int = 3) -> list[str]:
    return [line.id for line in suited(LINES, country, need, lang, now, limit)]


def test_every_shipped_record_is_read() -> None:
    assert len(LINES) == len(SHIPPED["records"])


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("country", "USA"),
        ("call_dial", "988"),
        ("call_short", "+1988"),
        ("text_to", "+1988741"),
        ("text_keyword", "PRIDE"),
        ("call_note", "press 3 for LGBTQ+"),
        ("hours", "weekends"),
        ("languages", []),
        ("crisis", "yes"),
        ("as_of", None),
    ],
)
def test_a_broken_record_is_named_with_its_field(field: str, value: object) -> None:
    broken = deepcopy(SHIPPED)
    broken["records"][1][field] = value
    if field == "text_to":
        broken["records"][1]["text_to"] = "text us"
    with pytest.raises(ValueError, match=rf"us-988: bad {field}"):
        parse_directory(broken)


def test_an_id_twice_and_a_file_without_records_are_refused() -> None:
    twice = {"records": [SHIPPED["records"][0], SHIPPED["records"][0]]}
    with pytest.raises(ValueError, match="us-911: id is there twice"):
        parse_directory(twice)
    with pytest.raises(ValueError, match="records is not a list"):
        parse_directory({})


def test_hours_are_kept_by_the_line_s_own_clock() -> None:
    trans = BY_ID["us-translifeline"]
    assert open_at(trans, MONDAY_NOON) is True
    assert open_at(trans, SUNDAY_NIGHT) is False
    assert open_at(trans, datetime(2026, 11, 23, 17, 59, tzinfo=UTC)) is False
    assert open_at(BY_ID["us-988"], SUNDAY_NIGHT) is True
    assert open_at(BY_ID["us-warmline-dir"], SUNDAY_NIGHT) is None


@pytest.mark.parametrize(
    ("need", "lang", "expected"),
    [
        ("", "en", ["us-911", "us-988", "us-ctl"]),
        ("crisis", "es", ["us-911", "us-988-es", "us-ctl-es"]),
        ("talk", "en", ["us-nami", "us-ca-warmline", "us-988"]),
        ("veteran", "en", ["us-vcl", "us-988", "us-ctl"]),
        ("lgbtq", "en", ["us-trevor", "us-translifeline", "us-988"]),
        ("violence", "es", ["us-ndvh", "us-988-es", "us-ctl-es"]),
        ("substance", "en", ["us-samhsa", "us-988", "us-ctl"]),
        ("maternal", "en", ["us-maternal", "us-988", "us-ctl"]),
        ("abuse", "en", ["us-childhelp", "us-rainn", "us-988"]),
        ("disaster", "en", ["us-disaster", "us-988", "us-ctl"]),
        ("spanish", "en", ["us-988-es", "us-ctl-es", "us-911"]),
        ("something else", "en", ["us-988", "us-ctl", "us-911"]),
    ],
)
def test_the_closest_lines_come_first(need: str, lang: str, expected: list[str]) -> None:
    assert ids(need, lang) == expected


def test_a_closed_line_is_left_out() -> None:
    assert ids("lgbtq", now=SUNDAY_NIGHT) == ["us-trevor", "us-988", "us-ctl"]


@given(
    st.sampled_from(NEEDS) | st.text(max_size=5),
    st.sampled_from(["en", "es", "fr"]),
    st.sampled_from(sorted({line.country for line in LINES})),
    st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    st.integers(1, 6),
)
def test_a_crisis_line_never_disappears(need: str, lang: str, country: str, now: datetime, limit: int) -> None:
    """Whatever is asked and whenever: the country's lines alone, at most `limit`, one of them for everybody."""
    found = suited(LINES, country, need, lang, now, limit)
    assert {line.country for line in found} == {country}
    assert len(found) <= limit
    assert len(set(found)) == len(found)
    assert any(line.for_all for line in found)


@pytest.mark.parametrize(
    ("line_id", "lang", "words"),
    [
        ("us-988", "en", "988: call or text"),
        ("us-988", "es", "988, oprima 2: llame o mande un texto"),
        ("us-988-es", "es", "988, oprima 2: llame o mande AYUDA al 988"),
        ("us-911", "en", "Emergency services: call 911"),
        ("us-911", "es", "Emergencias: llame al 911"),
        ("us-ctl", "en", "Crisis Text Line: text HOME to 741741"),
        ("us-ctl-es", "es", "Crisis Text Line: mande AYUDA al 741741"),
        ("us-vcl", "en", "Veterans Crisis Line: call 988, press 1, or text 838255"),
        ("us-samhsa", "en", "SAMHSA National Helpline: call 1-800-662-4357 or text your ZIP to 435748"),
        ("us-childhelp", "en", "Childhelp National Child Abuse Hotline: call or text 1-800-422-4453"),
        ("us-warmline-dir", "en", "warmline.org"),
        ("gb-samaritans", "en", "Samaritans: call 116 123"),
        ("gb-nhs111", "en", "NHS 111 mental health option: call 111, option 2"),
    ],
)
def test_a_line_is_shown_with_what_to_dial_and_type(line_id: str, lang: str, words: str) -> None:
    assert shown(BY_ID[line_id], lang) == words


@pytest.mark.parametrize("line", LINES, ids=lambda line: line.id)
@pytest.mark.parametrize("lang", ["en", "es"])
def test_no_line_shows_what_was_withdrawn_or_leaves_gsm7(line: Helpline, lang: str) -> None:
    """Never "press 3" nor PRIDE; at most one part of a text."""
    words = shown(line, lang)
    assert "press 3" not in words
    assert "PRIDE" not in words
    assert "None" not in words
    assert words.isascii()
    assert len(words) <= 100
