"""The team's side of understanding at its edges: whose line it is, which case, and what is asked first."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from sms_service.domain.words import Level
from sms_service.flows.understand import understand
from sms_service.flows.understood import (
    Answered,
    CaseRef,
    Danger,
    Duty,
    FrontDoor,
    HeardText,
    Held,
    Meaning,
    RelayOut,
    Standing,
)

NOW = datetime(2026, 11, 23, 20, tzinfo=UTC)


def ago(**span: float) -> datetime:
    return NOW - timedelta(**span)


@dataclass(frozen=True)
class Judgement:
    """What triage would say."""

    level: Level = "none"
    family: str = ""
    rule: str = ""
    first_person: bool = False


CALM = Judgement()
DYING = Judgement("crisis", "suicide", "suicide.active", first_person=True)
WORRY = Judgement("concern", "unsafe", "unsafe.panic", first_person=True)
CUTTING = Judgement("concern", "self_harm", "self_harm.cut", first_person=True)
MEMBER = Standing("active", is_member=True, texted_before=True)
ANA = CaseRef(7, "Ana", "owned", last_line_at=ago(minutes=5))
LEO = CaseRef(9, "Leo", "owned", last_line_at=ago(minutes=1))
MIA = CaseRef(12, "Mia", "offered")
TEAM = Standing("active", is_volunteer=True, texted_before=True)
WITH_ANA = replace(TEAM, cases=(ANA,))


def meant(body: str, standing: Standing, judged: Judgement = CALM) -> tuple[Meaning, ...]:
    return understand(HeardText(body), standing, judged, NOW)


def test_only_open_cases_make_an_owner() -> None:
    closed = replace(TEAM, cases=(replace(ANA, open=False),))
    assert meant("are you safe?", closed) == (FrontDoor("menu"),)
    assert meant("i want to die", closed, DYING)[0] == Danger("crisis", "suicide", "suicide.active", about="volunteer")


@pytest.mark.parametrize(
    ("judged", "held"),
    [
        (DYING, True),
        (CUTTING, True),
        (WORRY, False),
        (replace(CUTTING, first_person=False), False),
        (Judgement("crisis", "violence", "violence.now", first_person=True), True),
    ],
)
def test_an_owners_own_danger_is_held_and_their_worries_are_words(judged: Judgement, held: bool) -> None:
    expected: Meaning = Held("self", 7, "i feel it too") if held else RelayOut(7, "i feel it too")
    assert meant("i feel it too", WITH_ANA, judged) == (expected,)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("7 hi", "hi"),
        ("#7 hi", "hi"),
        ("7: hi", "hi"),
        ("7, hi", "hi"),
        ("7 - hi\nthere", "hi\nthere"),
        ("  7.  hi  ", "hi"),
    ],
)
def test_a_line_may_name_its_case_in_many_ways(text: str, line: str) -> None:
    assert meant(text, replace(WITH_ANA, cases=(ANA, LEO))) == (RelayOut(7, line),)


@pytest.mark.parametrize("number", ["1", "-1"])
def test_only_take_0_answers_the_drill(number: str) -> None:
    assert meant("TAKE 0", WITH_ANA) == (Duty("TAKE", 0),)
    assert meant(f"TAKE {number}", WITH_ANA) != (Duty("TAKE", int(number)),)
    assert meant("DONE 0", WITH_ANA) == (Held("held_words", 7, "DONE 0"),)


def test_a_bare_take_with_a_case_in_hand_is_asked_about() -> None:
    assert meant("take", replace(TEAM, cases=(ANA, MIA))) == (Held("held_words", 7, "take"),)
    assert meant("sup", replace(TEAM, cases=(MIA,))) == (Duty("SUP", None),)
    for verb in ("TAKE", "PASS"):
        assert meant(verb, replace(TEAM, cases=(MIA,))) == (Duty(verb, 12),)


@pytest.mark.parametrize("flow", ["held_words", "held_which", "held_late", "self", "outcome"])
@pytest.mark.parametrize("text", ["7", "1", "yes", "no", "done", "send it", "not reached", "sin peligro"])
def test_what_the_team_was_asked_hears_digits_cases_and_its_own_words(flow: str, text: str) -> None:
    asked = replace(WITH_ANA, open_flow=flow, open_asked_at=ago(minutes=1))
    assert meant(text, asked) == (Answered("open"),)
    assert meant("i hear you", asked) == (RelayOut(7, "i hear you"),)


def test_a_question_of_another_kind_does_not_take_an_owners_line() -> None:
    assert meant("yes", replace(WITH_ANA, open_flow="menu", open_asked_at=ago(minutes=1))) == (RelayOut(7, "yes"),)


def test_a_reply_to_a_page_is_no_order_while_something_is_asked_or_nothing_is_offered() -> None:
    assert meant("12", replace(TEAM, cases=(MIA,))) == (Duty("TAKE"),)
    assert meant("12", replace(TEAM, cases=(replace(MIA, open=False),))) == (FrontDoor("menu"),)
    assert meant("no", replace(TEAM, cases=(MIA,))) == (FrontDoor("menu"),)
    asked = replace(TEAM, cases=(MIA,), open_flow="menu", open_asked_at=ago(minutes=1))
    assert meant("12", asked) == (Answered("open"),)


def test_a_supervisor_and_whoever_holds_a_case_are_of_the_team_too() -> None:
    assert meant("off", Standing("active", is_supervisor=True)) == (Duty("OFF", None),)
    assert meant("TAKE 12", Standing("active", cases=(MIA,))) == (Duty("TAKE", 12),)
    assert meant("off", MEMBER) == (FrontDoor("menu"),)
