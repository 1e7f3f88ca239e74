"""What an open question listens for: frozen parsers; `parse` gives the answer or None and never raises."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from sms_service.domain.hour import parse_hour
from sms_service.domain.mood import parse_mood
from sms_service.domain.names import parse_name
from sms_service.domain.number_words import small_number
from sms_service.domain.plain import plain
from sms_service.domain.zone import zone_named
from sms_service.flows.effects import Json

SIX_PM = 18 * 60
"""The check-in hour on offer at joining, in minutes after local midnight."""
EARLIEST, LATEST = 6 * 60, 24 * 60 - 1
"""The hours a member may choose: choosing one is consent to it (CONVERSATION.md 11)."""
LONGEST_PAUSE = 365
LONGEST_NOTE = 1200
"""Characters of a note that are kept."""


class Parser(Protocol):
    """Something that hears one kind of answer."""

    def parse(self, text: str, slots: Mapping[str, Json]) -> Json:
        """The answer, or None when the text is none."""
        ...


@dataclass(frozen=True, slots=True)
class Mood:
    """A whole number within these bounds, in digits or words."""

    lowest: int
    highest: int

    def parse(self, text: str, slots: Mapping[str, Json]) -> Json:
        """An int, or None."""
        mood = parse_mood(text)
        return mood if mood is not None and self.lowest <= mood <= self.highest else None


@dataclass(frozen=True, slots=True)
class Hour:
    """A local hour from 6:00 to 23:59, as minutes after midnight; "1", yes and OK take the one on `offer`."""

    offer: int | None = None

    def parse(self, text: str, slots: Mapping[str, Json]) -> Json:
        """Minutes after local midnight, or None."""
        if self.offer is not None and plain(text) in {"1", "one", "uno", "ok", "yes", "si"}:
            return self.offer
        minute = parse_hour(text)
        return minute if minute is not None and EARLIEST <= minute <= LATEST else None


@dataclass(frozen=True, slots=True)
class Days:
    """A number of days, 0 for no end; weeks and months are understood."""

    def parse(self, text: str, slots: Mapping[str, Json]) -> Json:
        """Days 0..365, or None."""
        words = plain(text).split()
        if "resume" in words or "seguir" in words:
            return 0
        numbers = [n for word in words if (n := _number(word)) is not None]
        unit = max((_UNITS.get(word, 1) for word in words), default=1)
        if len(numbers) > 1 or len(words) > MANY_WORDS or (not numbers and unit == 1):
            return None
        days = (numbers[0] if numbers else 1) * unit
        return days if 0 <= days <= LONGEST_PAUSE else None


MANY_WORDS = 6
_UNITS = {"week": 7, "weeks": 7, "semana": 7, "semanas": 7, "month": 30, "months": 30, "mes": 30, "meses": 30}


def _number(word: str) -> int | None:
    return int(word) if word.isascii() and word.isdigit() and len(word) <= len("365") else small_number(word)


@dataclass(frozen=True, slots=True)
class Where:
    """A ZIP code or the name of a time zone."""

    def parse(self, text: str, slots: Mapping[str, Json]) -> Json:
        """An IANA zone, or None."""
        return zone_named(text)


@dataclass(frozen=True, slots=True)
class FirstName:
    """What to call somebody."""

    def parse(self, text: str, slots: Mapping[str, Json]) -> Json:
        """A name of at most 40 characters, or None."""
        return parse_name(text)


@dataclass(frozen=True, slots=True)
class AnyWords:
    """Free text, as it was written."""

    def parse(self, text: str, slots: Mapping[str, Json]) -> Json:
        """The text, stripped and cut to a note's length, or None when it is empty."""
        return text.strip()[:LONGEST_NOTE] or None


@dataclass(frozen=True, slots=True)
class CaseNumber:
    """The number of one of the two cases a held text may be for (slots `no`, `no2`)."""

    def parse(self, text: str, slots: Mapping[str, Json]) -> Json:
        """The case number as it stands in the slots, or None."""
        said = plain(text)
        return next((slots[name] for name in ("no", "no2") if name in slots and said == str(slots[name])), None)


@dataclass(frozen=True, slots=True)
class MeOrCase:
    """Is it about oneself, or for the member of the case in slot `no`?"""

    def parse(self, text: str, slots: Mapping[str, Json]) -> Json:
        """The word me or them, or None."""
        said = plain(text)
        if said in {"me", "yo", "mi", "about me"}:
            return "me"
        return "them" if said and said == str(slots.get("no")) else None
