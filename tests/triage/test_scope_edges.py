"""What stands around a match: how far a not, a name, a past, a joke or an earlier text reaches (SAFETY.md)."""

import pytest

from sms_service.triage import assess
from sms_service.triage.assess import BOOK
from sms_service.triage.pieces import BREAK, Words
from sms_service.triage.scope import is_about_another, is_negated, is_reported

SIGNS = BOOK.signs["en"]


def words(text: str, *commas: int) -> Words:
    return Words(tuple(text.split()), frozenset(commas))


@pytest.mark.parametrize(
    ("text", "start", "denied"),
    [
        ("i do not want to die", 3, True),
        ("i never ever want to die", 3, True),
        ("not want to die", 1, True),
        ("i want to die", 1, False),
        ("not i want to die", 2, False),
        (f"no {BREAK} i want to die", 3, False),
        (f"not {BREAK} want to die", 2, False),
        ("not cats want to die", 2, False),
    ],
)
def test_a_not_governs_what_follows_it_until_another_subject_begins(text: str, start: int, denied: bool) -> None:
    assert is_negated(words(text), start, SIGNS) is denied


def test_a_not_before_a_comma_governs_nothing_behind_it() -> None:
    assert is_negated(words("not want to die"), 1, SIGNS)
    assert not is_negated(words("not want to die", 1), 1, SIGNS)


def test_a_not_reaches_nine_words_ahead() -> None:
    for between, denied in ((8, True), (9, False)):
        text = words(" ".join(["not", *["to"] * between, "die"]))
        assert "to" in SIGNS.see_through
        assert is_negated(text, between + 1, SIGNS) is denied


@pytest.mark.parametrize(
    ("text", "start", "end", "another"),
    [
        ("he wants to die", 1, 4, True),
        ("he do not want to die", 3, 6, True),
        ("i want to die", 1, 4, False),
        ("he i want to die", 2, 5, False),
        ("he thinks i want to die", 2, 6, False),
        ("want to die", 0, 3, False),
        ("he cats want to die", 2, 5, False),
        (f"he {BREAK} want to die", 2, 5, False),
    ],
)
def test_the_nearest_subject_before_says_whose_danger_it_is(text: str, start: int, end: int, another: bool) -> None:
    assert is_about_another(words(text), start, end, SIGNS) is another


@pytest.mark.parametrize(
    ("text", "start", "reported"),
    [
        ("she told me i want to die", 4, True),
        ("i told her i want to die", 4, False),
        ("we said i want to die", 3, False),
        ("mom said that i want to die", 4, True),
        ("said i want to die", 2, True),
        ("she said one two three four i want to die", 7, False),
        ("i think she said i want to die", 5, True),
    ],
)
def test_what_somebody_else_said_is_reported_and_ones_own_words_are_not(text: str, start: int, reported: bool) -> None:
    assert is_reported(words(text), start, SIGNS) is reported


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("she told me i want to die", "concern"),
        ("i told her i want to die", "crisis"),
        ("he texted me that i should die", "concern"),
        ("what if i kill myself", "concern"),
        ("last year i wanted to die", "concern"),
        ("i used to want to die and i still do", "crisis"),
        ("in 2019 i tried to kill myself", "concern"),
        ("antes queria morirme", "concern"),
        ("ella dijo que quiero morir", "concern"),
        ("i'm not sure i want to die", "crisis"),
        ("i don't think i want to die", "none"),
        ("no i want to die", "crisis"),
    ],
)
def test_time_doubt_and_quotation_lower_by_one_and_a_denial_to_none(text: str, level: str) -> None:
    assert assess(text).level == level


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("i want to die", "crisis"),
        ("i want to kill myself lol", "concern"),
        ("quiero morirme jajaja", "concern"),
        ("this traffic makes me want to die", "concern"),
        ("i want to die. this traffic", "crisis"),
        ("this traffic makes me want to die lol", "none"),
        ("i cut myself lol", "concern"),
        ("my husband is hitting me lol", "crisis"),
    ],
)
def test_a_laugh_takes_one_level_an_everyday_topic_one_both_two(text: str, level: str) -> None:
    """Never from means, an attempt or violence; never a concern by a laugh alone."""
    assert assess(text).level == level


def test_another_persons_danger_is_somebody_elses_and_not_first_person() -> None:
    for text in ("my brother wants to die", "she said she wants to die"):
        verdict = assess(text)
        assert (verdict.level, verdict.family, verdict.first_person) == ("concern", "someone_else", False)
    assert assess("my brother, i want to die").family == "suicide"


@pytest.mark.parametrize(
    ("newest", "earlier", "level"),
    [
        ("die", ("i want", "to"), "crisis"),
        ("to die", ("i want",), "crisis"),
        ("myself", ("i am going to kill",), "crisis"),
        ("hello", ("i want to die",), "none"),
        ("want pizza", ("i want to die", "i"), "none"),
        ("i want to die", ("no",), "crisis"),
    ],
)
def test_earlier_texts_complete_the_newest_and_are_not_judged_again(
    newest: str, earlier: tuple[str, ...], level: str
) -> None:
    assert assess(newest, earlier).level == level


def test_the_newest_text_begins_a_clause_of_its_own() -> None:
    """A "not" at the end of the text before denies nothing in this one."""
    assert assess("want to die", ("i do not",)).level == assess("want to die").level


def test_a_minor_is_told_by_the_newest_text_alone() -> None:
    assert assess("im 15 and sad").minor
    assert not assess("i am so sad today", ("im 15",)).minor
