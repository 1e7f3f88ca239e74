"""A day as people write it: today, Friday, 12/24, 24 de diciembre."""

import re
from datetime import date, timedelta

from sms_service.domain.plain import unaccented, unsigned

_NEAR = {
    "today": 0,
    "tonight": 0,
    "hoy": 0,
    "esta noche": 0,
    "tomorrow": 1,
    "tmrw": 1,
    "manana": 1,
    "pasado manana": 2,
}
_WEEKDAYS = (
    ("monday", "mon", "lunes"),
    ("tuesday", "tue", "tues", "martes"),
    ("wednesday", "wed", "weds", "miercoles"),
    ("thursday", "thu", "thur", "thurs", "jueves"),
    ("friday", "fri", "viernes"),
    ("saturday", "sat", "sabado"),
    ("sunday", "sun", "domingo"),
)
_MONTHS = (
    ("jan", "ene"),
    ("feb",),
    ("mar",),
    ("apr", "abr"),
    ("may",),
    ("jun",),
    ("jul",),
    ("aug", "ago"),
    ("sep",),
    ("oct",),
    ("nov",),
    ("dec", "dic"),
)
_WEEKDAY = {name: day for day, names in enumerate(_WEEKDAYS) for name in names}
_MONTH = {name: month for month, names in enumerate(_MONTHS, 1) for name in names}
_NAMED = re.compile(
    r"(?:(\d{1,2})(?:st|nd|rd|th)? (?:de |of )?([a-z]{3})[a-z]*|([a-z]{3})[a-z]* (\d{1,2})(?:st|nd|rd|th)?)"
    r"(?: (?:de |del )?(\d{4}))?"
)
_FIGURES = re.compile(r"(\d{1,2})[/.-](\d{1,2})(?:[/.-](\d{4}|\d{2}))?")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_LEADING = re.compile(r"^(?:(?:on|this|next|coming|the|el|la|este|proximo|dia|for|para) )+")


def parse_date(text: str, today: date, lang: str = "en") -> date | None:
    """The day meant, counted from `today` where the person is; None when it is none or no such day exists.

    A weekday is the next one after today. Figures are month/day, in Spanish day/month; where only the other
    order exists that is meant. Without a year it is the coming one.
    """
    said = " ".join(re.sub(r"[^\w/. -]", " ", unaccented(unsigned(text))).split()).strip(" .")
    said = _LEADING.sub("", said)
    if said in _NEAR:
        return today + timedelta(days=_NEAR[said])
    if said in _WEEKDAY:
        return today + timedelta(days=(_WEEKDAY[said] - today.weekday() - 1) % 7 + 1)
    if iso := _ISO.fullmatch(said):
        return _day(today, int(iso[1]), int(iso[2]), int(iso[3]))
    if figures := _FIGURES.fullmatch(said):
        return _from_figures(figures, today, lang)
    if named := _NAMED.fullmatch(said):
        month = _MONTH.get(named[2] or named[3])
        return _day(today, _year(named[5]), month, int(named[1] or named[4])) if month else None
    return None


def _from_figures(figures: re.Match[str], today: date, lang: str) -> date | None:
    first, second, year = int(figures[1]), int(figures[2]), _year(figures[3])
    orders = ((first, second), (second, first))
    for month, day in reversed(orders) if lang == "es" else orders:
        if found := _day(today, year, month, day):
            return found
    return None


def _year(typed: str | None) -> int | None:
    return None if typed is None else int(typed) + (2000 if len(typed) == 2 else 0)


def _day(today: date, year: int | None, month: int, day: int) -> date | None:
    """That day; without a year the first such day from today on (29 February may be years away)."""
    for candidate in (year,) if year is not None else range(today.year, today.year + 9):
        try:
            found = date(candidate, month, day)
        except ValueError:
            continue
        if year is not None or found >= today:
            return found
    return None
