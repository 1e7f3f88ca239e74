"""STOP ends our texts, not our care: what is looked into when somebody stops (CONVERSATION.md 24, 26)."""

import pytest

from tests.house import ANA, SAM, House

STOPS = pytest.mark.parametrize("stop", ["STOP", "stop.", "take me off this list", "no más"])


def needs(house: House) -> list[tuple[str, str]]:
    """Kind and family of every case so far."""
    return [(case.kind, case.family) for case in house.cases()]


@STOPS
def test_a_stop_to_are_you_safe_is_the_silence_that_makes_it_a_crisis(house: House, stop: str) -> None:
    house.text(ANA, "i can't go on like this, no point in anything")
    assert needs(house) == []
    house.text(ANA, stop)
    assert needs(house) == [("crisis", "passive")]
    assert house.sent(SAM), "somebody is paged"


def test_a_stop_behind_a_menu_that_hid_the_question_too(house: House) -> None:
    house.text(ANA, "i can't go on like this, no point in anything")
    house.text(ANA, "MENU")
    house.text(ANA, "STOP")
    assert needs(house) == [("crisis", "passive")]


def test_hopeless_words_and_a_stop_in_one_text_are_both_heard(house: House) -> None:
    house.text(ANA, "STOP. i can't go on like this, no point in anything")
    assert needs(house) == [("crisis", "passive")]
    assert house.person(ANA).state == "stopped"


@pytest.mark.parametrize(("mood", "minutes", "found"), [(3, 59, 1), (3, 61, 0), (4, 1, 0)])
def test_a_stop_within_the_hour_of_a_mood_of_three_is_a_concern(
    house: House, mood: int, minutes: int, found: int
) -> None:
    house.text(ANA, f"MOOD {mood}")
    house.pass_time(minutes=minutes)
    house.text(ANA, "STOP")
    assert needs(house) == [("concern", "stop")] * found


@pytest.mark.parametrize(("minutes", "found"), [(59, 1), (61, 0)])
def test_a_stop_within_the_hour_of_the_end_of_a_case_is_a_concern(house: House, minutes: int, found: int) -> None:
    for body in ("TALK", "MENU"):
        house.text(ANA, body)
    house.text(SAM, "TAKE 1")
    house.text(SAM, "DONE 1")
    house.pass_time(minutes=minutes)
    house.text(ANA, "STOP")
    assert needs(house)[1:] == [("concern", "stop")] * found


@STOPS
def test_who_owns_the_talk_hears_that_their_words_will_not_arrive(house: House, stop: str) -> None:
    house.text(ANA, "TALK")
    house.text(SAM, "TAKE 1")
    house.text(ANA, stop)
    assert "Your texts do not arrive now." in house.sent(SAM)[-1]
    assert [case.state for case in house.cases()] == ["claimed"]


def test_a_stop_for_no_reason_opens_nothing(house: House) -> None:
    house.text(ANA, "MOOD 8")
    house.text(ANA, "STOP")
    assert needs(house) == []
