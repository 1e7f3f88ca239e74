"""An hour of the day: hearing one and showing one, as minutes after local midnight."""

import re

from sms_service.domain.number_words import SMALL_NUMBERS
from sms_service.domain.plain import unaccented, unsigned

NOON = 12 * 60
DAY = 24 * 60

_NAMED = {"noon": NOON, "midday": NOON, "mediodia": NOON, "midnight": 0, "medianoche": 0}
_NUMBER = "|".join(sorted(SMALL_NUMBERS, key=len, reverse=True))
_PAST = {"thirty": 30, "fifteen": 15, "forty five": 45, "y media": 30, "y cuarto": 15, "treinta": 30}
_CLOCK = re.compile(
    rf"(?:(?P<half>half past|quarter past) )?"
    rf"(?:(?P<digits>\d{{1,2}})(?:[:.h ]?(?P<minutes>[0-5]\d))?|(?P<word>{_NUMBER})\b)h?"
    rf"(?: ?(?P<past>{'|'.join(_PAST)}))?(?: ?o ?clock)?(?: ?(?:hs?|hrs|horas)\b)?"
    r" ?(?P<side>am|pm|a|p|in the morning|in the afternoon|in the evening|at night|tonight"
    r"|(?:de|por|en) la (?:manana|tarde|noche|madrugada))?"
)
_MORNING = frozenset({"am", "a", "in the morning", "manana", "madrugada"})
_AROUND = re.compile(
    r"^(?:(?:at|around|about|by|like|a|as|to|maybe|make|it|let s|lets|ok|yes|si|set|time|the|each|every|day"
    r"|daily|everyday|please|las|los|la|el|al|sobre|hacia|como|hora|todos|dias|mejor) )+"
    r"|(?: (?:please|pls|thanks|thank you|is fine|works|por favor|gracias"
    r"|every day|each day|daily|todos los dias|sharp|en punto|del dia))+$"
)


def parse_hour(text: str) -> int | None:
    """Minutes after midnight, 0..1439: "7pm", "7:30 p.m.", "19:30", "noon", "las 7 de la tarde"; else None.

    A bare 1 to 11 is taken as afternoon or evening, when most check-ins are wanted: the answer is said back
    with am or pm, so that it can be set right. "07:30" and 12 to 23 are read as the 24-hour clock.
    """
    said = re.sub(r"\b([ap])\.? ?m\b\.?", r"\1m", unaccented(unsigned(text)))
    said = re.sub(r"[^\w:. ]|(?<!\d)[:.]|[:.](?!\d)", " ", said)
    said = _AROUND.sub("", " ".join(said.split()))
    said = _AROUND.sub("", said)
    if said in _NAMED:
        return _NAMED[said]
    found = _CLOCK.fullmatch(said)
    return _minute(found) if found else None


def _minute(found: re.Match[str]) -> int | None:
    hour = int(found["digits"]) if found["digits"] else SMALL_NUMBERS[found["word"]]
    minute = int(found["minutes"] or 0) + _PAST.get(found["past"] or "", 0)
    minute += {"half past": 30, "quarter past": 15}.get(found["half"] or "", 0)
    side = found["side"] or ""
    if hour > 23 or minute > 59 or (found["digits"] == "0" and not found["minutes"]):
        return None
    if not side:
        early_clock = (found["digits"] or "").startswith("0") or hour == 0
        return (hour + (12 if hour < 12 and not early_clock else 0)) * 60 + minute
    morning = side in _MORNING or side.endswith(("manana", "madrugada"))
    if morning:
        return None if hour > 12 else hour % 12 * 60 + minute
    if hour == 12 and side.endswith(("noche", "night")):
        return minute
    return (hour if hour >= 12 else hour + 12) * 60 + minute


def shown_hour(minute: int, lang: str) -> str:
    """The minute after midnight as a person says it: "7:30 am", "noon"; in Spanish "12 pm"."""
    hour, rest = divmod(minute % DAY, 60)
    if rest == 0 and hour % 12 == 0 and lang != "es":
        return "noon" if hour else "midnight"
    return f"{hour % 12 or 12}{f':{rest:02}' if rest else ''} {'pm' if hour >= 12 else 'am'}"
