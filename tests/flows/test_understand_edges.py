"""Where two rules of understanding meet, and the last moment at which each still holds."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from sms_service.domain.words import Level, PersonState
from sms_service.flows.understand import understand
from sms_service.flows.understood import (
    AfterTalk,
    Answered,
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
    RelayOut,
    Standing,
    Started,
    Stopped,
    Stray,
    Unheard,
)

NOW = datetime(2026, 11, 23, 20, tzinfo=UTC)
BLINK = timedelta(microseconds=1)


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
STRANGER = Standing("stranger")
ASKED = replace(MEMBER, open_flow="check_in", open_step="mood", open_asked_at=ago(minutes=1), mood_open=True)
TALKING = replace(MEMBER, talk=MemberTalk(7, "Ben", ago(minutes=2)))
STOPPED = replace(MEMBER, state="stopped")
ANA = CaseRef(7, "Ana", "owned", last_line_at=ago(minutes=5))
LEO = CaseRef(9, "Leo", "owned", last_line_at=ago(minutes=1))
MIA = CaseRef(12, "Mia", "offered")
TEAM = Standing("active", is_volunteer=True, texted_before=True)
WITH_ANA = replace(TEAM, cases=(ANA,))


def meant(body: str, standing: Standing, judged: Judgement = CALM, **heard: object) -> tuple[Meaning, ...]:
    return understand(HeardText(body, **heard), standing, judged, NOW)  # type: ignore[arg-type]


# stopped and died


def test_a_stopped_person_with_a_helpline_of_today_comes_back_by_start_all_the_same() -> None:
    assert meant("START", replace(STOPPED, referred_at=ago(hours=1))) == (Started(twilio_replied=False),)


def test_a_stopped_person_in_danger_is_heard_about_that_alone() -> None:
    assert meant("STOP i want to die", STOPPED, DYING) == (Danger("crisis", "suicide", "suicide.active"),)


def test_a_stop_from_the_number_of_somebody_who_died_is_read_like_anything_from_it() -> None:
    died = replace(MEMBER, state="died")
    assert meant("STOP", died) == (Unheard("died"),)
    assert meant("STOP i want to die", died, DYING) == (
        Danger("crisis", "suicide", "suicide.active"),
        Unheard("died"),
    )


@pytest.mark.parametrize("state", ["stopped", "died"])
def test_danger_from_beyond_reach_is_no_line_of_a_talk_nor_held_back(state: PersonState) -> None:
    """Nobody can answer them there: the case goes on by itself."""
    in_talk = replace(TALKING, state=state)
    assert meant("i want to die", in_talk, DYING)[0] == Danger("crisis", "suicide", "suicide.active")
    owner = replace(WITH_ANA, state=state)
    assert meant("i want to die", owner, DYING)[0] == Danger("crisis", "suicide", "suicide.active", about="volunteer")


# stop beside other things


def test_twilios_own_word_that_it_was_a_stop_is_believed_whatever_we_read() -> None:
    assert meant("please stop", WITH_ANA, opt_out_type="STOP") == (Stopped("please stop", twilio_replied=True),)
    assert meant("BAJA", ASKED, opt_out_type="STOP") == (Stopped("BAJA", twilio_replied=True),)
    assert meant("No más", MEMBER, opt_out_type="STOP") == (NoMasStop("No más", twilio_replied=True),)


def test_please_stop_texting_me_to_a_member_is_a_line_and_from_anybody_else_a_stop() -> None:
    assert meant("please stop texting me", WITH_ANA) == (RelayOut(7, "please stop texting me"),)
    (stop,) = meant("please stop texting me", TEAM)
    assert isinstance(stop, Stopped)


# spans of time, to the moment


@pytest.mark.parametrize(("since", "heard"), [(timedelta(days=1), True), (timedelta(days=1) + BLINK, False)])
def test_what_lasts_a_day_lasts_a_day(since: timedelta, heard: bool) -> None:
    at = NOW - since
    expected: Mapping[str, tuple[Standing, str, Meaning, Meaning]] = {
        "a referral": (replace(MEMBER, referred_at=at), "START", Mistaken("START"), Started(twilio_replied=False)),
        "a lapsed mood": (replace(MEMBER, mood_lapsed_at=at), "2", LateMood(2), Stray(2)),
        "a closed talk": (replace(MEMBER, talk_closed_at=at), "ty", AfterTalk(thanks=True), FrontDoor("menu")),
        "a low mood": (replace(MEMBER, last_mood=3, last_mood_at=at), "", Media(concern=True), Media(concern=False)),
    }
    for standing, said, within, after in expected.values():
        assert meant(said, standing, media=0 if said else 1) == ((within if heard else after),)


@pytest.mark.parametrize(("since", "heard"), [(timedelta(days=7), True), (timedelta(days=7) + BLINK, False)])
def test_what_lasts_a_week_lasts_a_week(since: timedelta, heard: bool) -> None:
    low = replace(MEMBER, last_mood=4, last_mood_at=NOW - since)
    assert meant("HELP", low) == (HelpAsked(twilio_replied=False, concern=heard),)
    told = replace(STRANGER, texted_before=True, new_sent_at=NOW - since)
    assert meant("anybody", told) == (FrontDoor("quiet" if heard else "new"),)


def test_help_after_a_middling_mood_is_no_concern() -> None:
    assert meant("HELP", replace(MEMBER, last_mood=5, last_mood_at=ago(days=1))) == (
        HelpAsked(twilio_replied=False, concern=False),
    )


@pytest.mark.parametrize(("since", "keyword"), [(timedelta(minutes=30), True), (timedelta(minutes=30) + BLINK, False)])
def test_ok_stops_the_siren_for_half_an_hour(since: timedelta, keyword: bool) -> None:
    expected = Keyworded("OK") if keyword else FrontDoor("menu")
    assert meant("OK", replace(MEMBER, siren_at=NOW - since)) == (expected,)


@pytest.mark.parametrize(("since", "live"), [(timedelta(minutes=10), True), (timedelta(minutes=10) + BLINK, False)])
def test_a_talk_is_live_for_ten_minutes_after_the_volunteers_words(since: timedelta, live: bool) -> None:
    talking = replace(MEMBER, talk=MemberTalk(7, "Ben", NOW - since))
    danger = meant("i want to die", talking, DYING)[0]
    assert danger == Danger("crisis", "suicide", "suicide.active", in_talk=live)


def test_a_talk_in_which_nobody_has_written_is_not_live() -> None:
    assert meant("i want to die", replace(MEMBER, talk=MemberTalk(7, "Ben", None)), DYING)[0] == Danger(
        "crisis", "suicide", "suicide.active"
    )


# signs, pictures, questions


@pytest.mark.parametrize("text", ["?", "??", "¿?", "!", "¡!"])
def test_a_bare_question_mark_is_not_taken_for_distress(text: str) -> None:
    assert meant(text, MEMBER) == (FrontDoor("menu"),)


def test_a_thumb_is_an_answer_and_no_lone_sign() -> None:
    assert meant("👍", MEMBER) == (FrontDoor("menu"),)
    assert meant("👎", ASKED) == (Answered("open"),)


def test_a_picture_with_a_sign_beside_it_is_still_only_a_picture() -> None:
    assert meant("😢", ASKED, media=1) == (Media(concern=False),)
    assert meant("😢", replace(ASKED, open_flow="are_you_ok"), media=1) == (Media(concern=False),)


def test_a_wordless_picture_in_a_talk_is_told_about_and_words_are_relayed() -> None:
    assert meant("", TALKING, media=1) == (Media(concern=False),)
    assert meant("look", TALKING, media=1) == (RelayIn(7, "look"),)
    assert meant("", TALKING) == (Lone(),)


def test_a_question_that_came_with_the_persons_own_turn_can_be_answered_at_once() -> None:
    """Only a question nobody asked for can cross with a text."""
    parked = replace(ASKED, open_asked_at=ago(seconds=1), parked_flow="menu")
    assert meant("1", parked) == (Answered("parked"),)
    assert meant("1", replace(parked, open_prompted=True)) == (Answered("open"),)


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("2", Answered("open")),
        ("yes", Answered("open")),
        ("3", RelayIn(7, "3")),
        ("menu", LeaveTalk()),
        ("maybe", RelayIn(7, "maybe")),
    ],
)
def test_leave_your_talk_hears_one_two_yes_and_no(text: str, meaning: Meaning) -> None:
    leaving = replace(TALKING, open_flow="leave_talk", open_asked_at=ago(seconds=30))
    assert meant(text, leaving) == (meaning,)


def test_a_number_that_is_asked_for_is_no_helplines_word() -> None:
    referred = replace(MEMBER, referred_at=ago(hours=3))
    assert meant("741741", referred) == (Mistaken("741741"),)
    assert meant("741741", replace(referred, open_flow="zone", open_asked_at=ago(minutes=1))) == (Answered("open"),)


def test_the_very_first_text_of_a_stranger_is_no_mood() -> None:
    assert meant("7", STRANGER) == (FrontDoor("new"),)
    assert meant("7", replace(STRANGER, texted_before=True)) == (Stray(7),)
    assert meant("7", replace(MEMBER, texted_before=False)) == (Stray(7),)


def test_after_a_talk_who_asks_if_somebody_is_there_is_answered() -> None:
    assert meant("you there?", replace(MEMBER, talk_closed_at=ago(hours=2))) == (AfterTalk(thanks=False),)
    assert meant("you there?", MEMBER) == (FrontDoor("menu"),)
