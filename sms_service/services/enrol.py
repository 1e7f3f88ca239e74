"""Coming, resting and going: membership, consent, and the hour somebody is asked how they are."""

import hashlib
from dataclasses import replace
from datetime import datetime, timedelta

from sms_service.domain.quiet import next_allowed, next_local
from sms_service.domain.words import PersonId, PersonState, ProgramId
from sms_service.say.catalogue import text
from sms_service.services.desk import Work
from sms_service.services.turn import Turn
from sms_service.store.consents import log_consent
from sms_service.store.groups import join_group, leave_groups
from sms_service.store.outbox import withhold_scheduled
from sms_service.store.people import Person
from sms_service.store.programs import Program

LATEST = timedelta(hours=2)
"""A check-in that could not begin within two hours of its time is skipped."""
AGREEMENT = ("join.agree.say", "join.agree.also")


def join(turn: Turn, group_id: int) -> None:
    """ "1" to the agreement: a member from now on, with the exact wording agreed to on record."""
    person = turn.who.person
    turn.changes |= {"is_member": True, "state": "active", "state_at": turn.now, "paused_until": None}
    join_group(turn.work.conn, turn.program.id, group_id, person.id, turn.now)
    log_consent(
        turn.work.conn, turn.program.id, person.id, "given", "1", turn.now,
        wording=wording_version(turn), language=turn.lang,
    )  # fmt: skip


def wording_version(turn: Turn) -> str:
    """A hash of the exact words that were agreed to."""
    overrides = turn.work.lines.wordings(turn.work.conn, turn.program.id, turn.lang, turn.now)
    words = "\n".join(text(key, turn.lang, overrides) for key in AGREEMENT)
    return hashlib.sha256(words.encode()).hexdigest()[:16]


def set_hour(turn: Turn, minute: int) -> None:
    """The hour (local minutes) somebody chose; the first prompt is the next such hour."""
    turn.changes["check_in_minute"] = minute
    plan_next(turn)


def plan_next(turn: Turn) -> None:
    """Winds the check-in clock by what the person has now chosen."""
    person, known = turn.who.person, turn.changes.get
    minute = known("check_in_minute", person.check_in_minute)
    if minute is not None and known("safe", person.safe) == "free":
        zone, rhythm = known("zone", person.zone), known("rhythm", person.rhythm)
        wind(turn.work, turn.program.id, person.id, minute, zone, rhythm)


def wind(
    work: Work, program_id: ProgramId, person_id: PersonId, minute: int, zone: str, rhythm: str,
    weekday: int | None = None, after: datetime | None = None,
) -> None:  # fmt: skip
    """The next check-in of one person after `after` (now); `weekday` keeps a weekly one on its day."""
    due = next_local(minute, zone, after or work.now, rhythm, weekday)  # type: ignore[arg-type]  # kept by the settings flow
    work.wake(program_id, "check_in", person_id, due, until=LATEST)


def follow_up(work: Work, program: Program, person: Person, at: datetime) -> None:
    """ "Did you get through?" to somebody who was given a helpline, at the first hour that is not quiet."""
    due = next_allowed(at, (person.zone,), program.quiet_from, program.quiet_until)
    work.wake(program.id, "referral", person.id, due, until=LATEST)


def pause(turn: Turn, days: int | None) -> None:
    """No texts of ours until then, or until RESUME."""
    until = turn.now + timedelta(days=days) if days else None
    turn.changes |= {"state": "paused", "state_at": turn.now, "paused_until": until}
    if until:
        turn.work.wake(turn.program.id, "resume", turn.who.person.id, until)


def resume(turn: Turn) -> None:
    """Check-ins go on at the hour chosen before."""
    if turn.who.person.state == "paused":
        turn.changes |= {"state": "active", "state_at": turn.now, "paused_until": None}
    plan_next(turn)


def leave(turn: Turn) -> None:
    """Out of every group: nothing unprompted any more, TALK still works."""
    leave_groups(turn.work.conn, turn.program.id, turn.who.person.id, turn.now)
    turn.changes |= {"state": "left", "state_at": turn.now, "is_member": False}
    _quieten(turn, "revoked", "LEAVE")


def stop(turn: Turn, words: str, state: str = "stopped") -> None:
    """An opt-out, with the words that said it: every conversation ends, everything planned is withheld."""
    turn.changes |= {"state": state, "state_at": turn.now}
    turn.end_conversations()
    _quieten(turn, "revoked", words)


def start(turn: Turn) -> None:
    """START: back to what they were, a member with check-ins or somebody who only writes."""
    person = turn.who.person
    ours = person.is_member or person.is_volunteer or person.is_supervisor
    turn.changes |= {"state": "active" if ours else "stranger", "state_at": turn.now}
    log_consent(turn.work.conn, turn.program.id, person.id, "given", "START", turn.now, language=turn.lang)
    if person.is_member:
        plan_next(turn)


def reached(turn: Turn) -> None:
    """A text from a phone that took none of ours: they are back to what they were, a pause included."""
    person = turn.who.person
    ours = person.is_member or person.is_volunteer or person.is_supervisor
    rests = person.paused_until is not None and person.paused_until > turn.now
    state: PersonState = ("paused" if rests else "active") if ours else "stranger"
    turn.changes |= {"state": state, "state_at": turn.now}
    turn.who = replace(turn.who, person=replace(person, state=state))
    if person.is_member and not rests:
        plan_next(turn)


def decline(turn: Turn) -> None:
    """The agreement was refused; only the refusal is kept."""
    log_consent(turn.work.conn, turn.program.id, turn.who.person.id, "refused", "2", turn.now, language=turn.lang)


def _quieten(turn: Turn, act: str, words: str) -> None:
    person = turn.who.person
    log_consent(turn.work.conn, turn.program.id, person.id, act, words, turn.now, language=turn.lang)
    if turn.who.has_planned:
        withhold_scheduled(turn.work.conn, turn.program.id, person.id, turn.now)
