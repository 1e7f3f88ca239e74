"""A mood from 0 to 10: hearing one, and what it means next to the last one."""

import re
from typing import Literal, TypeAlias

from sms_service.domain.number_words import small_number
from sms_service.domain.plain import unaccented, unsigned, word_set

Band: TypeAlias = Literal["low", "falling", "middle", "high"]

LOW = 2
FALL = 4
HIGH = 7

_OF_TEN = re.compile(
    r"\s*(?:/|\b(?:out of|of|sobre|de))\s*(?:10|ten|diez)\b"
    r"|\b(?:on|in|en)\s+(?:a|una)\s+(?:scale|escala)\s+(?:of|from|de|del)\s+[01]\s*(?:to|-|al?)\s*10\b"
)
_NOT_ONE_NUMBER = re.compile(r"(?:^|\s)-\d|\d[.,:/]\d|[$€£#]?\d+\s*[%°]|[$€£]\s*\d|\b(?:half|medio|media)\b")
_TOKEN = re.compile(r"[a-z0-9]+")

# what people put around the number without meaning anything else by it
_BEFORE = word_set(
    """a about an am around at be been day feel feeling feels felt for from good hello hey hi id i im
    is it its just kind kinda like low maybe mood more my now number of ok okay only pretty probably
    really right roughly say score so solid sorry still strong thank thanks the think guess to today
    todays tonight uh um was well would you animo ahora apenas buenas buenos casi como creo de dia
    diria digo dias el en es estado esta estoy fue hola hoy la las me menos mi noche noches numero o
    por que quizas siento sigo solo tal tardes un vez y yo"""
)
_AFTER = word_set(
    """again and as at because but by cause coz cuz for give from i im id in it its just kinda like lol
    maybe mood my now ok okay or please pls probably right roughly since sir so still thank thanks
    thats the this though thx to today tonight too ty u way with yeah yes you ahora animo aunque
    creo con esta estoy gracias hoy mas me mi pero por porque pues quizas solo ya yo"""
)


def parse_mood(text: str) -> int | None:
    """The one whole number 0..10 that was said, in digits or words; None for none, several or another."""
    said = _OF_TEN.sub(" ", " ".join(unaccented(unsigned(text)).split()))
    if _NOT_ONE_NUMBER.search(said):
        return None
    tokens = list(_TOKEN.finditer(said))
    numbers = [(place, found) for place, token in enumerate(tokens) if (found := _number(token[0])) is not None]
    if len(numbers) != 1:
        return None
    place, mood = numbers[0]
    if not 0 <= mood <= 10 or any(token[0] not in _BEFORE for token in tokens[:place]):
        return None
    return mood if _ends_or_goes_on(said, tokens, place) else None


def _number(word: str) -> int | None:
    return int(word) if word.isdigit() else None if word == "once" else small_number(word)


def _ends_or_goes_on(said: str, tokens: list[re.Match[str]], place: int) -> bool:
    """Whether the number stands for itself: the end, a pause, or a word that is nothing to count."""
    if place + 1 == len(tokens):
        return True
    between = said[tokens[place].end() : tokens[place + 1].start()]
    return bool(between.strip()) or tokens[place + 1][0] in _AFTER


def band(mood: int, last_mood: int | None) -> Band:
    """What a mood calls for; low (2 or less) and falling (4 or more below the last) are concerns."""
    if mood <= LOW:
        return "low"
    if last_mood is not None and last_mood - mood >= FALL:
        return "falling"
    return "high" if mood >= HIGH else "middle"
