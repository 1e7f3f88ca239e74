"""Plans plain check-ins of a program many at a time: read at once, weighed by the rules for one, written at once.

1. What is due is locked; an alarm that another ticker has is left to it.
2. All that the rules of weigh.py need is read of all these persons, one statement each.
3. Who is not plain (a case around them, on the team, in conversation, being heard right now) is handed back.
4. The others' alarms are taken by one delete, and only what it really took is acted on.
"""

import logging
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sms_service.domain.unprompted import day_of, has_room
from sms_service.domain.words import Lang, LineId
from sms_service.flows.reading import asks_all_alike
from sms_service.say.segments import segments
from sms_service.services.desk import EXPIRES, Desk, Work, line_for
from sms_service.services.turn import Turn
from sms_service.services.weigh import CHECK_IN, Next, Stand, ask_if_it_suits, next_step, weigh, wind_again
from sms_service.store.outbox import Owed
from sms_service.store.people import person_by_id
from sms_service.store.programs import Program
from sms_service.store.sealing import Token, sealed_once
from sms_service.store.standing import nobody_yet
from sms_service.store.standing_many import Near, miss_one_more, open_many, unprompted_of, who_are
from sms_service.store.wakes import Wake, lock_due, take_wakes

log = logging.getLogger(__name__)
MANY = 250
"""Check-ins of one transaction: on SQLite a webhook waits for the whole of it."""


@dataclass(frozen=True, slots=True)
class Opening:
    """The check-in's question in one language, as every member of the program gets it.

    Sealed once for all: that two rows hold the same prompt, their cause says in plain sight.
    """

    place: Token
    body: Token
    segments: int
    silence: timedelta


@dataclass(frozen=True, slots=True)
class One:
    """A plain person, their alarm, what it does, and the question when that is what it does."""

    wake: Wake
    person: Near
    step: Next
    opening: Opening | None


@dataclass(slots=True)
class Batch:
    """What became of the alarms of one transaction."""

    locked: list[Wake] = field(default_factory=list)
    plain: list[One] = field(default_factory=list)
    odd: list[Wake] = field(default_factory=list)
    openings: dict[Lang, Opening | None] = field(default_factory=dict)


def plan_check_ins(desk: Desk, program: Program, now: datetime, most: int = MANY) -> tuple[int, list[Wake]]:
    """How many of the program's due check-ins were acted on together, and those to be taken one by one.

    A batch that fails is logged, leaves no trace, and is handed back whole.
    """
    batch = Batch()

    def act(work: Work) -> None:
        nonlocal batch
        batch = Batch(lock_due(work.conn, program.id, "check_in", now, most))
        work.doubt(min((wake.due_at for wake in batch.locked), default=now))
        _plan(work, program, batch)

    try:
        desk.transact("check_ins", now, act)
    except Exception as error:  # noqa: BLE001  # one bad row must postpone itself alone
        log.error(  # noqa: TRY400  # a traceback could carry words
            "check-ins failed together, they go one by one",
            extra={"count": len(batch.locked), "error": type(error).__name__},
        )
        return 0, batch.locked
    return len(batch.plain), batch.odd


def _plan(work: Work, program: Program, batch: Batch) -> None:
    _sort(work, program, batch)
    took = take_wakes(work.conn, program.id, [one.wake.key for one in batch.plain], work.now)
    batch.plain = [one for one in batch.plain if one.wake.key in took]
    for one in batch.plain:
        if one.step != "nothing":
            wind_again(work, program.id, one.person, one.wake)
        if one.step == "suits":
            ask_if_it_suits(work, program.id, one.person)
    _ask_all(work, program, batch)


def _sort(work: Work, program: Program, batch: Batch) -> None:
    """Who is plain, and what is to be done with them."""
    near = who_are(work.conn, program.id, [wake.owner_id for wake in batch.locked], work.now)
    today = {zone: _start_of_day(work.now, zone) for zone in {one.zone for one in near.values()}}
    since = min((start for start in today.values() if start), default=work.now)
    sent = unprompted_of(work.conn, program.id, list(near), since)
    for wake in batch.locked:
        person = near.get(wake.owner_id)
        start = today[person.zone] if person else None
        if person is None or start is None or not _is_plain(person):
            batch.odd.append(wake)
            continue
        so_far = sum(at >= start for at in sent.get(person.id, ()))
        step = _step(person, wake, work.now, so_far)
        opening = _opening(work, program, person, batch) if step == "ask" else None
        if step == "ask" and opening is None:
            batch.odd.append(wake)
        else:
            batch.plain.append(One(wake, person, step, opening))


def _is_plain(person: Near) -> bool:
    """Nothing but the person's own row and the texts of today decides."""
    return not (person.has_cases or person.is_talking or person.is_volunteer or person.is_supervisor)


def _start_of_day(now: datetime, zone: str) -> datetime | None:
    """None for a zone that does not exist: its person fails alone."""
    try:
        return day_of(now, zone)[0]
    except (KeyError, ValueError, OSError):
        return None


def _step(person: Near, wake: Wake, now: datetime, sent: int) -> Next:
    step = next_step(person, wake, now)
    if step != "ask":
        return step
    stand = Stand(
        person.state, person.safe, in_crisis=False, in_talk=False, on_duty=False, open_flow=None,
        has_room=lambda: has_room(CHECK_IN.kind, sent),
    )  # fmt: skip
    return "ask" if weigh(CHECK_IN, stand, wake, now) == "asked" else "wind"


def _opening(work: Work, program: Program, person: Near, batch: Batch) -> Opening | None:
    """Made by the turn of the first person of each language, as for one; None where it is not the same for all."""
    if person.language not in batch.openings:
        batch.openings[person.language] = _made(work, program, person)
    return batch.openings[person.language]


def _made(work: Work, program: Program, person: Near) -> Opening | None:
    if not asks_all_alike(CHECK_IN.flow):
        return None
    who = nobody_yet(person_by_id(work.conn, program.id, person.id))  # plain: in no conversation, no case
    turn = Turn(work, line_for(work, program, person.line_id), who, why="scheduled")
    turn.begin(CHECK_IN.flow)
    place, silence, bodies = turn.opening()
    if place is None or silence is None or len(bodies) != 1:
        return None
    return Opening(sealed_once(place.to_json()), sealed_once(bodies[0]), segments(bodies[0]), silence)


def _ask_all(work: Work, program: Program, batch: Batch) -> None:
    asked = [
        (one, opening) for one in batch.plain if one.step == "ask" and (opening := batch.openings[one.person.language])
    ]
    miss_one_more(work.conn, program.id, [one.person.id for one, _ in asked])
    places = [(one.person.id, opening.place) for one, opening in asked]
    opened = open_many(work.conn, program.id, places, work.now)
    lines: dict[LineId | None, LineId] = {}
    for one, opening in asked:
        person, conversation_id = one.person, opened[one.person.id]
        if person.line_id not in lines:
            lines[person.line_id] = line_for(work, program, person.line_id).id
        work.owed.append(_owed(work, one, lines[person.line_id], opening, conversation_id))
        work.wake(program.id, "silence", conversation_id, work.now + opening.silence, turn=1)


def _owed(work: Work, one: One, line_id: LineId, opening: Opening, conversation_id: int) -> Owed:
    """The question as one row: its cause is its own alarm's, as if that had been acted on alone."""
    return Owed(
        one.wake.program_id, one.person.id, line_id, one.wake.cause, 0, "scheduled", opening.body, opening.segments,
        work.now, work.now + EXPIRES["scheduled"], conversation_id=conversation_id, turn=1,
        silence_s=int(opening.silence.total_seconds()), chosen=CHECK_IN.chosen,
    )  # fmt: skip
