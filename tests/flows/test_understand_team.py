"""What a volunteer's text means: orders, lines, and what is asked first (SCENARIOS.md 16, 17, 34, 37, 51)."""

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
    HelpAsked,
    Keyworded,
    Meaning,
    RelayOut,
    Standing,
    Stopped,
    Stray,
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
ASKING = Judgement("crisis", "suicide", "suicide.active")
HOPELESS = Judgement("concern", "passive", "passive.hopeless", first_person=True)
RELAPSED = Judgement("concern", "relapse", "relapse.drank", first_person=True)

ANA = CaseRef(7, "Ana", "owned", last_line_at=ago(minutes=5))
LEO = CaseRef(9, "Leo", "owned", last_line_at=ago(minutes=1))
MIA = CaseRef(12, "Mia", "offered")
FREE = Standing("active", is_volunteer=True, is_member=True, texted_before=True)
PAGED = replace(FREE, cases=(MIA,))
WITH_ANA = replace(FREE, cases=(ANA,))
WITH_BOTH = replace(FREE, cases=(ANA, LEO))


def meant(body: str, standing: Standing, judged: Judgement = CALM) -> tuple[Meaning, ...]:
    return understand(HeardText(body), standing, judged, NOW)


def test_a_command_names_an_open_case_offered_or_owned() -> None:
    assert meant("TAKE 12", PAGED) == (Duty("TAKE", 12),)
    assert meant("pass 12 know", PAGED) == (Duty("PASS", 12, "KNOW"),)
    assert meant("done 7", WITH_ANA) == (Duty("DONE", 7),)
    assert meant("take 12", replace(WITH_ANA, cases=(ANA, MIA))) == (Duty("TAKE", 12),)
    assert meant("TAKE 0", FREE) == (Duty("TAKE", 0),)


@pytest.mark.parametrize("text", ["Take 5", "done", "DONE 5", "call", "here", "off", "me", "break"])
def test_a_bare_or_unknown_command_in_a_talk_is_held(text: str) -> None:
    assert meant(text, WITH_ANA) == (Held("held_words", 7, text),)
    assert meant(text, WITH_BOTH) == (Held("held_which", None, text),)


def test_an_ordinary_goodnight_is_relayed() -> None:
    assert meant("ok off to bed", WITH_ANA) == (RelayOut(7, "ok off to bed"),)


def test_outside_a_talk_an_unknown_case_is_answered_by_number() -> None:
    assert meant("TAKE 5", FREE) == (Duty("TAKE", 5),)
    assert meant("take 12", replace(FREE, cases=(replace(MIA, open=False),))) == (Duty("TAKE", 12),)


def test_a_bare_take_means_the_only_case_offered() -> None:
    assert meant("take", PAGED) == (Duty("TAKE", 12),)
    assert meant("take", replace(FREE, cases=(MIA, replace(MIA, case_no=13)))) == (Duty("TAKE"),)
    assert meant("done", PAGED) == (Duty("DONE"),)
    assert meant("take", FREE) == (FrontDoor("menu"),)


@pytest.mark.parametrize("text", ["12", "yes", "ok"])
def test_another_reply_to_a_page_is_told_how_to_take_it(text: str) -> None:
    assert meant(text, PAGED) == (Duty("TAKE"),)


def test_a_mood_of_a_volunteer_without_a_case_is_a_mood() -> None:
    assert meant("7", FREE) == (Stray(7),)
    asked = replace(FREE, open_flow="check_in", open_asked_at=ago(minutes=1), mood_open=True)
    assert meant("7", asked) == (Answered("open"),)


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("ON", Duty("ON")),
        ("off", Duty("OFF")),
        ("HERE", Duty("HERE")),
        ("ME", Duty("ME")),
        ("break 14:00", Duty("BREAK", None, "14:00")),
        ("my shifts", Duty("MY SHIFTS")),
    ],
)
def test_duty_words_act_at_once(text: str, order: Duty) -> None:
    assert meant(text, FREE) == (order,)


@pytest.mark.parametrize("text", ["STAY", "my shifts", "break 14:00"])
def test_what_cannot_be_meant_for_the_member_acts_in_a_talk_too(text: str) -> None:
    (order,) = meant(text, WITH_ANA)
    assert isinstance(order, Duty)


def test_a_plain_text_goes_to_the_member_for_an_hour() -> None:
    assert meant("are you safe?", WITH_ANA) == (RelayOut(7, "are you safe?"),)
    assert meant("MEETINGS", WITH_ANA) == (RelayOut(7, "MEETINGS"),)
    at_the_hour = replace(FREE, cases=(replace(ANA, last_line_at=ago(minutes=60)),))
    assert meant("goodnight", at_the_hour) == (RelayOut(7, "goodnight"),)
    later = replace(FREE, cases=(replace(ANA, last_line_at=ago(minutes=61)),))
    assert meant("goodnight", later) == (Held("held_late", 7, "goodnight"),)
    assert meant("7 goodnight", later) == (RelayOut(7, "goodnight"),)
    just_taken = replace(FREE, cases=(replace(ANA, last_line_at=None),))
    assert meant("Hi, I'm Ben", just_taken) == (RelayOut(7, "Hi, I'm Ben"),)


def test_with_two_cases_a_text_must_name_one() -> None:
    assert meant("are you safe?", WITH_BOTH) == (Held("held_which", None, "are you safe?"),)
    assert meant("9 are you safe?", WITH_BOTH) == (RelayOut(9, "are you safe?"),)
    assert meant("7: are you safe?", WITH_BOTH) == (RelayOut(7, "are you safe?"),)


def test_a_number_that_is_no_case_of_theirs_is_part_of_the_words() -> None:
    assert meant("5 minutes please", WITH_ANA) == (RelayOut(7, "5 minutes please"),)
    assert meant("12 hello", replace(WITH_ANA, cases=(ANA, MIA))) == (RelayOut(7, "12 hello"),)


def test_a_question_about_dying_is_relayed_and_a_wish_to_die_is_held() -> None:
    assert meant("are you thinking of killing yourself?", WITH_ANA, ASKING) == (
        RelayOut(7, "are you thinking of killing yourself?"),
    )
    assert meant("i want to die", WITH_ANA, DYING) == (Held("self", 7, "i want to die"),)
    assert meant("9 i want to die", WITH_BOTH, DYING) == (Held("self", 9, "i want to die"),)
    assert meant("i want to die", WITH_BOTH, DYING) == (Held("self", None, "i want to die"),)
    assert meant("what is the point of my life", WITH_ANA, HOPELESS) == (
        Held("self", 7, "what is the point of my life"),
    )
    assert meant("i relapsed once too", WITH_ANA, RELAPSED) == (RelayOut(7, "i relapsed once too"),)


def test_danger_of_a_volunteer_without_a_case_is_theirs() -> None:
    assert meant("i want to die", FREE, DYING) == (Danger("crisis", "suicide", "suicide.active", about="volunteer"),)
    supervisor = Standing("active", is_supervisor=True)
    assert meant("i want to die", supervisor, DYING)[0] == Danger(
        "crisis", "suicide", "suicide.active", about="volunteer"
    )


@pytest.mark.parametrize(
    ("flow", "text"), [("held_words", "1"), ("held_which", "9"), ("self", "ME"), ("outcome", "reached")]
)
def test_an_answer_to_what_was_asked_is_not_relayed(flow: str, text: str) -> None:
    assert meant(text, replace(WITH_BOTH, open_flow=flow, open_asked_at=ago(minutes=1))) == (Answered("open"),)


def test_a_line_written_while_a_question_is_open_still_goes_out() -> None:
    asked = replace(WITH_ANA, open_flow="held_words", open_asked_at=ago(minutes=1))
    assert meant("sorry, are you safe?", asked) == (RelayOut(7, "sorry, are you safe?"),)
    assert meant("DONE 7", asked) == (Duty("DONE", 7),)


def test_stop_help_and_menu_of_a_volunteer_are_their_own() -> None:
    assert meant("STOP", WITH_ANA) == (Stopped("STOP", twilio_replied=True),)
    assert meant("END", WITH_ANA) == (Stopped("END", twilio_replied=True),)
    assert meant("please stop", WITH_ANA) == (RelayOut(7, "please stop"),)
    assert meant("HELP", WITH_ANA) == (HelpAsked(twilio_replied=False, concern=False),)
    assert meant("MENU", WITH_ANA) == (Keyworded("MENU"),)
