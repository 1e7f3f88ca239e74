"""The time zone of a person: from a ZIP, from its name, from the number."""

from functools import cache
from zoneinfo import available_timezones

import zipcodes

from sms_service.domain.phone import Number, zones_of
from sms_service.domain.plain import plain, word_set

_ZONES = {
    "America/New_York": "eastern east est edt et este new york nueva york",
    "America/Chicago": "central cst cdt ct centro chicago texas",
    "America/Denver": "mountain mst mdt mt montana montaña denver",
    "America/Phoenix": "arizona phoenix",
    "America/Los_Angeles": "pacific west pst pdt pt pacifico oeste california",
    "America/Anchorage": "alaska akst akdt",
    "Pacific/Honolulu": "hawaii hst",
    "America/Puerto_Rico": "atlantic ast atlantico puertorico",
}
_NAMES = {plain(word): zone for zone, words in _ZONES.items() for word in words.split() if word not in {"new", "nueva"}}
_NAMES.pop("york")
_NAMES |= {
    "new york": "America/New_York",
    "nueva york": "America/New_York",
    "puerto rico": "America/Puerto_Rico",
}
_AROUND = word_set("""time zone timezone coast standard daylight hora zona horaria costa del de la the us in i am im""")


def zone_of_zip(text: str) -> str | None:
    """The IANA zone of a US ZIP ("95112", "95112-1234"); None when there is no such ZIP."""
    digits = text.strip()[:5]
    if len(digits) != 5 or not (digits.isascii() and digits.isdigit()):
        return None
    places = zipcodes.matching(digits)  # type: ignore[no-untyped-call]
    return str(places[0]["timezone"]) if places else None


def zone_named(text: str) -> str | None:
    """The IANA zone of "eastern", "hora del pacifico", "America/Chicago" or a US ZIP; None when unknown."""
    iana = _iana().get(text.strip().casefold())
    if iana:
        return iana
    words = [word for word in plain(text).split() if word not in _AROUND]
    return _NAMES.get(" ".join(words)) or zone_of_zip(text)


def zone_of_number(number: Number) -> str | None:
    """The zone of the number, when it can only be in one."""
    zones = zones_of(number)
    return zones[0] if len(zones) == 1 else None


@cache
def _iana() -> dict[str, str]:
    return {zone.casefold(): zone for zone in available_timezones() if "/" in zone}
