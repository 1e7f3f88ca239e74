"""Questions of ours that nobody waits for, one person at a time: the check-in at its hour, the day after a helpline,
does the rhythm suit. The rules stand in weigh.py; many plain check-ins at once go by prompt_many.py.
"""

from dataclasses import replace
from datetime import timedelta

from sms_service.domain.mood import LOW
from sms_service.domain.quiet import next_allowed
from sms_service.domain.unprompted import Kind, day_of, has_room
from sms_service.flows.engine import Place
from sms_service.services import enrol
from sms_service.services.desk import EXPIRES, Work, line_for
from sms_service.services.turn import Turn
from sms_service.services.weigh import (
    CHECK_IN,
    QUESTION_FREE,
    REFERRAL,
    SUITS,
    WAITING,
    WAITS,
    Asked,
    Prompt,
    Stand,
    ask_if_it_suits,
    deadline,
    next_step,
    weigh,
    wind_again,
)
from sms_service.store.conversations import Conversation
from sms_service.store.outbox import unprompted_since
from sms_service.store.people import Person
from sms_service.store.programs import Program
from sms_service.store.rota import on_now
from sms_service.store.standing import Who, who_is
from sms_service.store.wakes import Wake, kinds_due

AFTER_CRISIS = timedelta(hours=24)
WORRIED_FOR = timedelta(hours=48)
FOLLOWED_UP_FOR = timedelta(days=2)


def check_in_due(work: Work, program: Program, wake: Wake) -> None:
    """The hour somebody chose, on time or too late for that day; after three without an answer, once, a word about
    the rhythm in its place."""
    who = who_is(work.conn, program.id, wake.owner_id, "sms", work.now)
    step = next_step(who.person, wake, work.now)
    if step != "nothing":
        wind_again(work, program.id, who.person, wake)
    if step == "suits":
        ask_if_it_suits(work, program.id, who.person)
    elif step == "ask":
        _ask(work, program, who, wake, CHECK_IN)


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


def _ask(work: Work, program: Program, who: Who, wake: Wake, prompt: Prompt) -> Asked:
    turn = Turn(work, line_for(work, program, who.person.line_id), who, why="scheduled")
    asked = weigh(prompt, _stand(turn, prompt), wake, work.now)
    if asked == "waits":
        until = deadline(wake) + QUESTION_FREE
        work.wakes.append(replace(wake, turn=WAITING, due_at=work.now + WAITS, until_at=until))
    elif asked == "asked":
        if prompt.kind == "check_in":
            turn.changes["missed"] = who.person.missed + 1
        turn.begin(prompt.flow)
        turn.finish(chosen=prompt.chosen)
    return asked


def _stand(turn: Turn, prompt: Prompt) -> Stand:
    person, own, asked = turn.who.person, turn.own_case, turn.who.open
    return Stand(
        person.state,
        person.safe,
        in_crisis=_in_crisis(turn),
        in_talk=own is not None and own.state == "claimed",
        on_duty=_on_duty(turn),
        open_flow=None if asked is None else _flow_of(asked),
        has_room=lambda: _has_room(turn, prompt.kind),
    )


def _flow_of(asked: Conversation) -> str:
    """Of a question nobody can read any more: none that gives way."""
    try:
        return Place.from_json(asked.place).flow
    except ValueError:
        return ""


def _on_duty(turn: Turn) -> bool:
    """On a shift, or with a case of their own to look after."""
    person = turn.who.person
    if any(case.owner_id == person.id and case.state == "claimed" for case in turn.cases):
        return True
    if not (person.is_volunteer or person.is_supervisor):
        return False  # nobody else is on the rota
    rota = turn.work.rota(turn.program.id)
    on = [one for role in ("volunteer", "supervisor") for one in on_now(rota, role, turn.now)]
    return any(one.person_id == person.id for one in on)


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
