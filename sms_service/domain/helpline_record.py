"""One record of the helpline directory, checked field by field, and its hours."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sms_service.domain.oncall import ALWAYS, Shift

ZONES = {
    "Eastern": "America/New_York",
    "Central": "America/Chicago",
    "Mountain": "America/Denver",
    "Pacific": "America/Los_Angeles",
}
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
STAFFED = re.compile(
    rf"({'|'.join(WEEKDAYS)})-({'|'.join(WEEKDAYS)}) (\d\d):(\d\d)-(\d\d):(\d\d) ({'|'.join(ZONES)})\b"
)
NEVER_PRINT = re.compile(r"\bpress 3\b|\boprima 3\b|\bPRIDE\b", re.IGNORECASE)
"""The LGBTQ+ option of 988 ended 2025-07-17 (SAMHSA; SAFETY.md)."""
E164 = re.compile(r"\+[1-9]\d{6,14}")
SHORT = re.compile(r"\d{3,8}")


@dataclass(frozen=True, slots=True)
class Helpline:
    """A record of data/helplines.json. `call_dial` is E.164, `text_to` may be a short code."""

    id: str
    country: str = "US"  # ISO 3166, two letters
    name: str = ""
    audience: str = ""  # "" = everybody
    crisis: bool = False
    call_dial: str | None = None
    call_short: str | None = None
    call_display: str | None = None
    call_note: str | None = None
    text_to: str | None = None
    text_keyword: str | None = None
    chat: str | None = None
    hours: str = "24/7"
    languages: tuple[str, ...] = ("en",)
    note: str = ""
    source: str = ""
    as_of: str = ""
    confidence: str = ""

    @property
    def emergency(self) -> bool:
        """911 and its like."""
        return self.crisis and self.name == "Emergency services"

    @property
    def for_all(self) -> bool:
        """988 and its like: a crisis line for everybody. With the emergency number it never disappears."""
        return self.crisis and not self.audience


TEXTS = ("id", "country", "name", "audience", "hours", "note", "source", "as_of", "confidence")
OPTIONAL = ("call_dial", "call_short", "call_display", "call_note", "text_to", "text_keyword", "chat")
MUST_SAY = ("id", "country", "name", "hours")


def parse_directory(directory: Mapping[str, Any]) -> tuple[Helpline, ...]:
    """Every record of the parsed JSON file; ValueError names the id and the field of the first broken one."""
    records = directory.get("records")
    if not isinstance(records, list):
        raise ValueError("helplines: records is not a list")  # noqa: TRY004  bad data, not a bug
    lines = tuple(_parsed(record) for record in records)
    ids = [line.id for line in lines]
    for line_id in ids:
        if ids.count(line_id) > 1:
            raise ValueError(f"helpline {line_id}: id is there twice")
    return lines


def _parsed(record: object) -> Helpline:
    if not isinstance(record, dict):
        raise ValueError(f"helpline {record!r}: not a record")  # noqa: TRY004  bad data, not a bug
    broken = _broken_field(record)
    if broken:
        raise ValueError(f"helpline {record.get('id', '?')}: bad {broken}: {record.get(broken)!r}")
    known: dict[str, Any] = {name: record.get(name) for name in (*TEXTS, *OPTIONAL)}
    return Helpline(**known, crisis=record["crisis"], languages=tuple(record["languages"]))


def _broken_field(record: Mapping[str, Any]) -> str:
    """The first field that cannot be used, or ""."""
    for name in TEXTS:
        if not isinstance(record.get(name), str) or (name in MUST_SAY and not record[name].strip()):
            return name
    for name in OPTIONAL:
        value = record.get(name)
        if value is not None and (not isinstance(value, str) or not value or NEVER_PRINT.search(value)):
            return name
    checks = {
        "languages": _is_list_of_codes(record.get("languages")),
        "crisis": isinstance(record.get("crisis"), bool),
        "country": re.fullmatch(r"[A-Z]{2}", record["country"]) is not None,
        "call_dial": _is_number(record.get("call_dial"), E164),
        "call_short": _is_number(record.get("call_short"), SHORT),
        "text_to": _is_number(record.get("text_to"), E164) or _is_number(record.get("text_to"), SHORT),
        "hours": _known_hours(record["hours"]),
        "chat": bool(record.get("call_display") or record.get("text_to") or record.get("chat")),
    }
    return next((name for name, fine in checks.items() if not fine), "")


def _is_list_of_codes(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(code, str) for code in value)


def _is_number(value: str | None, form: re.Pattern[str]) -> bool:
    return value is None or form.fullmatch(value) is not None


def _known_hours(hours: str) -> bool:
    return hours in {"24/7", "varies"} or STAFFED.match(hours) is not None


def shift_of(hours: str) -> Shift | None:
    """The weekly hours of a directory entry; None when they vary or cannot be read."""
    if hours == "24/7":
        return ALWAYS
    found = STAFFED.match(hours)
    if found is None:
        return None
    first, last = WEEKDAYS.index(found[1]), WEEKDAYS.index(found[2])
    days = frozenset((first + n) % 7 for n in range((last - first) % 7 + 1))
    start, end = int(found[3]) * 60 + int(found[4]), int(found[5]) * 60 + int(found[6])
    return Shift(days, start, end, ZONES[found[7]])
