"""Acts on what is due: each alarm in one transaction with what it causes, so that two tickers are harmless."""

import logging
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta

from sqlalchemy.exc import SQLAlchemyError

from sms_service.domain.ladder import QUIET_FAMILIES, ladder_for
from sms_service.domain.words import CaseId
from sms_service.flows.events import Silence
from sms_service.services import beat, enrol, prompts
from sms_service.services.apply import escalate
from sms_service.services.desk import Desk, Work, line_for
from sms_service.services.escalate import ladder_due
from sms_service.services.prompt_many import MANY, plan_check_ins
from sms_service.services.relay import may_write, tell_member
from sms_service.services.turn import Turn
from sms_service.store.cases import case_by_id, change_case
from sms_service.store.conversations import person_of_conversation
from sms_service.store.programs import Program, all_programs, program_by_id
from sms_service.store.standing import Who, who_is
from sms_service.store.wakes import FIRST, Wake, due_of_cases, due_wakes, is_any_due, redate_wakes, take_wake

log = logging.getLogger(__name__)
BATCH = 200
FAILED_WAITS = timedelta(minutes=1)
OWN_TEXT = timedelta(hours=1)
A_WHILE = 1.0
"""Seconds after which the ticker wants to go on with its other duties."""
GIVE_WAY = 0.006
"""Seconds: longer than a waiting writer sleeps between two looks at SQLite's write section (store/database.py)."""


def fire_due(desk: Desk, now: datetime, most: int = BATCH) -> int:
    """Fires what is due in every program, ladders first, for about a second; how many alarms rang.

    Not 0: more may be due, so ask again at once. One that fails is logged by kind, left, and not counted.
    Check-ins come last and in batches; what is due about an open case rings before each of them.
    """
    over_at = time.monotonic() + A_WHILE
    with desk.db.read() as conn:
        programs = all_programs(conn)
        due = [wake for program in programs for wake in due_wakes(conn, program.id, now, most, but="check_in")]
        busy = [program for program in programs if is_any_due(conn, program.id, "check_in", now)]
    rang = fire_each(desk, sorted(due, key=lambda wake: wake.kind not in FIRST), now)
    while busy:
        rounds = [(program, *_fire_check_ins(desk, program, now)) for program in busy]
        rang += sum(count for _, count, _ in rounds)
        busy = [program for program, _, is_full in rounds if is_full]
        if time.monotonic() > over_at:
            break
        if busy and desk.db.is_sqlite:
            time.sleep(GIVE_WAY)
    return rang


def _fire_check_ins(desk: Desk, program: Program, now: datetime) -> tuple[int, bool]:
    """One batch, whoever is not plain one by one: how many rang, and whether there may be more."""
    with desk.db.read() as conn:
        urgent = due_of_cases(conn, program.id, now, BATCH)
    rang = fire_each(desk, urgent, now)
    planned, left = plan_check_ins(desk, program, now)
    return rang + planned + fire_each(desk, left, now), planned + len(left) >= MANY


def fire_each(desk: Desk, due: Iterable[Wake], now: datetime) -> int:
    """Each in a transaction of its own; how many rang."""
    return sum(_fire(desk, wake, now) for wake in due)


def _fire(desk: Desk, wake: Wake, now: datetime) -> bool:
    try:
        desk.transact(wake.cause, now, _acting_on(wake))
    except Exception as error:  # noqa: BLE001  # one bad alarm must not keep the others from ringing
        log.error(  # noqa: TRY400  # a traceback could carry words
            "a wake failed", extra={"kind": wake.kind, "wake": wake.key, "error": type(error).__name__}
        )
        _postpone(desk, wake, now + FAILED_WAITS)
        return False
    return True


def _postpone(desk: Desk, wake: Wake, until: datetime) -> None:
    """One that failed is tried again in a minute, so that many of them can't crowd the others out."""
    moved = {"b_program_id": wake.program_id, "b_key": wake.key, "b_turn": wake.turn, "b_due_at": until}
    with suppress(SQLAlchemyError), desk.db.write() as conn:
        redate_wakes(conn, [moved])


def _acting_on(wake: Wake) -> Callable[[Work], None]:
    def act(work: Work) -> None:
        if not take_wake(work.conn, wake):
            return
        work.doubt(wake.due_at)
        if wake.is_late(work.now):
            if wake.kind in LATE:
                LATE[wake.kind](work, program_by_id(work.conn, wake.program_id), wake)
            return
        HANDLERS[wake.kind](work, program_by_id(work.conn, wake.program_id), wake)

    return act


def _turn(work: Work, program: Program, who: Who) -> Turn:
    recent = who.last_heard_at is not None and work.now - who.last_heard_at <= OWN_TEXT
    return Turn(work, line_for(work, program, who.person.line_id), who, why="reply" if recent else "scheduled")


def _silence(work: Work, program: Program, wake: Wake) -> None:
    """Nobody answered the open question. One that a need overtook ends without words, as does a parked one
    unless its silence leads to help."""
    person_id = person_of_conversation(work.conn, program.id, wake.owner_id)
    if person_id is None:
        return
    who = who_is(work.conn, program.id, person_id, "sms", work.now)
    conversation = next((c for c in (who.open, who.parked) if c and c.id == wake.owner_id), None)
    if conversation is None or conversation.turn != wake.turn:
        return
    turn = _turn(work, program, who)
    if _overtaken(turn) or (conversation.status == "parked" and not turn.silence_helps(conversation)):
        turn.drop(conversation)
    else:
        turn.hear(Silence(), conversation)
    if "mood_lapsed_at" in turn.changes and who.person.state != "died" and prompts.is_worrying(turn):
        escalate(turn, "concern", "unanswered")
    if turn.says and turn.why == "scheduled" and not prompts.may_add_words(turn):
        turn.says.clear()
    turn.finish()


def _overtaken(turn: Turn) -> bool:
    """A crisis is open, a person has taken over, or the member has died: no more questions by machine (rule 27)."""
    own = turn.own_case
    return turn.who.person.state == "died" or (own is not None and (own.kind == "crisis" or own.state == "claimed"))


def _comfort(work: Work, program: Program, wake: Wake) -> None:
    """What a member hears while nobody has taken their case yet."""
    case = case_by_id(work.conn, program.id, CaseId(wake.owner_id))
    climb, number = divmod(wake.turn, 100)
    if case.state != "open" or climb != case.climb:
        return
    ladder = ladder_for(case.kind, case.family, bool(case.staffed))
    comfort = ladder.comforts[number]
    who = who_is(work.conn, program.id, case.member_id, "sms", work.now)
    if comfort.flow and may_write(case):
        turn = _turn(work, program, who)
        turn.begin(comfort.flow)
        turn.finish()
    elif comfort.notice and may_write(case):
        tell_member(work, program, case, comfort.notice)
    elif comfort.notice == "not_reached" and case.family not in QUIET_FAMILIES and case.member_state != "stopped":
        tell_member(work, program, case, "not_reached_quiet")
    if ladder.incident and comfort.after >= ladder.incident:
        change_case(work.conn, program.id, case.id, incident_at=work.now)
        log.error("nobody took a case", extra={"case": case.id})
    if number + 1 < len(ladder.comforts):
        due = case.rose_at + ladder.comforts[number + 1].after
        work.wake(program.id, "comfort", case.id, due, turn=wake.turn + 1)


def _resume(work: Work, program: Program, wake: Wake) -> None:
    """A pause has run out."""
    who = who_is(work.conn, program.id, wake.owner_id, "sms", work.now)
    if who.person.state == "paused" and who.person.paused_until is not None:
        turn = _turn(work, program, who)
        enrol.resume(turn)
        turn.finish()


HANDLERS: Mapping[str, Callable[[Work, Program, Wake], None]] = {
    "silence": _silence,
    "check_in": prompts.check_in_due,
    "suits": prompts.suits_due,
    "ladder": ladder_due,
    "comfort": _comfort,
    "referral": prompts.referral_due,
    "resume": _resume,
    "heartbeat": beat.fired,
}
"""Every kind of wake and what it does."""
LATE: Mapping[str, Callable[[Work, Program, Wake], None]] = {
    "check_in": prompts.check_in_due,
    "referral": prompts.referral_late,
}
"""What a wake that came too late for its own good still does."""
