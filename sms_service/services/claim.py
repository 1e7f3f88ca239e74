"""A volunteer takes, passes or closes a case. One owner at a time, by compare and set."""

from dataclasses import replace

from sms_service.services.desk import Work
from sms_service.services.relay import (
    name_of_member,
    name_of_owner,
    pieces,
    tell_member,
    tell_owner,
)
from sms_service.services.turn import Turn
from sms_service.store.audit import note
from sms_service.store.cases import Case, case_by_no, change_case, claim_case
from sms_service.store.inbounds import heard_since
from sms_service.store.people import person_by_id
from sms_service.store.programs import Program
from sms_service.store.wakes import drop_wake, hasten_wake

LANGUAGES = {
    ("en", "en"): "English",
    ("es", "en"): "Spanish",
    ("en", "es"): "ingles",
    ("es", "es"): "español",
}
"""The member's language, said in the volunteer's."""
QUIET_FAMILIES = frozenset({"violence", "abuse"})


def take(turn: Turn, case_no: int) -> None:
    """TAKE 7: only somebody who was offered it may; exactly one becomes its owner, the other is told who."""
    person = turn.who.person
    case = _find(turn, case_no)
    if case is None or case.state == "closed":
        turn.say("not_open", no=str(case_no))
    elif not case.offered and case.owner_id != person.id:
        turn.say("not_offered", no=str(case_no))
    elif case.owner_id == person.id:
        _brief(turn, case)
    elif claim_case(turn.work.conn, case, person.id, turn.now):
        owned = replace(
            case, state="claimed", owner_id=person.id, owner_name=person.name, owner_lang=person.language,
            owner_line=turn.line.id, owner_at=None,
        )  # fmt: skip
        turn.keep_case(owned)
        note(turn.work.conn, turn.program.id, f"person:{person.id}", "case.take", f"case:{case.id}", turn.now)
        _brief(turn, owned)
        _greet(turn.work, turn.program, owned)
    else:
        taken = case_by_no(turn.work.conn, turn.program.id, case_no, person.id)
        turn.say("taken_by", no=str(case_no), name=name_of_owner(taken) if taken and taken.owner_id else "")


def _find(turn: Turn, case_no: int) -> Case | None:
    around = next((case for case in turn.cases if case.case_no == case_no), None)
    return around or case_by_no(turn.work.conn, turn.program.id, case_no, turn.who.person.id)


def _brief(turn: Turn, case: Case) -> None:
    """Name, language, and what the member wrote since it began, so that nobody has to say it twice."""
    language = LANGUAGES[case.member_lang, turn.lang]
    turn.say("taken", no=str(case.case_no), name=name_of_member(case), language=language)
    wrote = heard_since(
        turn.work.conn,
        turn.program.id,
        case.member_id,
        case.opened_at,
        before_id=turn.inbound_id or 0,
        most=8,
    )
    for part in pieces(" / ".join(earlier.body for earlier in wrote if earlier.body.strip())):
        turn.say("line_to_volunteer", no=str(case.case_no), name=name_of_member(case), words=part)


def _greet(work: Work, program: Program, case: Case) -> None:
    """The member hears who is there; where texts are not safe, nothing, or a line that gives nothing away."""
    member = person_by_id(work.conn, program.id, case.member_id)
    if case.family in QUIET_FAMILIES:
        tell_member(work, program, case, "hello_quiet")
    elif member.state == "stopped":
        tell_owner(work, program, case, "member_stopped")
    else:
        tell_member(work, program, case, "take")


def pass_on(turn: Turn, case: Case) -> None:
    """PASS 7 needs no reason: the next rung at once; an owner who passes gives the case back."""
    if case.owner_id == turn.who.person.id:
        hand_on(turn, case)
    elif case.state == "open":
        hasten_wake(turn.work.conn, turn.program.id, f"ladder:{case.id}", turn.now)
    note(
        turn.work.conn,
        turn.program.id,
        f"person:{turn.who.person.id}",
        "case.pass",
        f"case:{case.id}",
        turn.now,
    )
    turn.say("passed", no=str(case.case_no))


def hand_on(turn: Turn, case: Case) -> None:
    """The owner gives the case back: its ladder starts again at once, the member is told by name."""
    climb = case.climb + 1
    change_case(turn.work.conn, turn.program.id, case.id, state="open", owner_id=None, climb=climb, rose_at=turn.now)
    tell_member(turn.work, turn.program, case, "handed_on")
    turn.work.wake(turn.program.id, "ladder", case.id, turn.now, turn=climb * 100)
    turn.keep_case(replace(case, state="open", owner_id=None, climb=climb, rose_at=turn.now))


def done(turn: Turn, case: Case) -> None:
    """DONE 7: the member hears a kind close, the volunteer is asked how it ended."""
    close(turn.work, turn.program, case)
    turn.keep_case(replace(case, state="closed", closed_at=turn.now))
    note(
        turn.work.conn,
        turn.program.id,
        f"person:{turn.who.person.id}",
        "case.done",
        f"case:{case.id}",
        turn.now,
    )
    if case.family not in QUIET_FAMILIES:
        tell_member(turn.work, turn.program, case, "closed_member")
    turn.begin("outcome", slots={"name": name_of_member(case), "no": str(case.case_no)})


def close(work: Work, program: Program, case: Case) -> None:
    """The case needs nobody any more; its clocks stop."""
    change_case(work.conn, program.id, case.id, state="closed", closed_at=work.now)
    drop_wake(work.conn, program.id, f"ladder:{case.id}")
    drop_wake(work.conn, program.id, f"comfort:{case.id}")


def leave(turn: Turn, case: Case) -> None:
    """MENU, 1: the member leaves the talk; the volunteer is told and the case is closed."""
    close(turn.work, turn.program, case)
    tell_owner(turn.work, turn.program, case, "talk_left")
    turn.keep_case(replace(case, state="closed", closed_at=turn.now))
