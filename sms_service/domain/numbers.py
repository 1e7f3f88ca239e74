"""One of the choices 1 to 9, in digits or words."""

import re

from sms_service.domain.number_words import small_number
from sms_service.domain.plain import unaccented, unsigned, word_set

_ORDINALS = {
    "first": 1,
    "second": 2,
    "third": 3,
    "primero": 1,
    "primera": 1,
    "segundo": 2,
    "segunda": 2,
    "tercero": 3,
}
_AROUND = word_set(
    """option opcion number numero choice answer respuesta no nr the la el a for please pls thanks
    thank you por favor gracias yes si ok okay i want quiero one"""
)


def parse_choice(text: str, highest: int = 9) -> int | None:
    """The choice 1..highest that was named: "2", "2.", "two", "opcion 2", "2) a helpline"; else None."""
    said = unaccented(unsigned(text))
    if re.search(r"(?:^|\s)-\d|\d[.,:/-]\d", said):
        return None
    words = re.findall(r"[a-z0-9]+", said)
    labelled = re.match(r"\W*(\d)\s*[.:),-]+\s*[^\d]*$", said)
    named = [int(labelled[1])] if labelled else _named(words)
    return named[0] if len(named) == 1 and 1 <= named[0] <= highest else None


def _named(words: list[str]) -> list[int]:
    """The numbers among words that else mean nothing; [] as soon as one does."""
    found: list[int] = []
    for place, word in enumerate(words):
        number = int(word) if word.isdigit() else _ORDINALS.get(word, small_number(word))
        if number is not None and not (word == "one" and found and place == len(words) - 1):
            found.append(number)  # but "the first one" is one choice
        elif word not in _AROUND:
            return []
    return found
