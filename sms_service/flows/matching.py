"""Does what was heard answer the open question? By its own words, key, number word, yes or no."""

from collections.abc import Mapping
from dataclasses import dataclass

from sms_service.domain.numbers import parse_choice
from sms_service.domain.plain import plain
from sms_service.domain.yes_no import parse_yes_no
from sms_service.flows.effects import Json
from sms_service.flows.steps import Answer, Ask, Listen, Order, Waiting

LONGEST_PHRASE = 6
"""Words of a text in which an answer's own words may stand; longer ones tell a story, they don't choose."""
_DENIALS = frozenset({"no", "not", "dont", "never", "nunca", "tampoco", "without", "sin"})


@dataclass(frozen=True, slots=True)
class Understood:
    """An answer that fits: its value, under which names it is kept, its orders and where it leads."""

    goto: str
    value: Json = None
    save: str = ""
    keep: str = ""
    does: tuple[Order, ...] = ()


def understood(step: Waiting, text: str, slots: Mapping[str, Json]) -> Understood | None:
    """The answer that `text` gives to the question, or None. Never raises."""
    if isinstance(step, Listen):
        value = step.parser.parse(text, slots)
        return None if value is None else Understood(step.goto, value, step.save, step.keep or step.save)
    answer = chosen(step, text)
    if answer is None:
        return None
    value = answer.key if answer.value is None else answer.value
    kept = answer.value is not None
    return Understood(
        answer.goto, value, step.save if kept else "", (step.keep or step.save) if kept else "", answer.does
    )


def chosen(step: Ask, text: str) -> Answer | None:
    """The one choice that was meant."""
    return _by_phrase(step, text, whole=True) or _by_key(step, text) or _by_yes_no(step, text) or _by_phrase(step, text)


def _by_key(step: Ask, text: str) -> Answer | None:
    number = parse_choice(text)
    return next((answer for answer in step.answers if answer.key == str(number)), None)


def _by_yes_no(step: Ask, text: str) -> Answer | None:
    meant = parse_yes_no(text)
    if meant is None:
        return None
    return next((answer for answer in step.answers if (answer.yes if meant else answer.no)), None)


def phrases(answer: Answer) -> frozenset[str]:
    """The words that mean this answer, as they are compared."""
    return frozenset(plain(words) for words in (answer.label, *answer.words, *answer.es)) - {""}


def _by_phrase(step: Ask, text: str, *, whole: bool = False) -> Answer | None:
    said = plain(text)
    words = said.split()
    if whole:
        return next((answer for answer in step.answers if said in phrases(answer)), None)
    if not words or len(words) > LONGEST_PHRASE or _DENIALS.intersection(words):
        return None
    padded = f" {said} "
    fits = [answer for answer in step.answers if _stands_in(padded, answer)]
    return fits[0] if len(fits) == 1 else None


def _stands_in(padded: str, answer: Answer) -> bool:
    """Whether the answer's own words stand among others; "es" and "en" are found in any Spanish sentence."""
    return any(len(words) > len("es") and f" {words} " in padded for words in phrases(answer))
