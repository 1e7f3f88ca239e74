"""Questions of ours that nobody waits for: the check-in at its hour, the day after a helpline, does the rhythm suit.

1. Not from a crisis until a day after it, not where texts are not safe (CONVERSATION.md 23, 27).
2. One question at a time: the next waits up to two hours and then gives up; a check-in takes the place of one
   that matters less. While on duty a person is busy (2, 18).
3. At most three texts a day that nobody asked for; what weighs more and is still due today keeps its place (11).
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal, TypeAlias
from zoneinfo import ZoneInfo

from sms_service.domain.mood import LOW
from sms_service.domain.quiet import next_allowed
from sms_service.domain.unprompted import Kind, day_of, has_room
from sms_service.flows.engine import Place
from sms_service.services import enrol
from sms_service.services.desk import EXPIRES, Work, line_for
from sms_service.services.turn import Turn
from sms_service.store.outbox import unprompted_since
from sms_service.store.people import Person
from sms_service.store.programs import Program
from sms_service.store.rota import on_now
from sms_service.store.standing import Who, who_is
from sms_service.store.wakes import Wake, kinds_due

WAITS = timedelta(minutes=1)
QUESTION_FREE = timedelta(hours=2)
AFTER_CRISIS = timedelta(hours=24)
MISSED = 3
"""So many check-ins without an answer, and the member is asked once whether the rhythm suits."""
WORRIED_FOR = timedelta(hours=48)
FOLLOWED_UP_FOR = timedelta(days=2)
WAITING = 1  # the turn of a wake that waits for another question

Asked: TypeAlias = Literal["asked", "waits", "not"]


@dataclass(frozen=True, slots=True)
class Prompt:
    """A question: its flow, its weight, whether its hour was chosen, over which questions it goes in the end."""

    flow: str
    kind: Kind
    chosen: bool = False
    over: frozenset[str] = frozenset()


CHECK_IN = Prompt("check_in", "check_in", chosen=True, over=frozenset({"referral_check", "suits"}))
SUITS = Prompt("suits", "check_in", chosen=True, over=frozenset({"referral_check"}))
REFERRAL = Prompt("referral_check", "referral")


def check_in_due(work: Work, program: Program, wake: Wake) -> None:
    """The hour somebody chose; after three without an answer, once, a word about the rhythm in its place."""
    who = who_is(work.conn, program.id, wake.owner_id, "sms", work.now)
    person = who.person
    if not _has_hour(person):
        return
    _wind_again(work, program, person, wake)
    if person.missed == MISSED and person.state == "active":
        work.wake(program.id, "suits", person.id, work.now, until=enrol.LATEST)
    else:
        _ask(work, program, who, wake, CHECK_IN)


def check_in_late(work: Work, program: Program, wake: Wake) -> None:
    """Too late for that day: the next one is wound, which may have been due a moment ago."""
    person = who_is(work.conn, program.id, wake.owner_id, "sms", work.now).person
    if _has_hour(person):
        _wind_again(work, program, person, wake, work.now - enrol.LATEST)


def suits_due(work: Work, program: Program, wake: Wake) -> None:
    """Does the rhythm suit? Asked at the check-in's hour and in its place."""
    _ask(work, program, who_is(work.conn, program.id, wake.owner_id, "sms", work.now), wake, SUITS)


def referral_due(work: Work, program: Program, wake: Wake) -> None:
    """Next day: did you get through? On a day without room, the day after."""
    who = who_is(work.conn, program.id, wake.owner_id, "sms", work.now)
    if _ask(work, program, who, wake, REFERRAL) == "not":
        _next_day(work, program, who.person)


def referral_late(work: Work, program: Program, wake: Wake) -> None:
    """Too late for today."""
    _next_day(work, program, who_is(work.conn, program.id, wake.owner_id, "sms", work.now).person)


def may_add_words(turn: Turn) -> bool:
    """Whether words nobody waits for (a nudge) have room today, an hour that is not quiet, and no crisis."""
    fit = next_allowed(turn.now, (turn.who.person.zone,), turn.program.quiet_from, turn.program.quiet_until)
    return fit - turn.now < EXPIRES["scheduled"] and not _in_crisis(turn) and _has_room(turn, "check_in")


def is_worrying(turn: Turn) -> bool:
    """Whether a check-in nobody answered follows a mood of 2 or less within 48 h (CONVERSATION.md 27)."""
    mood, at = turn.who.last_mood, turn.who.last_mood_at
    return mood is not None and mood <= LOW and at is not None and turn.now - at <= WORRIED_FOR


def _has_hour(person: Person) -> bool:
    return person.state in ("active", "paused") and person.check_in_minute is not None


def _wind_again(work: Work, program: Program, person: Person, wake: Wake, after: datetime | None = None) -> None:
    assert person.check_in_minute is not None, "asked before"
    weekday = _first_due(wake).astimezone(ZoneInfo(person.zone)).weekday()
    enrol.wind(work, program.id, person.id, person.check_in_minute, person.zone, person.rhythm, weekday, after)


def _first_due(wake: Wake) -> datetime:
    """When it was due before it had to wait."""
    return wake.due_at if wake.until_at is None else _deadline(wake) - QUESTION_FREE


def _deadline(wake: Wake) -> datetime:
    """Until when it waits for another question; a wake that waits has its `until_at` so much later."""
    until = wake.until_at or wake.due_at + QUESTION_FREE
    return until - QUESTION_FREE if wake.turn == WAITING else until


def _ask(work: Work, program: Program, who: Who, wake: Wake, prompt: Prompt) -> Asked:
    turn = Turn(work, line_for(work, program, who.person.line_id), who, why="scheduled")
    if who.person.state != "active" or who.person.safe != "free" or _in_crisis(turn):
        return "not"
    if _is_busy(turn):
        if work.now < _deadline(wake):
            until = _deadline(wake) + QUESTION_FREE
            work.wakes.append(replace(wake, turn=WAITING, due_at=work.now + WAITS, until_at=until))
            return "waits"
        if not _gives_way(turn, prompt):
            return "not"
    if not _has_room(turn, prompt.kind):
        return "not"
    if prompt.kind == "check_in":
        turn.changes["missed"] = who.person.missed + 1
    turn.begin(prompt.flow)
    turn.finish(chosen=prompt.chosen)
    return "asked"


def _is_busy(turn: Turn) -> bool:
    own = turn.own_case
    return turn.who.open is not None or (own is not None and own.state == "claimed") or _on_duty(turn)


def _on_duty(turn: Turn) -> bool:
    """On a shift, or with a case of their own to look after."""
    person = turn.who.person
    if any(case.owner_id == person.id and case.state == "claimed" for case in turn.cases):
        return True
    rota = turn.work.rota(turn.program.id)
    on = [one for role in ("volunteer", "supervisor") for one in on_now(rota, role, turn.now)]
    return any(one.person_id == person.id for one in on)


def _gives_way(turn: Turn, prompt: Prompt) -> bool:
    """Whether the open question matters less than this one and is all that is in the way."""
    asked = turn.who.open
    return asked is not None and Place.from_json(asked.place).flow in prompt.over and not _on_duty(turn)


def _in_crisis(turn: Turn) -> bool:
    mine = (case for case in turn.cases if case.member_id == turn.who.person.id and case.kind == "crisis")
    return any(case.closed_at is None or turn.now - case.closed_at < AFTER_CRISIS for case in mine)


def _has_room(turn: Turn, kind: Kind) -> bool:
    person = turn.who.person
    today, tomorrow = day_of(turn.now, person.zone)
    sent = unprompted_since(turn.work.conn, turn.program.id, person.id, today)
    due = kinds_due(turn.work.conn, turn.program.id, [f"check_in:{person.id}"], tomorrow)
    return has_room(kind, sent, due)  # type: ignore[arg-type]  # a wake of this key is of this kind


def _next_day(work: Work, program: Program, person: Person) -> None:
    if person.referred_at is not None and work.now - person.referred_at < FOLLOWED_UP_FOR:
        enrol.follow_up(work, program, person, work.now + timedelta(hours=20))
