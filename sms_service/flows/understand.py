"""What one heard text means: the order of CONVERSATION.md 1 as a list of small rules, tried in turn."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypeAlias

from sms_service.domain.mood import parse_mood
from sms_service.domain.numbers import parse_choice
from sms_service.domain.plain import plain, word_set
from sms_service.domain.stopping import baja_said, help_said, no_mas_said, start_said, stop_said
from sms_service.domain.yes_no import parse_yes_no
from sms_service.flows.hearing import Hearing
from sms_service.flows.keywords import who_asked
from sms_service.flows.understand_team import duty, offered_reply, own_danger, team_answer, team_line
from sms_service.flows.understood import (
    AfterTalk,
    BajaAsked,
    Danger,
    FrontDoor,
    HeardText,
    HelpAsked,
    Judged,
    Keyworded,
    LateMood,
    LeaveTalk,
    Lone,
    Meaning,
    Media,
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

DAY = timedelta(days=1)
WEEK = timedelta(days=7)
SIREN_FOR = timedelta(minutes=30)
HELP_MOOD, PICTURE_MOOD = 4, 3

HELPLINE_WORDS = word_set("home ayuda shout pride talkwithus 741741 838255 678678 85258")
"""Keywords and numbers of helplines that mean nothing here."""
REFERRED_WORDS = HELPLINE_WORDS | word_set("start helpline hello hola connect 988 88788 62640 435748 686868 50808")
"""Those that mean something else unless a helpline was given within 24 hours."""
_THANKS = word_set("thanks thank thx ty gracias")
_STILL_THERE = {
    "you there",
    "are you there",
    "u there",
    "r u there",
    "anyone there",
    "sigue ahi",
    "esta ahi",
    "estas ahi",
}

Rule: TypeAlias = Callable[[Hearing], tuple[Meaning, ...]]


def understand(heard: HeardText, standing: Standing, verdict: Judged, now: datetime) -> tuple[Meaning, ...]:
    """Everything the text means, in the order in which it is to be acted on; never empty."""
    hearing = Hearing(heard, standing, verdict, now)
    danger = _danger(hearing)
    if danger:
        return danger + (_died(hearing) or _stop(hearing))
    return next(meanings for rule in RULES if (meanings := rule(hearing)))


def _danger(hearing: Hearing) -> tuple[Meaning, ...]:
    verdict, standing = hearing.verdict, hearing.standing
    beyond_reach = standing.state in {"stopped", "died"}
    held = None if beyond_reach else own_danger(hearing)
    if held:
        return (held,)
    if verdict.level == "none" or (hearing.owned and standing.talk is None and not beyond_reach):
        return ()  # the owner of a case writes about the member
    danger = Danger(verdict.level, verdict.family, verdict.rule)
    if standing.talk is not None and not beyond_reach:
        return (replace(danger, in_talk=hearing.talk_is_live), RelayIn(standing.talk.case_no, hearing.body))
    return (replace(danger, about="volunteer") if hearing.on_duty and verdict.first_person else danger,)


def _died(hearing: Hearing) -> tuple[Meaning, ...]:
    return (Unheard("died"),) if hearing.standing.state == "died" else ()


def _stopped_person(hearing: Hearing) -> tuple[Meaning, ...]:
    """Of a stopped person nothing but danger and START is heard, not even YES."""
    if hearing.standing.state != "stopped":
        return ()
    if start_said(hearing.body):
        return (Started(hearing.heard.opt_out_type == "START"),)
    return (Unheard("stopped"),)


def _stop(hearing: Hearing) -> tuple[Meaning, ...]:
    if hearing.standing.state == "stopped":
        return ()
    by_twilio = hearing.heard.opt_out_type == "STOP"
    if hearing.standing.mood_open and baja_said(hearing.body) and not by_twilio:
        return (BajaAsked(),)
    if no_mas_said(hearing.body):
        return (NoMasStop(hearing.body, by_twilio),)
    said = stop_said(hearing.body)
    if said is None:
        return (Stopped(hearing.body, twilio_replied=True),) if by_twilio else ()
    to_member = said.wording and bool(hearing.owned)
    no_stop = to_member or (said.leading and hearing.verdict.level == "none")
    return () if no_stop and not by_twilio else (Stopped(said.words, said.twilio_word or by_twilio),)


def _start(hearing: Hearing) -> tuple[Meaning, ...]:
    standing = hearing.standing
    if not start_said(hearing.body) or standing.talk is not None or standing.state == "stranger":
        return ()
    if hearing.within(DAY, standing.referred_at):
        return (Mistaken(hearing.body),)
    return (Started(hearing.heard.opt_out_type == "START"),)


def _help(hearing: Hearing) -> tuple[Meaning, ...]:
    if not help_said(hearing.body):
        return ()
    standing = hearing.standing
    asked = HelpAsked(hearing.heard.opt_out_type == "HELP", _low_mood(hearing, HELP_MOOD, WEEK))
    return (asked,) if standing.talk is None else (asked, RelayIn(standing.talk.case_no, hearing.body))


def _low_mood(hearing: Hearing, highest: int, span: timedelta) -> bool:
    mood = hearing.standing.last_mood
    return mood is not None and mood <= highest and hearing.within(span, hearing.standing.last_mood_at)


def _talk(hearing: Hearing) -> tuple[Meaning, ...]:
    """In a claimed talk everything goes to the volunteer but MENU and the answer to its question."""
    talk = hearing.standing.talk
    if talk is None:
        return ()
    answer = parse_choice(hearing.body, 2) is not None or parse_yes_no(hearing.body) is not None
    if hearing.standing.open_flow == "leave_talk" and answer:
        return (hearing.answer(),)
    if hearing.keyword is not None and hearing.keyword.name == "MENU":
        return (LeaveTalk(),)
    return (RelayIn(talk.case_no, hearing.body),) if hearing.body else _picture(hearing)


def _keyword(hearing: Hearing) -> tuple[Meaning, ...]:
    standing, found, said = hearing.standing, hearing.keyword, plain(hearing.body)
    referred = hearing.within(DAY, standing.referred_at)
    number_asked = said.isdigit() and standing.open_flow != ""
    if said in (REFERRED_WORDS if referred else HELPLINE_WORDS) and not number_asked:
        return (Mistaken(hearing.body),)
    if who_asked(hearing.body):
        return (WhoAsked(),)
    if found is None or found.who == "volunteer" or (found.who == "member" and not standing.is_member):
        return ()
    if found.name == "OK" and not hearing.within(SIREN_FOR, standing.siren_at):
        return ()
    return (Keyworded(found.name, found.arg),)


def _picture(hearing: Hearing) -> tuple[Meaning, ...]:
    if hearing.heard.media and (not hearing.body or hearing.wordless):
        return (Media(_low_mood(hearing, PICTURE_MOOD, DAY)),)
    return (Lone(),) if hearing.wordless and hearing.standing.open_flow != "are_you_ok" else ()


def _open_question(hearing: Hearing) -> tuple[Meaning, ...]:
    return (hearing.answer(),) if hearing.standing.open_flow else ()


def _bare_mood(hearing: Hearing) -> tuple[Meaning, ...]:
    standing, mood = hearing.standing, parse_mood(hearing.body)
    first_text = standing.state == "stranger" and not standing.texted_before
    if mood is None or first_text:
        return ()
    return (LateMood(mood) if hearing.within(DAY, standing.mood_lapsed_at) else Stray(mood),)


def _after_talk(hearing: Hearing) -> tuple[Meaning, ...]:
    if not hearing.within(DAY, hearing.standing.talk_closed_at):
        return ()
    said = plain(hearing.body)
    thanks = bool(_THANKS.intersection(said.split()))
    return (AfterTalk(thanks),) if thanks or said in _STILL_THERE else ()


def _front_door(hearing: Hearing) -> tuple[Meaning, ...]:
    standing = hearing.standing
    if hearing.heard.media:
        return (Media(_low_mood(hearing, PICTURE_MOOD, DAY)),)
    if start_said(hearing.body):
        return (FrontDoor("new"),)  # understood, so the limit of one a week is not for it
    if hearing.keyword is not None and hearing.keyword.who == "member":
        return (Keyworded(hearing.keyword.name, hearing.keyword.arg),)  # so is a member's keyword from anybody else
    if standing.is_member or hearing.on_duty:
        return (FrontDoor("menu"),)
    return (FrontDoor("quiet" if hearing.within(WEEK, standing.new_sent_at) else "new"),)


RULES: tuple[Rule, ...] = (
    _died,
    _stopped_person,
    _stop,
    _start,
    _help,
    team_answer,
    duty,
    team_line,
    _talk,
    _keyword,
    offered_reply,
    _picture,
    _open_question,
    _bare_mood,
    _after_talk,
    _front_door,
)
"""(b) to (i); the last one always answers."""
