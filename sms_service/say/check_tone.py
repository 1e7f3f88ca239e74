"""The proofs about tone: short sentences, no words that hurt, nothing telling on a lock screen (SAFETY.md)."""

import re
from collections.abc import Iterator, Mapping

from sms_service.domain.words import Lang
from sms_service.flows.steps import PLACEHOLDER, Flow
from sms_service.flows.texts import all_texts
from sms_service.flows.ways import unprompted
from sms_service.say.catalogue import TRANSLATIONS, text
from sms_service.say.problem import Problem

Flows = Mapping[str, Flow]
LANGS: tuple[Lang, ...] = ("en", *TRANSLATIONS)
MOST_WORDS = 15
"""Words of one sentence."""
NEVER = re.compile(
    r"committed|commit suicide|successful|failed|attempt(?:ed|s)?\b|cometi[oó]|fallid[oa]|exitos[oa]"
    r"|\bPRIDE\b|press 3|oprima 3|false alarm|falsa alarma",
    re.IGNORECASE,
)
"""Words that hurt, doors that were closed (988's "press 3" ended 2025-07-17), a name no alarm gets."""
TELLING = re.compile(r"suicid|depress|deprim|depresi|crisis|self-harm|overdose|sobredosis", re.IGNORECASE)
"""What an unprompted text must not show on a lock screen."""
_SENTENCE_END = re.compile(r"[.!?]+")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")


def short_sentences(flows: Flows) -> Iterator[Problem]:
    """No sentence is longer than fifteen words."""
    for key, lang, words in _spoken(flows):
        for sentence in _SENTENCE_END.split(PLACEHOLDER.sub("x", words)):
            if len(_WORD.findall(sentence)) > MOST_WORDS:
                yield Problem("sentences", key, f"a sentence of more than {MOST_WORDS} words", lang)


def kind_words(flows: Flows) -> Iterator[Problem]:
    """No word that blames or shames, nothing that is no longer there."""
    for key, lang, words in _spoken(flows):
        found = NEVER.search(words)
        if found:
            yield Problem("kind", key, f"says {found[0]!r}", lang)


def discreet(flows: Flows) -> Iterator[Problem]:
    """What may come unasked shows nothing of the person's trouble."""
    for key, lang, words in _spoken(flows):
        flow, step, part = key.split(".")
        found = TELLING.search(words)
        if found and part == "say" and flow in flows and step in unprompted(flows[flow]):
            yield Problem("discreet", key, f"shows {found[0]!r} unasked", lang)


def _spoken(flows: Flows) -> Iterator[tuple[str, Lang, str]]:
    sources = all_texts(flows)
    for key in sources:
        for lang in LANGS:
            yield key, lang, text(key, lang, sources=sources)
