"""Every rule's own examples, and the sense of the rule files."""

import pytest

from sms_service.triage import assess
from sms_service.triage.assess import BOOK
from sms_service.triage.rulebook import Rule

YES = [pytest.param(rule, text, id=f"{rule.id}: {text}") for rule in BOOK.rules for text in rule.yes]
NO = [pytest.param(text, id=f"{rule.id}: {text}") for rule in BOOK.rules for text in rule.no]


@pytest.mark.parametrize(("rule", "text"), YES)
def test_a_rule_finds_what_it_says_it_finds(rule: Rule, text: str) -> None:
    verdict = assess(text)
    assert (verdict.level, verdict.family) == (rule.level, rule.family)


@pytest.mark.parametrize("text", NO)
def test_a_rule_leaves_alone_what_it_says_it_leaves(text: str) -> None:
    assert assess(text).level == "none"


def test_rule_ids_are_unique_and_name_their_language() -> None:
    ids = [rule.id for rule in BOOK.rules]
    assert len(ids) == len(set(ids))
    assert all(rule.id.startswith(f"{rule.lang}.") for rule in BOOK.rules)


def test_every_rule_has_examples_of_both_kinds() -> None:
    assert [rule.id for rule in BOOK.rules if not rule.yes or not rule.no] == []


def test_every_family_has_a_rule_in_both_languages() -> None:
    by_lang = {lang: {rule.family for rule in BOOK.rules if rule.lang == lang} for lang in ("en", "es")}
    assert by_lang["en"] == by_lang["es"]


def test_every_pattern_is_found_by_a_word_it_cannot_do_without() -> None:
    """A pattern with no such word would be tried on every text."""
    loose = [rule.id for rule in BOOK.rules for piece in rule.patterns if piece.anchor() is None]
    assert set(loose) <= {"en.minor.age", "es.minor"}
