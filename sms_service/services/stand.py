"""How a person stands with the program when their text arrives: rows in, the pure `Standing` out."""

from dataclasses import replace
from datetime import datetime

from sms_service.flows.engine import Place
from sms_service.flows.understood import CaseRef, MemberTalk, Standing
from sms_service.services.relay import name_of_member, name_of_owner
from sms_service.services.turn import MOOD_QUESTIONS, Turn
from sms_service.store.cases import Case
from sms_service.store.conversations import Conversation


def standing_of(turn: Turn) -> Standing:
    """Everything `understand` may know."""
    who, person = turn.who, turn.who.person
    own = turn.own_case
    if any(_lost(kept) for kept in (who.open, who.parked)):
        turn.end_conversations()
        turn.who = who = replace(who, open=None, parked=None)
    flow, step = _at(who.open)
    return Standing(
        state=person.state, is_member=person.is_member, is_volunteer=person.is_volunteer,
        is_supervisor=person.is_supervisor, lang=person.language, talk=_talk(own), cases=_cases(turn),
        open_flow=flow, open_step=step, open_asked_at=who.open.asked_at if who.open else None,
        open_prompted=who.open.prompted if who.open else False, parked_flow=_at(who.parked)[0],
        mood_open=(flow, step) in MOOD_QUESTIONS, mood_lapsed_at=person.mood_lapsed_at,
        last_mood=who.last_mood, last_mood_at=who.last_mood_at, referred_at=person.referred_at,
        siren_at=own.rose_at if own else None, texted_before=who.last_heard_at is not None,
        new_sent_at=person.greeted_at, talk_closed_at=_closed_at(turn),
    )  # fmt: skip


def _at(conversation: Conversation | None) -> tuple[str, str]:
    if conversation is None:
        return "", ""
    place = Place.from_json(conversation.place)
    return place.flow, place.step


def _lost(conversation: Conversation | None) -> bool:
    """Whether nobody can tell any more what was asked: such a conversation counts as none."""
    try:
        _at(conversation)
    except ValueError:
        return True
    return False


def _talk(own: Case | None) -> MemberTalk | None:
    if own is None or own.state != "claimed":
        return None
    return MemberTalk(own.case_no, name_of_owner(own), own.owner_at)


def _cases(turn: Turn) -> tuple[CaseRef, ...]:
    person_id = turn.who.person.id
    return tuple(
        CaseRef(
            case.case_no, name_of_member(case), "owned" if case.owner_id == person_id else "offered",
            case.state != "closed", _last_line_at(case),
        )
        for case in turn.cases
        if case.member_id != person_id and (case.owner_id == person_id or case.offered)
    )  # fmt: skip


def _last_line_at(case: Case) -> datetime | None:
    """Of either side, or the claim."""
    return max(filter(None, (case.claimed_at, case.owner_at, case.member_at)), default=None)


def _closed_at(turn: Turn) -> datetime | None:
    """The last claimed talk of this member that has ended."""
    ended = (c.closed_at for c in turn.cases if c.member_id == turn.who.person.id and c.owner_id is not None)
    return max(filter(None, ended), default=None)
