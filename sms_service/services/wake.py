"""Acts on what is due: each alarm in one transaction with what it causes, so that two tickers are harmless."""

import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta

from sqlalchemy.exc import SQLAlchemyError

from sms_service.domain.ladder import QUIET_FAMILIES, ladder_for
from sms_service.domain.words import CaseId
from sms_service.flows.events import Silence
from sms_service.services import enrol, prompts
from sms_service.services.apply import escalate
from sms_service.services.desk import Desk, Work, line_for
from sms_service.services.escalate import ladder_due
from sms_service.services.relay import may_write, tell_member
from sms_service.services.turn import Turn
from sms_service.store.cases import case_by_id, change_case
from sms_service.store.conversations import person_of_conversation
from sms_service.store.programs import Program, all_programs, program_by_id
from sms_service.store.standing import Who, who_is
from sms_service.store.wakes import Wake, due_wakes, redate_wakes, take_wake

log = logging.getLogger(__name__)
BATCH = 200
FAILED_WAITS = timedelta(minutes=1)
OWN_TEXT = timedelta(hours=1)


def fire_due(desk: Desk, now: datetime, most: int = BATCH) -> int:
    """Fires what is due in every program; how many alarms rang. One that fails is logged by kind and left."""
    with desk.db.read() as conn:
        due = [wake for program in all_programs(conn) for wake in due_wakes(conn, program.id, now, most)]
    for wake in due:
        try:
            desk.transact(f"wake:{wake.key}:{wake.turn}:{int(wake.due_at.timestamp())}", now, _acting_on(wake))
        except Exception as error:  # noqa: BLE001  # one bad alarm must not keep the others from ringing
            log.error(  # noqa: TRY400  # a traceback could carry words
                "a wake failed", extra={"kind": wake.kind, "wake": wake.key, "error": type(error).__name__}
            )
            _postpone(desk, wake, now + FAILED_WAITS)
    return len(due)


def _postpone(desk: Desk, wake: Wake, until: datetime) -> None:
    """One that failed is tried again in a minute, so that many of them can't crowd the others out."""
    moved = {"b_program_id": wake.program_id, "b_key": wake.key, "b_turn": wake.turn, "b_due_at": until}
    with suppress(SQLAlchemyError), desk.db.write() as conn:
        redate_wakes(conn, [moved])


def _acting_on(wake: Wake) -> Callable[[Work], None]:
    def act(work: Work) -> None:
        if not take_wake(work.conn, wake):
            return
        if wake.until_at is not None and work.now > wake.until_at:
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
}
"""Every kind of wake and what it does."""
LATE: Mapping[str, Callable[[Work, Program, Wake], None]] = {
    "check_in": prompts.check_in_late,
    "referral": prompts.referral_late,
}
"""What a wake that came too late for its own good still does."""
