"""What a verdict says, what lowers it, and what earlier texts add."""

import pytest

from sms_service.triage import Verdict, assess


def test_stop_does_not_hide_a_crisis() -> None:
    verdict = assess("STOP i want to die")
    assert verdict == Verdict("crisis", "suicide", "en.suicide.want", "en", first_person=True)


def test_nothing_found_still_tells_the_language() -> None:
    assert assess("cuando es la reunion") == Verdict("none", "", "", "es", first_person=False)
    assert assess("when is the meeting") == Verdict("none", "", "", "en", first_person=False)


@pytest.mark.parametrize(
    "typed",
    [
        "I WANT TO DIE!!!",
        "i wanna dieeeee",
        "i want 2 die",
        "i w4nt to d1e",
        "i just wanna k1ll my5elf",
        "im gonna k i l l myself",
        "i want to k*ll myself",
        "i’m gonna kill my self",
        "ｉ ｗａｎｔ ｔｏ ｄｉｅ",
        "i want to\ndie",
        "i want to d\u200bie",
        "kiero morirme",
        "ya no kiero vivir",
        "QUIERO MORÍRME",
        "me quiero mataaaar",
    ],
)
def test_the_way_it_is_typed_does_not_matter(typed: str) -> None:
    assert assess(typed).level == "crisis"


def test_meaning_may_be_spread_over_several_texts() -> None:
    assert assess("die", ("i want to",)).level == "crisis"
    assert assess("my pills", ("ok", "i took all")).family == "overdose"
    assert assess("morirme", ("ya quiero",)).level == "crisis"


def test_an_earlier_text_alone_raises_nothing_again() -> None:
    assert assess("hello", ("i want to die",)).level == "none"
    assert assess("ok", ("i took all my pills", "sorry")).level == "none"


def test_earlier_texts_never_lower_the_newest() -> None:
    assert assess("i want to die", ("im fine lol", "never")).level == "crisis"


@pytest.mark.parametrize(
    "text",
    [
        "i took all my pills lol",
        "he hit me lol",
        "gun to my head haha",
        "me corte las venas jaja",
        "i took all my pills 😂",
    ],
)
def test_a_laugh_never_lowers_means_an_attempt_or_violence(text: str) -> None:
    assert assess(text).level == "crisis"


@pytest.mark.parametrize(
    "text",
    [
        "i cant stop thinking about killing myself",
        "not gonna lie i want to die",
        "not joking i wanna die",
        "no one cares i want to die",
    ],
)
def test_a_not_that_denies_something_else_lowers_nothing(text: str) -> None:
    assert assess(text).level == "crisis"


@pytest.mark.parametrize(
    "text",
    ["i do not want to die", "im not suicidal", "i would never kill myself", "no quiero morir", "no me voy a matar"],
)
def test_a_denial_is_not_flagged(text: str) -> None:
    assert assess(text).level == "none"


def test_a_denial_covers_only_its_own_clause() -> None:
    assert assess("i dont want to go. i want to die").level == "crisis"
    assert assess("no, quiero morirme").level == "crisis"


def test_the_past_that_is_over_is_at_most_a_concern() -> None:
    assert assess("i used to want to die but not anymore").level != "crisis"
    assert assess("i used to cut myself and tonight i want to kill myself").level == "crisis"


def test_a_question_about_the_other_is_not_first_person() -> None:
    """A volunteer asks it; it must be relayed (CONVERSATION.md 17)."""
    assert not assess("are you thinking of killing yourself?").first_person
    assert not assess("estas pensando en suicidarte?").first_person
    assert assess("i want to die").first_person


def test_anothers_danger_is_somebody_elses_and_a_crisis_only_when_imminent() -> None:
    worried, urgent = (
        assess("my friend says shes going to kill herself"),
        assess("my friend just took a bunch of pills"),
    )
    assert (worried.level, worried.family, worried.first_person) == ("concern", "someone_else", False)
    assert (urgent.level, urgent.family, urgent.first_person) == ("crisis", "someone_else", False)


@pytest.mark.parametrize("text", ["im 15", "im 17 and scared", "tengo 15", "tengo 14 años"])
def test_an_age_under_18_as_a_sentence_is_a_minor(text: str) -> None:
    verdict = assess(text)
    assert (verdict.level, verdict.family, verdict.minor) == ("concern", "minor", True)


@pytest.mark.parametrize("text", ["15", "im 15 min away", "im 12 pounds lighter", "tengo 15 minutos", "im 18", "im 35"])
def test_minutes_pounds_and_adults_are_not_minors(text: str) -> None:
    assert assess(text).level == "none"


def test_a_minor_in_a_crisis_is_both() -> None:
    verdict = assess("im 15 and i want to die")
    assert (verdict.level, verdict.family, verdict.minor) == ("crisis", "suicide", True)


@pytest.mark.parametrize("text", ["no puedo mas", "ya no mas", "cant do this anymore", "i wish i didnt wake up"])
def test_hopeless_words_are_passive(text: str) -> None:
    assert (assess(text).level, assess(text).family) == ("concern", "passive")
