"""What a volunteer's text means: an order, a line to a member, or something to ask about first."""

import re
from datetime import timedelta

from sms_service.domain.numbers import parse_choice
from sms_service.domain.plain import plain, word_set
from sms_service.domain.yes_no import parse_yes_no
from sms_service.flows.hearing import Hearing
from sms_service.flows.keywords import keyword_of
from sms_service.flows.understood import Duty, Held, Meaning, RelayOut

RELAYED_FOR = timedelta(minutes=60)
CASE_VERBS = word_set("TAKE PASS DONE SUP CALL HAND")
TEAM_FLOWS = word_set("held_words held_which held_late self outcome")
SELF_FAMILIES = word_set("plan farewell attempt overdose passive suicide self_harm")
DRILL = 0

_ANSWERS = word_set("me send close done reached handed mandar enviar cerrar listo hablamos not") | {
    "send it",
    "close it",
    "not reached",
    "false alarm",
    "no mandar",
    "no contesta",
    "fue al 988",
    "sin peligro",
}
_ADDRESSED = re.compile(r"\s*#?(\d{1,9})(?:\s*[:,.-])?\s+(\S.*)", re.DOTALL)


def own_danger(hearing: Hearing) -> Held | None:
    """First-person danger from the owner of a case: held, and asked whom it is about (CONVERSATION.md 17)."""
    verdict = hearing.verdict
    grave = verdict.level == "crisis" or (verdict.level == "concern" and verdict.family in SELF_FAMILIES)
    if not (hearing.owned and verdict.first_person and grave):
        return None
    named = addressed(hearing)
    if named:
        return Held("self", named.case_no, named.words)
    return Held("self", hearing.owned[0].case_no if len(hearing.owned) == 1 else None, hearing.body)


def addressed(hearing: Hearing) -> RelayOut | None:
    """ "7 are you there?": goes to the member of case 7, if it is theirs."""
    found = _ADDRESSED.fullmatch(hearing.body)
    if found is None or int(found[1]) not in {case.case_no for case in hearing.owned}:
        return None
    return RelayOut(int(found[1]), found[2].strip())


def team_answer(hearing: Hearing) -> tuple[Meaning, ...]:
    """The answer to what the team's side was asked: a digit, a case number, a word of the question."""
    if not (hearing.on_duty and hearing.standing.open_flow in TEAM_FLOWS):
        return ()
    said = plain(hearing.body)
    numbers = {str(case.case_no) for case in hearing.standing.cases}
    fits = said in _ANSWERS | numbers or parse_choice(said) is not None or parse_yes_no(said) is not None
    return (hearing.answer(),) if fits else ()


def duty(hearing: Hearing) -> tuple[Meaning, ...]:
    """Case and duty words. A bare or unknown one in a talk is held and asked (CONVERSATION.md 19)."""
    found = hearing.keyword
    if not hearing.on_duty or found is None or found.who != "volunteer":
        return ()
    if found.name in CASE_VERBS:
        return _case_order(hearing, found.name, found.arg)
    unmistakable = found.name in {"STAY", "MY SHIFTS"} or found.arg
    if hearing.owned and not unmistakable:
        return (_held_words(hearing),)
    return (Duty(found.name, None, found.arg),)


def _case_order(hearing: Hearing, verb: str, arg: str) -> tuple[Meaning, ...]:
    number, _, rest = arg.partition(" ")
    case_no = int(number) if number else _meant_case(hearing, verb)
    known = {case.case_no for case in hearing.standing.cases if case.open}
    if case_no in known or (verb == "TAKE" and case_no == DRILL):
        return (Duty(verb, case_no, rest.upper()),)
    if hearing.owned:
        return (_held_words(hearing),)
    if number or hearing.standing.cases:
        return (Duty(verb, case_no, rest.upper()),)  # answered: not open, not offered, which number
    return ()


def _meant_case(hearing: Hearing, verb: str) -> int | None:
    """A bare TAKE or PASS while nothing is owned and one case alone is offered can mean no other."""
    offered = [case.case_no for case in hearing.standing.cases if case.open and case.stand == "offered"]
    return offered[0] if verb in {"TAKE", "PASS"} and not hearing.owned and len(offered) == 1 else None


def _held_words(hearing: Hearing) -> Held:
    if len(hearing.owned) > 1:
        return Held("held_which", None, hearing.body)
    return Held("held_words", hearing.owned[0].case_no, hearing.body)


def is_order(words: str) -> bool:
    """Whether a held text reads as an order, so that naming the case alone must not send it."""
    found = keyword_of(words)
    return found is not None and found.who == "volunteer"


def team_line(hearing: Hearing) -> tuple[Meaning, ...]:
    """A plain text of who owns a case is a line to its member; asked first when late, or for which."""
    found = hearing.keyword
    if not hearing.owned or not hearing.body or (found is not None and found.name == "MENU"):
        return ()
    named = addressed(hearing)
    if named:
        return (named,)
    if len(hearing.owned) > 1:
        return (Held("held_which", None, hearing.body),)
    case = hearing.owned[0]
    if case.last_line_at is not None and not hearing.within(RELAYED_FOR, case.last_line_at):
        return (Held("held_late", case.case_no, hearing.body),)
    return (RelayOut(case.case_no, hearing.body),)


def offered_reply(hearing: Hearing) -> tuple[Meaning, ...]:
    """ "7" or "yes" to a page, nothing else being asked: told how to take it, for a digit may be a slip."""
    if hearing.owned or hearing.standing.open_flow:
        return ()
    offered = {str(case.case_no) for case in hearing.standing.cases if case.open and case.stand == "offered"}
    meant = plain(hearing.body) in offered or (bool(offered) and parse_yes_no(hearing.body) is True)
    return (Duty("TAKE"),) if meant else ()
