"""Opens a case, or raises the open one, and climbs its ladder: written down before anything is sent.

1. One open case per member: a new need joins it, and a graver one starts its ladder again.
2. A rung pages its people by SMS; a rung with nobody on it is skipped at once.
3. What the member hears meanwhile has its own clock.
4. An untaken crisis is an incident after 15 minutes and is paged again until somebody takes it.
"""

from dataclasses import replace

from sms_service.domain.ladder import (
    ASKED_FOR,
    GRAVE_NOW,
    LOOK_AGAIN,
    SUPERVISOR_FAMILIES,
    Ladder,
    Whom,
    ladder_for,
    next_repeat,
)
from sms_service.domain.words import CaseId, CaseKind, PersonId
from sms_service.say.sms import render_notice
from sms_service.services.desk import Work, line_for
from sms_service.services.people_on import anybody_left, next_on
from sms_service.store.cases import Case, case_by_id, change_case, new_case
from sms_service.store.pages import Asked, asked_about, paged_later
from sms_service.store.people import Person, person_by_id
from sms_service.store.programs import Program
from sms_service.store.rota import OnRota, on_now
from sms_service.store.wakes import Wake, hasten_wake

GRAVITY: dict[CaseKind, int] = {"concern": 0, "callback": 0, "report": 1, "talk": 1, "crisis": 2}
_TURNS = 100  # a wake's turn is climb * 100 + rung


def open_or_raise(
    work: Work, program: Program, member: Person, kind: CaseKind, family: str, known: Case | None
) -> Case:
    """The member's open case, new or graver or as it was; its first rung is climbed in this transaction."""
    if known is None:
        staffed = is_staffed(work, program, member.id)
        case = new_case(work.conn, member, kind, family, staffed, work.now)
        return climb(work, program, case, 0, Asked())
    if not _graver(known, kind, family):
        change_case(work.conn, program.id, known.id, member_at=work.now)
        return replace(known, member_at=work.now)
    staffed = is_staffed(work, program, member.id)
    raised = {
        "kind": kind, "family": family or known.family, "staffed": int(staffed), "climb": known.climb + 1,
        "rose_at": work.now, "member_at": work.now,
    }  # fmt: skip
    change_case(work.conn, program.id, known.id, **raised)
    case = replace(known, **raised)  # type: ignore[arg-type]  # the same names, checked by the table
    if case.state == "open":
        return climb(work, program, case, 0)
    for one in next_on(work, case, "supervisors", asked_about(work.conn, case)):
        if one.person_id != case.owner_id:
            page_one(work, program, case, one, "rose", name=case.owner_name)
    return case


def _graver(known: Case, kind: CaseKind, family: str) -> bool:
    """Whether the open case rises: a graver kind, one for supervisors, or, in a talk, what kills at once."""
    if GRAVITY[kind] != GRAVITY[known.kind] or kind != "crisis":
        return GRAVITY[kind] > GRAVITY[known.kind]
    kills = known.state == "claimed" and family in GRAVE_NOW and known.family not in GRAVE_NOW
    return kills or (family in SUPERVISOR_FAMILIES and known.family not in SUPERVISOR_FAMILIES)


def is_staffed(work: Work, program: Program, member_id: PersonId) -> bool:
    """Whether a volunteer other than this person is on call now."""
    on = on_now(work.rota(program.id), "volunteer", work.now)
    return any(one.person_id != member_id for one in on)


def climb(work: Work, program: Program, case: Case, rung: int, so_far: Asked | None = None) -> Case:
    """Pages the people of this rung, or of the next that has somebody, and winds the clock for the one after."""
    if case.state != "open":
        return case
    so_far = so_far or asked_about(work.conn, case)
    ladder = ladder_for(case.kind, case.family, bool(case.staffed))
    first, paged = rung == 0, list[OnRota]()
    while not paged and rung < len(ladder.rungs):
        paged = next_on(work, case, ladder.rungs[rung].whom, so_far)
        rung += 1
    before = set() if case.kind == "crisis" else so_far.since(case.opened_at)
    for one in paged:
        page_one(work, program, case, one, "page_again" if one.person_id in before else "page")
    if first:
        _wind_comforts(work, case, ladder, last=not paged)
    elif not paged:
        _last_comfort(work, case, ladder)
    _wind_next(work, case, ladder, rung)
    return case


def refused(work: Work, program: Program, case: Case) -> None:
    """Somebody passed or can't be reached: the next rung at once; with nobody left the member is told so now."""
    if case.state != "open":
        return
    ladder = ladder_for(case.kind, case.family, bool(case.staffed))
    if anybody_left(work, case):
        rungs = range(case.climb * _TURNS, case.climb * _TURNS + len(ladder.rungs))
        hasten_wake(work.conn, program.id, f"ladder:{case.id}", work.now, rungs)
    else:
        _last_comfort(work, case, ladder)
        _wind_next(work, case, ladder, len(ladder.rungs))


def page_failed(work: Work, program: Program, case_id: CaseId, outbox_id: int) -> None:
    """A page did not arrive: the next rung at once, unless it was climbed since."""
    case = case_by_id(work.conn, program.id, case_id)
    if not paged_later(work.conn, case, outbox_id):
        refused(work, program, case)


def _last_comfort(work: Work, case: Case, ladder: Ladder) -> None:
    """Nobody is left: what the member would hear at the end is said now, unless it was."""
    last = case.climb * _TURNS + len(ladder.comforts) - 1
    turns = range(case.climb * _TURNS, last + 1)
    hasten_wake(work.conn, case.program_id, f"comfort:{case.id}", work.now, turns, skip_to=last)


def page_one(work: Work, program: Program, case: Case, one: OnRota, notice: str, **fields: str) -> None:
    """Pages one person about a case: its number, no name, no family, no words."""
    body = render_notice(notice, one.language, short=program.short, no=str(case.case_no), **fields)
    line = line_for(work, program, one.line_id)
    work.owe(program.id, one.person_id, line.id, "page", body, case_id=case.id)


def _wind_next(work: Work, case: Case, ladder: Ladder, rung: int) -> None:
    if rung < len(ladder.rungs):
        due = max(work.now, case.rose_at + ladder.rungs[rung].after)
    elif ladder.repeats:
        due = work.now + next_repeat(work.now - case.rose_at)
    else:
        due = work.now + LOOK_AGAIN
    work.wake(case.program_id, "ladder", case.id, due, turn=case.climb * _TURNS + rung)


def _wind_comforts(work: Work, case: Case, ladder: Ladder, *, last: bool) -> None:
    """The first, or with nobody to page the last at once."""
    if ladder.comforts:
        number = len(ladder.comforts) - 1 if last else 0
        due = work.now if last else case.rose_at + ladder.comforts[0].after
        work.wake(case.program_id, "comfort", case.id, due, turn=case.climb * _TURNS + number)


def ladder_due(work: Work, program: Program, wake: Wake) -> None:
    """The clock of a rung ran out; a wake of an older climb does nothing."""
    case = case_by_id(work.conn, program.id, wake.owner_id)  # type: ignore[arg-type]  # a ladder's owner is a case
    climbed, rung = divmod(wake.turn, _TURNS)
    if case.state != "open" or climbed != case.climb:
        return
    ladder = ladder_for(case.kind, case.family, bool(case.staffed))
    if not ladder.rungs:
        _wait_for_staff(work, program, case)
    elif rung < len(ladder.rungs):
        climb(work, program, case, rung)
    else:
        for one in _again(work, case, ladder):
            page_one(work, program, case, one, "page_again")
        _wind_next(work, case, ladder, rung)


def _again(work: Work, case: Case, ladder: Ladder) -> list[OnRota]:
    """All rungs were climbed: a crisis asks everybody again, the rest waits for somebody new on call."""
    so_far = asked_about(work.conn, case)
    if ladder.repeats:
        return next_on(work, case, "everybody", so_far)
    whom: Whom = "supervisor" if case.family in SUPERVISOR_FAMILIES else "volunteer"
    return next_on(work, case, whom, so_far, work.now - ASKED_FOR)


def _wait_for_staff(work: Work, program: Program, case: Case) -> None:
    if not is_staffed(work, program, case.member_id):
        _wind_next(work, case, ladder_for(case.kind, case.family, staffed=False), 0)
        return
    change_case(work.conn, program.id, case.id, staffed=1, climb=case.climb + 1, rose_at=work.now)
    climb(work, program, replace(case, staffed=1, climb=case.climb + 1, rose_at=work.now), 0)


def member_of(work: Work, case: Case) -> Person:
    """The member of a case, locked."""
    return person_by_id(work.conn, case.program_id, case.member_id, lock=True)
