"""A volunteer's orders by text: TAKE 7, PASS 7, DONE 7, ON, OFF, BREAK 14:00."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from sms_service.domain.hour import parse_hour
from sms_service.domain.quiet import next_local
from sms_service.flows.understood import Duty
from sms_service.services import claim
from sms_service.services.apply import DO
from sms_service.services.escalate import page_one
from sms_service.services.turn import Turn
from sms_service.store.audit import note
from sms_service.store.cases import Case

LONG = timedelta(days=3650)
DRILL = 0


def do_duty(turn: Turn, order: Duty) -> None:
    """Case orders need a case that is offered or owned; the others act at once."""
    if order.verb == "TAKE" and order.case_no == DRILL:
        turn.say("drill_done")
    elif order.verb == "TAKE" and order.case_no is not None:
        claim.take(turn, order.case_no)
    elif order.verb in CASE_ORDERS:
        _case_order(turn, order)
    else:
        DUTIES[order.verb](turn, order)


def _case_order(turn: Turn, order: Duty) -> None:
    if order.case_no is None:
        example = next((str(case.case_no) for case in turn.cases), "7")
        turn.say("which_number", word=order.verb, no=example)
        return
    case = next((c for c in turn.cases if c.case_no == order.case_no and c.state != "closed"), None)
    if case is None:
        turn.say("not_open", no=str(order.case_no))
    elif order.verb == "PASS" and not case.offered and case.owner_id != turn.who.person.id:
        turn.say("not_offered", no=str(order.case_no))
    elif order.verb != "PASS" and case.owner_id != turn.who.person.id:
        turn.say("not_yours", no=str(order.case_no))
    else:
        CASE_ORDERS[order.verb](turn, case)


def _ask_supervisor(turn: Turn, case: Case) -> None:
    """SUP 7: supervisors are paged about it; the owner stays."""
    seen = {turn.who.person.id, case.member_id}
    for one in turn.work.rota(turn.program.id):
        if one.role == "supervisor" and one.person_id not in seen:
            seen.add(one.person_id)
            page_one(turn.work, turn.program, case, one, "sup_asked", name=turn.who.person.name)
    turn.say("sup_told", no=str(case.case_no))


def _not_yet(turn: Turn, order: object) -> None:
    turn.say("not_yet")


def _on(turn: Turn, order: Duty) -> None:
    turn.changes["off_until"] = None
    _noted(turn, "duty.on")
    turn.say("duty_on")


def _off(turn: Turn, order: Duty) -> None:
    turn.changes["off_until"] = turn.now + LONG
    _noted(turn, "duty.off")
    turn.say("duty_off")


def _break(turn: Turn, order: Duty) -> None:
    """BREAK 14:00 or BREAK 3 days: off until then; whatever else is asked again."""
    until = _until(turn, order.arg)
    if until is None:
        turn.say("break_how")
        return
    turn.changes["off_until"] = until
    _noted(turn, "duty.break")
    turn.say("duty_off")


def _until(turn: Turn, arg: str) -> datetime | None:
    days = re.fullmatch(r"(\d{1,3}) days", arg)
    if days:
        return turn.now + timedelta(days=int(days[1]))
    minute = parse_hour(arg)
    return None if minute is None else next_local(minute, turn.who.person.zone, turn.now)


def _me(turn: Turn, order: Duty) -> None:
    """ME: a supervisor is told, the cases are passed on (CONVERSATION.md 17)."""
    DO["self_crisis"](turn, None)
    turn.say("self_told")


def _noted(turn: Turn, act: str) -> None:
    person = f"person:{turn.who.person.id}"
    note(turn.work.conn, turn.program.id, person, act, person, turn.now)


CASE_ORDERS: Mapping[str, Callable[[Turn, Case], None]] = {
    "PASS": claim.pass_on,
    "DONE": claim.done,
    "SUP": _ask_supervisor,
    "HAND": claim.pass_on,
    "CALL": _not_yet,
    "TAKE": _not_yet,
}
DUTIES: Mapping[str, Callable[[Turn, Duty], None]] = {
    "ON": _on,
    "HERE": _on,
    "STAY": _on,
    "OFF": _off,
    "BREAK": _break,
    "ME": _me,
    "SWAP": _not_yet,
    "MY SHIFTS": _not_yet,
}
