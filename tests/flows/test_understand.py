"""What a text means, conversation by conversation (SCENARIOS.md 1-6, 36, 37, 40, 41, 43, 44)."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from sms_service.domain.words import Level
from sms_service.flows.understand import understand
from sms_service.flows.understood import (
    AfterTalk,
    Answered,
    BajaAsked,
    CaseRef,
    Danger,
    FrontDoor,
    HeardText,
    HelpAsked,
    Keyworded,
    LateMood,
    LeaveTalk,
    Lone,
    Meaning,
    Media,
    MemberTalk,
    Mistaken,
    NoMasStop,
    RelayIn,
    Standing,
    Started,
    Stopped,
    Stray,
    Unheard,
    WhoAsked,
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
MEMBER = Standing("active", is_member=True, texted_before=True)
STRANGER = Standing("stranger")
ASKED = replace(MEMBER, open_flow="check_in", open_step="mood", open_asked_at=ago(minutes=1), mood_open=True)
TALKING = replace(MEMBER, talk=MemberTalk(7, "Ben", ago(minutes=2)))
STOPPED = replace(MEMBER, state="stopped")
REFERRED = replace(MEMBER, referred_at=ago(hours=3))


def meant(body: str, standing: Standing, judged: Judgement = CALM, **heard: object) -> tuple[Meaning, ...]:
    return understand(HeardText(body, **heard), standing, judged, NOW)  # type: ignore[arg-type]


# danger and stop come before everything


def test_danger_is_answered_in_any_state() -> None:
    for standing in (
        STRANGER,
        MEMBER,
        ASKED,
        STOPPED,
        replace(MEMBER, state="paused"),
        replace(MEMBER, state="left"),
    ):
        assert meant("i want to die", standing, DYING) == (Danger("crisis", "suicide", "suicide.active"),)


def test_danger_comes_before_the_stop_beside_it() -> None:
    for text in ("STOP i want to die", "i want to die. stop texting me"):
        first, second = meant(text, ASKED, DYING)
        assert isinstance(first, Danger)
        assert isinstance(second, Stopped)


def test_the_died_are_read_by_a_coordinator_and_never_get_a_menu() -> None:
    died = replace(MEMBER, state="died")
    assert meant("MENU", died) == (Unheard("died"),)
    assert meant("i want to die", died, DYING)[-1] == Unheard("died")


@pytest.mark.parametrize("text", ["STOP", " stop. ", "Unsubscribe", "ALTO", "take me off this list"])
@pytest.mark.parametrize("standing", [STRANGER, MEMBER, ASKED, TALKING, REFERRED])
def test_an_opt_out_is_heard_in_any_state(text: str, standing: Standing) -> None:
    (only,) = meant(text, standing)
    assert isinstance(only, Stopped)
    assert only.words == text.strip()


def test_twilio_s_own_stop_words_are_not_confirmed_twice() -> None:
    assert meant("STOP", MEMBER) == (Stopped("STOP", twilio_replied=True),)
    assert meant("ALTO", MEMBER) == (Stopped("ALTO", twilio_replied=False),)
    assert meant("ALTO", MEMBER, opt_out_type="STOP") == (Stopped("ALTO", twilio_replied=True),)
    assert meant("fin", MEMBER, opt_out_type="STOP") == (Stopped("fin", twilio_replied=True),)


def test_stop_inside_a_sentence_is_no_opt_out() -> None:
    assert meant("got to STOP this bill", MEMBER) == (FrontDoor("menu"),)


@pytest.mark.parametrize("text", ["YES", "yes", "MENU", "hello", "STOP", "HELP", "7", "TALK"])
def test_of_a_stopped_person_nothing_more_is_heard(text: str) -> None:
    assert meant(text, STOPPED) == (Unheard("stopped"),)


def test_only_start_brings_a_stopped_person_back() -> None:
    assert meant("START", STOPPED) == (Started(twilio_replied=False),)
    assert meant("Inicio", STOPPED, opt_out_type="START") == (Started(twilio_replied=True),)
    assert meant("YES", STOPPED, opt_out_type="START") == (Unheard("stopped"),)


def test_baja_is_asked_about_while_a_mood_is_open() -> None:
    assert meant("BAJA", ASKED) == (BajaAsked(),)
    assert meant("bajo", ASKED) == (BajaAsked(),)
    assert meant("BAJA", MEMBER) == (Stopped("BAJA", twilio_replied=False),)


def test_no_mas_stops_with_a_concern() -> None:
    assert meant("No más", MEMBER) == (NoMasStop("No más", twilio_replied=False),)
    assert meant("ya no mas", MEMBER) == (FrontDoor("menu"),)


# HELP, START and Twilio's replies


def test_help_is_a_concern_after_a_low_mood() -> None:
    low = replace(MEMBER, last_mood=4, last_mood_at=ago(days=6))
    assert meant("HELP", low) == (HelpAsked(twilio_replied=False, concern=True),)
    assert meant("HELP", replace(low, last_mood_at=ago(days=8)), opt_out_type="HELP") == (
        HelpAsked(twilio_replied=True, concern=False),
    )


def test_a_yes_with_opt_out_type_start_answers_the_joining_question() -> None:
    joining = replace(STRANGER, open_flow="join", open_step="agree", open_asked_at=ago(minutes=1), texted_before=True)
    assert meant("YES", joining, opt_out_type="START") == (Answered("open"),)


# keywords, questions, numbers


def test_a_keyword_interrupts_a_check_in_and_a_number_answers_it() -> None:
    assert meant("MEETINGS", ASKED) == (Keyworded("MEETINGS"),)
    assert meant("7", ASKED) == (Answered("open"),)
    assert meant("7", MEMBER) == (Stray(7),)


@pytest.mark.parametrize("text", [" yEs ", "Y 😁", "YES\r\n-Sam", "maybe", "about a 7 today", "👍", "?"])
def test_an_open_question_hears_its_answer(text: str) -> None:
    assert meant(text, ASKED) == (Answered("open"),)


def test_a_yes_after_the_question_lapsed_is_no_answer() -> None:
    assert meant("yes", MEMBER) == (FrontDoor("menu"),)


def test_an_answer_belongs_to_the_question_that_was_there() -> None:
    """A question delivered under ten seconds ago, or not yet, cannot have been read."""
    for asked_at, which in ((None, "parked"), (ago(seconds=9), "parked"), (ago(seconds=10), "open")):
        standing = replace(ASKED, open_asked_at=asked_at, parked_flow="referral_check")
        assert meant("1", standing) == (Answered(which),)  # type: ignore[arg-type]
    assert meant("1", replace(ASKED, open_asked_at=None)) == (Answered("open"),)


def test_a_late_mood_and_a_stray_one() -> None:
    lapsed = replace(MEMBER, mood_lapsed_at=ago(hours=12))
    assert meant("2", lapsed) == (LateMood(2),)
    assert meant("2", replace(MEMBER, mood_lapsed_at=ago(hours=25))) == (Stray(2),)
    assert meant("2", MEMBER) == (Stray(2),)


def test_ok_is_a_keyword_only_while_the_siren_can_be_stopped() -> None:
    assert meant("ok", replace(ASKED, siren_at=ago(minutes=29))) == (Keyworded("OK"),)
    assert meant("ok", replace(ASKED, siren_at=ago(minutes=31))) == (Answered("open"),)


def test_a_volunteer_s_words_are_nothing_special_from_a_member() -> None:
    assert meant("Take 5", MEMBER) == (FrontDoor("menu"),)
    assert meant("done", ASKED) == (Answered("open"),)


def test_a_member_s_keyword_is_understood_from_a_stranger_unless_it_answers_a_question() -> None:
    assert meant("PAUSE", STRANGER) == (Keyworded("PAUSE"),)
    assert meant("time", replace(ASKED, is_member=False)) == (Answered("open"),)
    assert meant("JOIN HOPE", STRANGER) == (Keyworded("JOIN", "hope"),)
    assert meant("can i talk to a person", STRANGER) == (Keyworded("TALK"),)


@pytest.mark.parametrize("word", ["HOME", "START", "AYUDA", "HELPLINE", "Hello", "838255"])
def test_a_helpline_s_word_after_a_referral_is_a_mistake(word: str) -> None:
    assert meant(word, REFERRED) == (Mistaken(word),)


def test_without_a_referral_some_of_them_mean_something_else() -> None:
    assert meant("HOME", MEMBER) == (Mistaken("HOME"),)
    assert meant("AYUDA", MEMBER) == (Mistaken("AYUDA"),)
    assert meant("HELPLINE", MEMBER) == (Keyworded("HELPLINE"),)
    assert meant("hello", MEMBER) == (FrontDoor("menu"),)
    assert meant("START", MEMBER) == (Started(twilio_replied=False),)
    assert meant("62640", replace(REFERRED, open_flow="zone", open_asked_at=ago(minutes=1))) == (Answered("open"),)


# strangers and what is not understood


@pytest.mark.parametrize("text", ["hi", "hello? please", "anybody", "2", "START"])
def test_a_stranger_is_told_who_we_are_once_a_quiet_week(text: str) -> None:
    assert meant(text, STRANGER) == (FrontDoor("new"),)


def test_what_is_not_understood_is_answered_once_a_week() -> None:
    told = replace(STRANGER, texted_before=True, new_sent_at=ago(days=3))
    assert meant("anybody", told) == (FrontDoor("quiet"),)
    assert meant("anybody", replace(told, new_sent_at=ago(days=8))) == (FrontDoor("new"),)
    assert meant("TALK", told) == (Keyworded("TALK"),)
    assert meant("2", told) == (Stray(2),)


@pytest.mark.parametrize("standing", [STRANGER, MEMBER, ASKED])
def test_who_is_this_is_always_answered(standing: Standing) -> None:
    assert meant("wrong number", standing) == (WhoAsked(),)


@pytest.mark.parametrize("text", ["…", "...", "😢", "💔💔", ""])
def test_a_lone_sign_asks_are_you_ok(text: str) -> None:
    assert meant(text, MEMBER) == (Lone(),)
    assert meant(text, ASKED) == (Lone(),)
    assert meant(text, replace(ASKED, open_flow="are_you_ok")) == (Answered("open"),)


def test_a_lone_picture_after_a_low_mood_is_a_concern() -> None:
    low = replace(MEMBER, last_mood=3, last_mood_at=ago(hours=23))
    assert meant("", low, media=1) == (Media(concern=True),)
    assert meant("", replace(low, last_mood=4), media=1) == (Media(concern=False),)
    assert meant("look at this", MEMBER, media=1) == (Media(concern=False),)
    assert meant("7", ASKED, media=1) == (Answered("open"),)


def test_thanks_after_a_talk_are_heard_for_a_day() -> None:
    assert meant("thank you!", replace(MEMBER, talk_closed_at=ago(hours=2))) == (AfterTalk(thanks=True),)
    assert meant("you there?", replace(MEMBER, talk_closed_at=ago(hours=2))) == (AfterTalk(thanks=False),)
    assert meant("thanks", replace(MEMBER, talk_closed_at=ago(hours=25))) == (FrontDoor("menu"),)


# a talk


@pytest.mark.parametrize(
    "text", ["MEETINGS", "2", "TALK", "HOME", "START", "ok", "yes", "MOOD 2", "are you there?", "…"]
)
def test_in_a_talk_everything_goes_to_the_volunteer(text: str) -> None:
    assert meant(text, TALKING) == (RelayIn(7, text),)


def test_in_a_talk_menu_asks_and_its_answer_is_heard() -> None:
    assert meant("MENU", TALKING) == (LeaveTalk(),)
    leaving = replace(TALKING, open_flow="leave_talk", open_asked_at=ago(seconds=30))
    assert meant("1", leaving) == (Answered("open"),)
    assert meant("he hit me again", leaving) == (RelayIn(7, "he hit me again"),)


def test_in_a_talk_help_is_answered_and_relayed() -> None:
    assert meant("HELP", TALKING) == (HelpAsked(twilio_replied=False, concern=False), RelayIn(7, "HELP"))


def test_crisis_words_in_a_live_talk_are_relayed() -> None:
    danger, relayed = meant("i want to die", TALKING, DYING)
    assert danger == Danger("crisis", "suicide", "suicide.active", in_talk=True)
    assert relayed == RelayIn(7, "i want to die")


def test_crisis_words_in_a_silent_talk_are_answered_by_us_too() -> None:
    """Live means that the volunteer wrote within ten minutes."""
    silent = replace(TALKING, talk=MemberTalk(7, "Ben", ago(minutes=11)))
    assert meant("i want to die", silent, DYING) == (
        Danger("crisis", "suicide", "suicide.active"),
        RelayIn(7, "i want to die"),
    )


def test_a_stop_in_a_talk_beside_danger_keeps_all_three() -> None:
    kinds = [type(meaning) for meaning in meant("STOP i want to die", TALKING, DYING)]
    assert kinds == [Danger, RelayIn, Stopped]


def test_a_case_of_somebody_else_changes_nothing_for_a_member() -> None:
    closed = replace(MEMBER, cases=(CaseRef(7, "Ana", "owned", open=False),))
    assert meant("MEETINGS", closed) == (Keyworded("MEETINGS"),)
    assert meant("i can't sleep", MEMBER, WORRY) == (Danger("concern", "unsafe", "unsafe.panic"),)
