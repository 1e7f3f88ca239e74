"""How many school years a text asks for: Flesch-Kincaid for English, Fernandez Huerta for Spanish."""

import re
from collections.abc import Callable, Iterable, Mapping

from sms_service.domain.words import Lang
from sms_service.flows.steps import PLACEHOLDER

_SENTENCE_END = re.compile(r"[.!?]+")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_ENGLISH_VOWELS = re.compile(r"[aeiouy]+")
_SPANISH_NUCLEI = re.compile(r"[iu]?[aeoáéóíú][iuy]?(?![aeoáéíóú])|[iu]?[aeoáéóíú]|[iuüy]+")
FERNANDEZ_HUERTA_GRADES = ((90, 4.0), (80, 5.0), (70, 6.0), (60, 8.0), (50, 11.0))
"""Score from which a text suits so many school years (Fernandez Huerta 1959, table of levels)."""
HARDEST = 13.0


def flesch_kincaid(texts: Iterable[str]) -> float:
    """The US school grade of English texts taken together (Kincaid and others, 1975); never below 0."""
    words, sentences = counted(texts)
    if not words:
        return 0.0
    syllables = sum(map(english_syllables, words))
    return max(0.0, 0.39 * len(words) / sentences + 11.8 * syllables / len(words) - 15.59)


def fernandez_huerta(texts: Iterable[str]) -> float:
    """The school years of Spanish texts taken together: the ease score, by its own table of levels."""
    words, sentences = counted(texts)
    if not words:
        return 0.0
    per_hundred = 100 * sum(map(spanish_syllables, words)) / len(words)
    ease = 206.84 - 0.60 * per_hundred - 1.02 * len(words) / sentences
    return next((grade for least, grade in FERNANDEZ_HUERTA_GRADES if ease >= least), HARDEST)


def counted(texts: Iterable[str]) -> tuple[list[str], int]:
    """The words, without names, numbers and command words in capitals, and how many sentences they make."""
    words: list[str] = []
    sentences = 0
    for text in texts:
        for sentence in _SENTENCE_END.split(PLACEHOLDER.sub(" ", text)):
            found = [word for word in _WORD.findall(sentence) if len(word) == 1 or not word.isupper()]
            words += found
            sentences += bool(found)
    return words, max(sentences, 1)


def english_syllables(word: str) -> int:
    """About how many syllables: groups of vowels, a silent e at the end not counted."""
    word = word.casefold()
    groups = len(_ENGLISH_VOWELS.findall(word))
    silent = word.endswith(("e", "es", "ed")) and not word.endswith(("le", "ee", "ted", "ded", "ses", "ces"))
    return max(1, groups - silent)


def spanish_syllables(word: str) -> int:
    """About how many syllables: nuclei, the u of que and gui not counted, diphthongs as one."""
    return max(1, len(_SPANISH_NUCLEI.findall(re.sub(r"(?<=[qg])u(?=[eiéí])", "", word.casefold()))))


GRADE_OF: Mapping[Lang, Callable[[Iterable[str]], float]] = {"en": flesch_kincaid, "es": fernandez_huerta}
