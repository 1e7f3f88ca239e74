"""Acts on what a text means: one small function for each meaning of flows/understood.py."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sms_service.domain.ladder import GRAVE_NOW
from sms_service.domain.words import Lang
from sms_service.flows import understood as u
from sms_service.flows.danger import danger_reply
from sms_service.flows.effects import Begin
from sms_service.flows.events import Heard
from sms_service.services import enrol, keywords
from sms_service.services.apply import DO, escalate, opt_out
from sms_service.services.duty import do_duty
from sms_service.services.relay import relay_in, relay_out, tell_owner
from sms_service.services.turn import Turn
from sms_service.store.cases import Case
from sms_service.store.inbounds import flagged_since

SAME_SIREN = timedelta(minutes=30)
"""More crisis texts inside this join the case: no second siren, no second long reply."""
IN_PROGRESS = GRAVE_NOW | {"violence"}
"""Answered by machine even inside a live talk, once per half hour (CONVERSATION.md 16)."""


def act_on(turn: Turn, meaning: u.Meaning, heard: u.HeardText) -> None:
    """Does what this meaning asks for."""
    ACTS[type(meaning)](turn, meaning, heard)


def _danger(turn: Turn, danger: u.Danger, heard: u.HeardText) -> None:
    if danger.in_talk:
        _danger_in_talk(turn, danger)
        return
    before = turn.own_case
    known = before is not None and before.kind == "crisis" and turn.now - before.rose_at < SAME_SIREN
    if turn.verdict_lang:
        turn.lang_now = turn.verdict_lang
    if danger.about == "volunteer" and danger.level == "crisis":
        DO["self_crisis"](turn, None)
    elif danger.level == "crisis" or danger.family != "passive":
        family = "minor" if turn.says_minor else danger.family
        escalate(turn, "crisis" if danger.level == "crisis" else "concern", family)
    turn.why = "crisis"
    if known and danger.family not in GRAVE_NOW:
        turn.say("still_trying" if before is not None and before.state == "open" else "still_here")
        return
    _say_danger(turn, danger)


def _say_danger(turn: Turn, danger: u.Danger) -> None:
    family = "minor" if turn.says_minor and danger.family not in GRAVE_NOW else danger.family
    reply = danger_reply(danger.level, family, turn.facts())
    if danger.about == "volunteer" and danger.level == "crisis" and danger.family not in GRAVE_NOW:
        turn.say("self_told")
    elif isinstance(reply, Begin):
        turn.begin(reply.flow, slots=reply.slots)
    else:
        turn.says.append(reply)


def _danger_in_talk(turn: Turn, danger: u.Danger) -> None:
    """The volunteer is told; only what kills at once is answered by machine as well, once per half hour."""
    raised = escalate(turn, "crisis" if danger.level == "crisis" else "concern", danger.family)
    if danger.level != "crisis":
        return
    tell_owner(turn.work, turn.program, raised, "reads_as_danger")
    person, before = turn.who.person, turn.inbound_id or 0
    since = turn.now - SAME_SIREN
    if danger.family in IN_PROGRESS and not flagged_since(
        turn.work.conn, person.program_id, person.id, since, before, IN_PROGRESS
    ):
        turn.lang_now = turn.verdict_lang
        _say_danger(turn, danger)


def _stopped(turn: Turn, stop: u.Stopped, heard: u.HeardText) -> None:
    passed_on = opt_out(turn, stop.words)
    person = turn.who.person
    if stop.twilio_replied:
        return
    if person.is_volunteer or person.is_supervisor:
        turn.say("vstop_cases" if passed_on else "vstop", cases=_listed(passed_on, turn.lang))
    else:
        turn.say("stop", short=turn.program.short)


def _listed(numbers: list[int], lang: Lang) -> str:
    """ "7", "7 and 9"."""
    return (" y " if lang == "es" else " and ").join(str(number) for number in numbers)


def _no_mas(turn: Turn, stop: u.NoMasStop, heard: u.HeardText) -> None:
    opt_out(turn, stop.words)
    escalate(turn, "concern", "stop")
    turn.lang_now = "es"
    if not stop.twilio_replied:
        turn.say("stop", short=turn.program.short)


def _baja(turn: Turn, meaning: u.BajaAsked, heard: u.HeardText) -> None:
    turn.begin("baja")


def _started(turn: Turn, start: u.Started, heard: u.HeardText) -> None:
    if turn.who.person.state == "stopped":
        enrol.start(turn)
    if not start.twilio_replied:
        turn.say("started", short=turn.program.short)
    elif turn.who.open is not None:
        turn.hear(Heard(heard.body), turn.who.open)


def _help(turn: Turn, asked: u.HelpAsked, heard: u.HeardText) -> None:
    if asked.concern:
        escalate(turn, "concern", "help")
    facts = turn.facts()
    turn.say("help_short" if asked.twilio_replied else "help", short=facts.short, hours=facts.hours)


def _unheard(turn: Turn, meaning: u.Unheard, heard: u.HeardText) -> None:
    """Of a stopped person nothing; a text from the number of somebody who died is read by a supervisor."""
    if meaning.reason == "died":
        escalate(turn, "concern", "died")
        turn.say("died", short=turn.program.short)


def _held(turn: Turn, held: u.Held, heard: u.HeardText) -> None:
    owned = [c for c in turn.cases if c.owner_id == turn.who.person.id and c.state == "claimed"]
    owned.sort(key=lambda case: case.case_no != held.case_no)
    slots: dict[str, str] = {"words": held.words}
    for suffix, case in zip(("", "2"), owned, strict=False):
        slots |= {f"name{suffix}": case.member_name or "Friend", f"no{suffix}": str(case.case_no)}
    turn.begin(held.flow, slots=slots)


def _relay_out(turn: Turn, relay: u.RelayOut, heard: u.HeardText) -> None:
    relay_out(turn, _case(turn, relay.case_no), relay.words)


def _relay_in(turn: Turn, relay: u.RelayIn, heard: u.HeardText) -> None:
    relay_in(turn, _case(turn, relay.case_no), relay.words)


def _case(turn: Turn, case_no: int) -> Case:
    return next(case for case in turn.cases if case.case_no == case_no)


def _answered(turn: Turn, answered: u.Answered, heard: u.HeardText) -> None:
    conversation = turn.who.parked if answered.which == "parked" else turn.who.open
    assert conversation is not None, "only a kept question is answered"
    turn.hear(Heard(heard.body), conversation)


def _late_mood(turn: Turn, late: u.LateMood, heard: u.HeardText) -> None:
    turn.begin("late_mood", slots={"mood": late.n})


def _stray(turn: Turn, stray: u.Stray, heard: u.HeardText) -> None:
    turn.say("stray", n=str(stray.n))


def _mistaken(turn: Turn, mistaken: u.Mistaken, heard: u.HeardText) -> None:
    escalate(turn, "concern", "helpline_word")
    turn.say("home")


def _lone(turn: Turn, meaning: u.Lone, heard: u.HeardText) -> None:
    turn.begin("are_you_ok")


def _media(turn: Turn, media: u.Media, heard: u.HeardText) -> None:
    if media.concern:
        escalate(turn, "concern", "picture")
    turn.say("media")


def _who(turn: Turn, meaning: u.WhoAsked, heard: u.HeardText) -> None:
    turn.say("who", short=turn.program.short)


def _after(turn: Turn, after: u.AfterTalk, heard: u.HeardText) -> None:
    """Within a day of a talk's end: where to write now; thanks are passed on."""
    ended = [c for c in turn.cases if c.member_id == turn.who.person.id and c.state == "closed" and c.owner_id]
    case = ended[-1]
    if after.thanks:
        tell_owner(turn.work, turn.program, case, "thanks_passed_on", words=heard.body[:200])
    turn.say("after", name=case.owner_name)


def _front_door(turn: Turn, door: u.FrontDoor, heard: u.HeardText) -> None:
    match door.kind:
        case "new":
            turn.say("new", short=turn.program.short)
            turn.changes["greeted_at"] = turn.now
        case "menu":
            turn.begin("menu")
        case "quiet":
            pass


ACTS: dict[type, Callable[[Turn, Any, u.HeardText], None]] = {
    u.Danger: _danger, u.Stopped: _stopped, u.NoMasStop: _no_mas, u.BajaAsked: _baja, u.Started: _started,
    u.HelpAsked: _help, u.Unheard: _unheard, u.Duty: lambda turn, order, _: do_duty(turn, order), u.Held: _held,
    u.RelayOut: _relay_out, u.RelayIn: _relay_in, u.LeaveTalk: lambda turn, _m, _h: turn.begin("leave_talk"),
    u.Keyworded: lambda turn, word, _: keywords.obey(turn, word.name, word.arg), u.Answered: _answered,
    u.LateMood: _late_mood, u.Stray: _stray, u.Mistaken: _mistaken, u.Lone: _lone, u.Media: _media, u.WhoAsked: _who,
    u.AfterTalk: _after, u.FrontDoor: _front_door,
}  # fmt: skip
