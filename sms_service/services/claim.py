"""A volunteer takes, passes or closes a case. One owner at a time, by compare and set."""

from dataclasses import replace
from datetime import timedelta

from sms_service.services.desk import Work
from sms_service.services.escalate import refused
from sms_service.services.forget import erase
from sms_service.services.relay import (
    may_write,
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
from sms_service.store.people import change_person, person_by_id
from sms_service.store.programs import Program
from sms_service.store.rota import on_now

LANGUAGES = {
    ("en", "en"): "English",
    ("es", "en"): "Spanish",
    ("en", "es"): "ingles",
    ("es", "es"): "español",
}
"""The member's language, said in the volunteer's."""
OWN_TEXT = timedelta(hours=1)
"""So long a word of ours answers a text of theirs (CONVERSATION.md 13)."""


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
        _greet(turn, owned)
        _brief(turn, owned)
    else:
        taken = case_by_no(turn.work.conn, turn.program.id, case_no, person.id)
        turn.say("taken_by", no=str(case_no), name=name_of_owner(taken) if taken and taken.owner_id else "")


def _find(turn: Turn, case_no: int) -> Case | None:
    around = next((case for case in turn.cases if case.case_no == case_no), None)
    return around or case_by_no(turn.work.conn, turn.program.id, case_no, turn.who.person.id)


def _brief(turn: Turn, case: Case) -> None:
    """Name, language, and what the member wrote since it began, so that nobody has to say it twice."""
    turn.about = case.id
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


def _greet(turn: Turn, case: Case) -> None:
    """The member hears who is there; where others may read, a line that gives nothing away (rule 23)."""
    known = {"name": name_of_member(case), "no": str(case.case_no)}
    if case.member_state == "died":
        turn.say("member_gone", **known)
    elif case.member_state == "stopped":
        turn.say("member_stopped", **known)
    elif may_write(case):
        tell_member(turn.work, turn.program, case, "take")
    else:
        turn.say("not_safe", **known)
        if case.member_at is not None and turn.now - case.member_at <= OWN_TEXT:
            tell_member(turn.work, turn.program, case, "hello_quiet")


def pass_on(turn: Turn, case: Case) -> None:
    """PASS 7 needs no reason: the next rung at once; an owner who passes gives the case back."""
    person = f"person:{turn.who.person.id}"
    note(turn.work.conn, turn.program.id, person, "case.pass", f"case:{case.id}", turn.now)
    if case.owner_id == turn.who.person.id:
        turn.keep_case(hand_on(turn.work, turn.program, case))
    else:
        refused(turn.work, turn.program, case)
    turn.say("passed", no=str(case.case_no))


def hand_on(work: Work, program: Program, case: Case) -> Case:
    """The owner gives the case back: its ladder starts again at once, the member is told by name."""
    rota = on_now(work.rota(program.id), "volunteer", work.now)
    staffed = any(one.person_id not in (case.member_id, case.owner_id) for one in rota)
    given = {
        "state": "open", "owner_id": None, "staffed": int(staffed), "climb": case.climb + 1, "rose_at": work.now,
    }  # fmt: skip
    change_case(work.conn, program.id, case.id, **given)
    if may_write(case):
        alone = "still_trying" if case.kind == "crisis" else "handed_on_nobody"
        tell_member(work, program, case, "handed_on" if staffed else alone)
    work.wake(program.id, "ladder", case.id, work.now, turn=(case.climb + 1) * 100)
    return replace(case, **given)  # type: ignore[arg-type]  # the same names, checked by the table


def done(turn: Turn, case: Case) -> None:
    """DONE 7: the member hears a kind close, the volunteer is asked how it ended."""
    person = f"person:{turn.who.person.id}"
    note(turn.work.conn, turn.program.id, person, "case.done", f"case:{case.id}", turn.now)
    if may_write(case):
        tell_member(turn.work, turn.program, case, "closed_member")
    close(turn.work, turn.program, case)
    turn.keep_case(replace(case, state="closed", closed_at=turn.now))
    turn.begin("outcome", slots={"name": name_of_member(case), "no": str(case.case_no)})


def close(work: Work, program: Program, case: Case) -> None:
    """The case needs nobody any more: its alarms find it closed, and what DELETE ME asked is done (rule 26)."""
    change_case(work.conn, program.id, case.id, state="closed", closed_at=work.now)
    member = person_by_id(work.conn, program.id, case.member_id, lock=True)
    if member.delete_asked_at is not None:
        change_person(work.conn, member, **erase(work, program, member))
        if may_write(case):
            tell_member(work, program, case, "deleted")


def leave(turn: Turn, case: Case) -> None:
    """MENU, 1: the member leaves the talk; the volunteer is told and the case is closed."""
    close(turn.work, turn.program, case)
    tell_owner(turn.work, turn.program, case, "talk_left")
    turn.keep_case(replace(case, state="closed", closed_at=turn.now))
