"""What around a match lowers it: negation, another subject, the past, a supposition, a joke (SAFETY.md, crisis 4)."""

from collections.abc import Iterator

from sms_service.domain.words import Level
from sms_service.triage.pieces import BREAK, LAUGH, Piece, Words
from sms_service.triage.rulebook import Rule, Signs
from sms_service.triage.verdict import lower

OFTEN_JOKED = frozenset(("suicide", "passive", "harm_to_others", "self_harm"))
"""Families people name to exaggerate; a laugh or an everyday topic takes one level off these alone."""
OFTEN_QUOTED = frozenset(("suicide", "passive", "self_harm", "plan", "farewell", "attempt"))
"""Families of which "she told me ..." makes another's words."""
SELF = frozenset(("i", "me", "myself", "we", "yo", "mi"))
LOOK_BACK = 9


def level_of(rule: Rule, words: Words, start: int, end: int, signs: Signs) -> Level:
    """The level this match deserves where it stands."""
    if rule.firm:
        return rule.level
    if rule.about == "self" and is_about_another(words, start, end, signs):
        return "none"
    if is_negated(words, start, signs):
        return "none"
    level: Level = rule.level
    if rule.family in OFTEN_QUOTED and is_reported(words, start, signs):
        level = "concern"
    sentence = _sentence(words, start, end)
    level = lower(level, _time_steps(sentence, words, start, signs))
    return lower(level, _joke_steps(sentence, words, signs, level)) if rule.family in OFTEN_JOKED else level


def is_negated(words: Words, start: int, signs: Signs) -> bool:
    """Whether a "not" before the match governs it; "can't stop", "not sure" do not deny."""
    governed = words.tokens[start]
    for at in _before(words, start):
        word = words.tokens[at]
        if word in signs.negators:
            return governed not in signs.not_negating
        is_subject = word in SELF and word != "me"
        if is_subject and (at == 0 or words.tokens[at - 1] not in signs.reopening):
            return False
        if word not in signs.see_through and word not in SELF:
            return False
        governed = word
    return False


def is_about_another(words: Words, start: int, end: int, signs: Signs) -> bool:
    """Whether the match names nobody itself and the nearest subject before it is somebody else."""
    if SELF.intersection(words.tokens[start:end]):
        return False
    for at in _before(words, start):
        token = words.tokens[at]
        if token in signs.others:
            return True
        if token in SELF:
            return False
        if token not in signs.see_through and token not in signs.negators:
            return False
    return False


def is_reported(words: Words, start: int, signs: Signs) -> bool:
    """Whether somebody else said it: "she told me ...", not "i told her ..."."""
    near = list(_before(words, start))[:4]
    for at in near:
        if words.tokens[at] in signs.saying:
            return not SELF.intersection(words.tokens[max(0, at - 2) : at])
    return False


def _before(words: Words, start: int) -> Iterator[int]:
    """Places before the match, nearest first, within its clause."""
    for at in range(start - 1, max(-1, start - 1 - LOOK_BACK), -1):
        if words.tokens[at] == BREAK or at + 1 in words.commas:
            return
        yield at


def _sentence(words: Words, start: int, end: int) -> tuple[int, int]:
    """The sentence, or sentences, the match stands in."""
    tokens = words.tokens
    left, right = start, min(end, len(tokens))
    while left > 0 and tokens[left - 1] != BREAK and start - left < 25:
        left -= 1
    while right < len(tokens) and tokens[right] != BREAK and right - end < 25:
        right += 1
    return left, right


def _time_steps(sentence: tuple[int, int], words: Words, start: int, signs: Signs) -> int:
    """One level off for the past, for "not anymore" or for a supposition; two for a past that is over."""
    left, right = sentence
    if _holds(signs.supposing, words, max(left, start - 4), start):
        return 1
    onwards = range(left, min(len(words.tokens), right + 12))
    is_past = _holds(signs.past, words, left, right)
    if any(signs.over.ends(words, (at,)) for at in onwards):
        return 1 + is_past
    if is_past and any(signs.resolved.ends(words, (at,)) and not is_negated(words, at, signs) for at in onwards):
        return 2
    return int(is_past and not _holds(signs.present, words, left, right))


def _joke_steps(sentence: tuple[int, int], words: Words, signs: Signs, level: Level) -> int:
    """A laugh takes a crisis to a concern; an everyday topic takes one level; both take two."""
    laughs = LAUGH in words.tokens
    mundane = _holds(signs.mundane, words, *sentence) or bool(
        signs.everyday.intersection(words.tokens[slice(*sentence)])
    )
    if laughs and not mundane:
        return 1 if level == "crisis" else 0
    return int(laughs) + int(mundane)


def _holds(piece: Piece, words: Words, left: int, right: int) -> bool:
    return any(piece.ends(words, (at,)) for at in range(left, right))
