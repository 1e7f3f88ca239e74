"""Which answer a text gives to a closed question, and which texts give none."""

import pytest

from sms_service.flows.matching import Understood, chosen, understood
from sms_service.flows.registry import FLOWS
from sms_service.flows.steps import Ask, Listen


def ask(flow: str, step: str) -> Ask:
    found = FLOWS[flow].steps[step]
    assert isinstance(found, Ask)
    return found


@pytest.mark.parametrize(
    ("said", "key"),
    [
        ("1", "1"),
        (" 2. ", "2"),
        ("3️⃣", "3"),
        ("two", "2"),
        ("opcion 3", "3"),
        ("A PERSON", "1"),
        ("a person please", "1"),
        ("una persona", "1"),
        ("i want to talk", "1"),
        ("una idea por favor", "2"),
        ("Línea", "3"),
    ],
)
def test_a_choice_is_made_by_key_number_word_or_its_own_words(said: str, key: str) -> None:
    answer = chosen(ask("check_in", "low"), said)
    assert answer is not None
    assert answer.key == key


@pytest.mark.parametrize(
    "said",
    [
        "",
        "0",
        "4",
        "1 or 2",
        "a person or an idea",
        "not a person",
        "no talk",
        "my person of trust left me alone last night",
        "stalking",
        "👍👍👍",
        "yes",
    ],
)
def test_what_is_no_clear_choice_is_none(said: str) -> None:
    assert chosen(ask("check_in", "low"), said) is None


@pytest.mark.parametrize("said", [" yEs ", "Y 😁", "YES\r\n-Sam", "sí", "claro", "👍"])
def test_a_plain_yes_counts_where_it_is_marked(said: str) -> None:
    answer = chosen(ask("join", "agree"), said)
    assert answer is not None
    assert answer.key == "1"


@pytest.mark.parametrize("said", ["maybe", "yes and no", "yes but", "not sure"])
def test_doubt_is_neither_yes_nor_no(said: str) -> None:
    assert chosen(ask("join", "agree"), said) is None


@pytest.mark.parametrize(("said", "value"), [("no", "free"), ("nadie", "free"), ("yes", "after"), ("3", "never")])
def test_no_means_free_and_yes_means_the_careful_way_where_phones_are_shared(said: str, value: str) -> None:
    answer = understood(ask("quiet", "ask"), said, {})
    assert answer is not None
    assert (answer.value, answer.save) == (value, "safe_to_write")


def test_not_sure_is_not_no_when_somebody_is_asked_if_they_are_safe() -> None:
    answer = chosen(ask("safe_now", "ask"), "no se")
    assert answer is not None
    assert answer.label == "Not sure"


@pytest.mark.parametrize(("said", "value"), [("es", "es"), ("EN", "en"), ("Español", "es"), ("inglés", "en")])
def test_a_language_is_named_in_either_tongue(said: str, value: str) -> None:
    answer = understood(ask("language", "ask"), said, {})
    assert answer is not None
    assert answer.value == value


def test_two_letters_are_no_answer_inside_a_sentence() -> None:
    assert chosen(ask("language", "ask"), "no se que es eso") is None


def test_an_answer_that_only_leads_on_saves_nothing() -> None:
    answer = understood(ask("suits", "ask"), "4", {})
    assert answer == Understood("pause", "4")


def test_an_open_answer_is_kept_under_its_name() -> None:
    step = FLOWS["check_in"].steps["mood"]
    assert isinstance(step, Listen)
    assert understood(step, "siete", {}) == Understood("weigh", 7, "mood", "mood")
    assert understood(step, "eleven", {}) is None
