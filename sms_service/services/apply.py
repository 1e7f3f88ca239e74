"""Carries a conversation's orders out: one table for what is saved, one for what is done."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, assert_never

from sms_service.domain.ladder import SUPERVISOR_FAMILIES
from sms_service.domain.words import CaseKind
from sms_service.flows.effects import Begin, Do, Effect, Escalate, Json, Refer, Save, Say, WakeAt
from sms_service.flows.understand_team import is_order
from sms_service.say.ideas import ideas
from sms_service.services import claim, enrol, forget
from sms_service.services.escalate import open_or_raise
from sms_service.services.relay import name_of_member, relay_out, tell_owner
from sms_service.services.stand_down import stand_down
from sms_service.services.turn import Turn
from sms_service.store.audit import note
from sms_service.store.cases import Case, case_by_no, change_case
from sms_service.store.checkins import add_checkin
from sms_service.store.referrals import add_referrals, answer_referrals
from sms_service.store.wakes import drop_wake

ASK_AGAIN = timedelta(hours=20)
"""A referral is followed up next day."""
WORRIED_FOR = timedelta(minutes=60)
WORRYING = 3


def apply(turn: Turn, effect: Effect) -> None:
    """One order; words and the silence clock are the turn's own business."""
    match effect:
        case Save(name, value):
            SAVE[name](turn, value)
        case Do(what, arg):
            DO[what](turn, arg)
        case Escalate(level, family):
            escalate(turn, level, family)
        case Refer(helplines):
            _refer(turn, helplines)
        case Begin() | Say() | WakeAt():
            pass
        case _:
            assert_never(effect)


def escalate(turn: Turn, kind: CaseKind, family: str = "") -> Case:
    """Opens the member's case or raises it; a crisis makes this whole reply urgent."""
    if kind == "crisis":
        turn.why = "crisis"
    person = turn.who.person
    if (person.is_volunteer or person.is_supervisor) and family not in SUPERVISOR_FAMILIES:
        family = "volunteer"  # a peer is not asked about a colleague (CONVERSATION.md 17)
    case = open_or_raise(turn.work, turn.program, person, kind, family, turn.own_case)
    turn.keep_case(case)
    return case


def opt_out(turn: Turn, words: str) -> list[int]:
    """Every way to say STOP: texts end, care goes on; one of the team stands down. The cases they handed on."""
    _care_goes_on(turn)
    enrol.stop(turn, words)
    return _team_stands_down(turn)


def _opts_out_with(words: str) -> Callable[[Turn, Json], None]:
    def do(turn: Turn, value: Json) -> None:
        opt_out(turn, words)

    return do


def _team_stands_down(turn: Turn) -> list[int]:
    person = turn.who.person
    return stand_down(turn) if person.is_volunteer or person.is_supervisor else []


def _care_goes_on(turn: Turn) -> None:
    """STOP ends texts, not care: a case's owner is told, a fresh worry is looked into (CONVERSATION.md 26)."""
    case = turn.own_case
    if case is not None and case.owner_id is not None:
        tell_owner(turn.work, turn.program, case, "member_stopped")
    _worry_is_looked_into(turn)


def _worry_is_looked_into(turn: Turn) -> None:
    """Where "Are you safe right now?" was open, going is the silence that makes it a crisis."""
    if turn.asks_if_safe:
        escalate(turn, "crisis", "passive")
    elif turn.own_case is None and _was_worried(turn):
        escalate(turn, "concern", "stop")


def _was_worried(turn: Turn) -> bool:
    """A mood of 3 or less, or the end of a case of theirs, within the last hour."""
    since = turn.now - WORRIED_FOR
    low = turn.who.last_mood is not None and turn.who.last_mood <= WORRYING
    ended = (case.closed_at for case in turn.cases if case.member_id == turn.who.person.id)
    moments = [turn.who.last_mood_at if low else None, *ended]
    return any(at is not None and at >= since for at in moments)


def _mood(turn: Turn, value: Json, *, late: bool = False) -> None:
    assert isinstance(value, int), "a mood is a number"
    add_checkin(turn.work.conn, turn.program.id, turn.who.person.id, value, turn.channel, turn.now, late)
    answered = {"mood_lapsed_at": None, "missed": 0}
    turn.changes |= {name: value for name, value in answered.items() if getattr(turn.who.person, name) != value}


def _set(name: str, *, replan: bool = False) -> Callable[[Turn, Json], None]:
    def save(turn: Turn, value: Json) -> None:
        turn.changes[name] = value
        if replan:
            enrol.plan_next(turn)

    return save


def _outcome(turn: Turn, value: Json) -> None:
    case = case_by_no(turn.work.conn, turn.program.id, int(str(turn.slots.get("no") or 0)), turn.who.person.id)
    if case is not None:
        change_case(turn.work.conn, turn.program.id, case.id, outcome=str(value))


def _refer(turn: Turn, helplines: tuple[str, ...]) -> None:
    add_referrals(turn.work.conn, turn.program.id, turn.who.person.id, helplines, turn.now)
    turn.changes["referred_at"] = turn.now
    enrol.follow_up(turn.work, turn.program, turn.who.person, turn.now + ASK_AGAIN)


def _note(turn: Turn, value: Json) -> None:
    """T0, 2: the words stand in the thread already; a case keeps them from being forgotten."""
    escalate(turn, "talk")


def _delete_me(turn: Turn, value: Json) -> None:
    """A worry becomes a case first, and a case ends before anything is deleted (CONVERSATION.md 26)."""
    _worry_is_looked_into(turn)
    _team_stands_down(turn)
    forget.forget(turn)


def _relay_held(turn: Turn, value: Json) -> None:
    case, words = _owned(turn, value), str(turn.slots.get("words") or "")
    if case is None:
        turn.say("not_yours", no=str(value))
    elif "name2" in turn.slots and is_order(words):  # whose it is was just said; whether it is one was not
        slots: dict[str, Json] = {"words": words, "name": name_of_member(case), "no": str(case.case_no)}
        turn.begin("held_words", slots=slots)
    else:
        relay_out(turn, case, words)


def _close_held(turn: Turn, value: Json) -> None:
    case = _owned(turn, value)
    if case is None:
        turn.say("not_yours", no=str(value))
    else:
        claim.done(turn, case)


def _owned(turn: Turn, value: Json) -> Case | None:
    mine = (c for c in turn.cases if c.owner_id == turn.who.person.id and c.state == "claimed")
    return next((case for case in mine if str(case.case_no) == str(value)), None)


def _leave_talk(turn: Turn, value: Json) -> None:
    if turn.own_case is not None and turn.own_case.owner_id is not None:
        claim.leave(turn, turn.own_case)
        if turn.who.person.delete_asked_at is not None:  # the end of the talk has just carried it out
            turn.forget_places()


def _self_crisis(turn: Turn, value: Json) -> None:
    """ME: supervisors only, off the rota, cases handed on (CONVERSATION.md 17)."""
    stand_down(turn)
    escalate(turn, "crisis", "volunteer")


def _cancel_siren(turn: Turn, value: Json) -> None:
    """OK stops the pages of a concern, which stays on the board; of a crisis it stops none (CONVERSATION.md 25)."""
    case, conn = turn.own_case, turn.work.conn
    if case is None:
        return
    if case.kind == "concern":
        drop_wake(conn, turn.program.id, f"ladder:{case.id}")
    note(conn, turn.program.id, f"person:{turn.who.person.id}", "case.ok", f"case:{case.id}", turn.now)


def _idea_given(turn: Turn, value: Json) -> None:
    turn.changes["last_idea"] = next((i for i, idea in enumerate(ideas()) if idea.id == value), -1)


def _write_when_open(turn: Turn, value: Json) -> None:
    escalate(turn, "talk")


Saver = Callable[[Turn, Any], None]
SAVE: Mapping[str, Saver] = {
    "mood": _mood,
    "late_mood": lambda turn, value: _mood(turn, value, late=True),
    "check_in_minute": enrol.set_hour,
    "language": _set("language"),
    "name": _set("name"),
    "zone": _set("zone", replan=True),
    "rhythm": _set("rhythm", replan=True),
    "safe_to_write": _set("safe", replan=True),
    "referral_outcome": lambda turn, value: answer_referrals(
        turn.work.conn, turn.program.id, turn.who.person.id, value, turn.now
    ),
    "outcome": _outcome,
}
"""What each Save keeps."""

DO: Mapping[str, Saver] = {
    "join": enrol.join,
    "decline": lambda turn, _: enrol.decline(turn),
    "pause": enrol.pause,
    "resume": lambda turn, _: enrol.resume(turn),
    "leave": lambda turn, _: enrol.leave(turn),
    "stop": _opts_out_with("2"),
    "send_my_data": lambda turn, _: forget.note_asked(turn),
    "delete_me": _delete_me,
    "wrong_number": _opts_out_with("WRONG"),
    "leave_talk": _leave_talk,
    "note_for_volunteer": _note,
    "write_when_open": _write_when_open,
    "relay_held": _relay_held,
    "close_case": _close_held,
    "self_crisis": _self_crisis,
    "cancel_siren": _cancel_siren,
    "idea_given": _idea_given,
    "mood_lapsed": lambda turn, _: turn.changes.update(mood_lapsed_at=turn.now),
}
"""What each Do does."""
