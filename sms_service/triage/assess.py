"""Judges a text: matches the rules, hides idioms, lowers by scope, keeps the gravest."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import reduce

from sms_service.domain.words import Lang
from sms_service.triage.pieces import Words
from sms_service.triage.rulebook import LANGS, Rulebook, load
from sms_service.triage.scope import is_about_another, level_of
from sms_service.triage.verdict import Verdict, graver

BOOK: Rulebook = load()
HIDDEN = "_"
"""Stands where an idiom stood; no rule knows it."""
EARLIER_WORDS = 40
"""As many words of earlier texts as a pattern could reach back over."""


def assess(text: str, earlier: Sequence[str] = ()) -> Verdict:
    """The verdict on a text; `earlier` are the sender's recent texts, oldest first, which may complete a meaning.

    Total and deterministic on any string. "none" means that no rule matched, never that the person is safe.
    """
    newest = BOOK.speller.words(text)
    lang = _language(newest)
    found = _judge(newest, 0, lang)
    if not earlier or found.level == "crisis":
        return found
    before = BOOK.speller.words("\n".join(earlier)).tokens[-EARLIER_WORDS:]
    joined = Words((*before, *newest.tokens), frozenset((len(before), *(at + len(before) for at in newest.commas))))
    return replace(graver(found, _judge(joined, len(before), lang)), minor=found.minor)


def _judge(words: Words, newest_from: int, lang: Lang) -> Verdict:
    nothing = Verdict("none", "", "", lang, first_person=False)
    matches = list(_matches(words, newest_from))
    worst = reduce(graver, matches, nothing)
    return replace(worst, minor=any(match.family == "minor" for match in matches))


def _matches(words: Words, newest_from: int) -> Iterator[Verdict]:
    """A verdict for every match that needs the newest text, and earlier ones where there are any."""
    shown = _without_idioms(words)
    for start, end, rule in BOOK.index.find(shown):
        if rule is None or end <= newest_from or (newest_from and start >= newest_from):
            continue
        signs = BOOK.signs[rule.lang]
        level = level_of(rule, shown, start, end, signs)
        if level != "none":
            is_own = rule.about != "other" and not is_about_another(shown, start, end, signs)
            family = "someone_else" if rule.about == "self" and not is_own else rule.family
            yield Verdict(level, family, rule.id, rule.lang, is_own)


def _without_idioms(words: Words) -> Words:
    tokens = list(words.tokens)
    for start, end, _ in BOOK.idioms.find(words):
        tokens[start:end] = [HIDDEN] * (end - start)
    return replace(words, tokens=tuple(tokens))


def _language(words: Words) -> Lang:
    """The language with more of its smallest words in the text; English when they tie."""
    english, spanish = (sum(token in BOOK.signs[lang].spoken for token in words.tokens) for lang in LANGS)
    return "es" if spanish > english else "en"
