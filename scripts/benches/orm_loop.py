"""The plain way: SQLAlchemy's ORM, one transaction for each check-in that is due, the same work and the same rows."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session, registry

from sms_service.domain.quiet import next_local
from sms_service.domain.words import LANES
from sms_service.flows.engine import begin
from sms_service.flows.facts import Facts
from sms_service.say.segments import segments
from sms_service.services.desk import Desk
from sms_service.store.cases import cases
from sms_service.store.conversations import conversations
from sms_service.store.outbox import outbox
from sms_service.store.people import people
from sms_service.store.programs import programs
from sms_service.store.wakes import wakes

WORDS = "Hi from {}. From 0 to 10, how are you today?"


class Row:
    """Any row; its columns are mapped onto it."""

    def __init__(self, **columns: Any) -> None:
        for name, value in columns.items():
            setattr(self, name, value)

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any: ...
        def __setattr__(self, name: str, value: Any) -> None: ...


class PersonRow(Row):
    """people"""


class ConversationRow(Row):
    """conversations"""


class MessageRow(Row):
    """outbox"""


class WakeRow(Row):
    """wakes"""


class ProgramRow(Row):
    """programs"""


_MAPPED = registry()
for _kind, _table in (
    (PersonRow, people), (ConversationRow, conversations), (MessageRow, outbox), (WakeRow, wakes),
    (ProgramRow, programs),
):  # fmt: skip
    _MAPPED.map_imperatively(_kind, _table)


def fire(desk: Desk, now: datetime, most: int) -> int:
    """So many of the wakes that are due, each in a transaction of its own; how many were asked."""
    with Session(desk.db.engine) as session:
        due = session.scalars(select(wakes.c.id).where(wakes.c.due_at <= now).order_by(wakes.c.due_at).limit(most))
        ids = list(due)
    asked = 0
    for wake_id in ids:
        with Session(desk.db.engine) as session, session.begin():
            asked += ask(session, wake_id, now)
        desk.bell.ring({"scheduled"})
    return asked


def ask(session: Session, wake_id: int, now: datetime) -> bool:
    """One wake: read, check, write what follows."""
    wake = session.get(WakeRow, wake_id)
    if wake is None:
        return False
    person = session.scalars(
        select(PersonRow).where(people.c.id == wake.owner_id).with_for_update(key_share=True)
    ).one()
    program = session.get_one(ProgramRow, person.program_id)
    session.delete(wake)
    session.flush()
    if not may_ask(session, person, now):
        return False
    place, _effects = begin("check_in", facts(program, person), now)
    assert place is not None, "a check-in asks something"
    conversation = ConversationRow(
        program_id=person.program_id, person_id=person.id, channel="sms", status="open", place=place.to_json(),
        turn=1, prompted=False, began_at=now,
    )  # fmt: skip
    session.add(conversation)
    session.flush()
    session.add(message(person, program, conversation, wake, now))
    session.add(later(person, "silence", conversation.id, 1, now + timedelta(hours=4), None))
    weekday = wake.due_at.astimezone(ZoneInfo(person.zone)).weekday()
    following = next_local(person.check_in_minute, person.zone, now, person.rhythm, weekday)
    session.add(later(person, "check_in", person.id, 0, following, timedelta(hours=2)))
    person.missed += 1
    return True


def may_ask(session: Session, person: PersonRow, now: datetime) -> bool:
    """Active, safe to write to, asked nothing else, in no crisis, and with room for one text more today."""
    program_id = person.program_id  # first in every index
    mine = conversations.c.program_id == program_id, conversations.c.person_id == person.id
    busy = session.scalars(select(ConversationRow).where(*mine, conversations.c.status == "open")).first()
    open_cases = (
        select(func.count())
        .select_from(cases)
        .where(cases.c.program_id == program_id, cases.c.member_id == person.id, cases.c.state != "closed")
    )
    today = now.astimezone(ZoneInfo(person.zone)).replace(hour=0, minute=0, second=0, microsecond=0)
    sent = (
        select(func.count())
        .select_from(outbox)
        .where(outbox.c.program_id == program_id, outbox.c.person_id == person.id)
        .where(outbox.c.why == "scheduled", outbox.c.born_at >= today)
    )
    free = person.state == "active" and person.safe == "free" and busy is None
    return free and not session.scalar(open_cases) and (session.scalar(sent) or 0) < 3


def message(person: PersonRow, program: ProgramRow, asks: ConversationRow, wake: WakeRow, now: datetime) -> MessageRow:
    """The question, owed."""
    body = WORDS.format(program.short)
    return MessageRow(
        program_id=person.program_id, person_id=person.id, line_id=person.line_id,
        cause=f"wake:{wake.key}:{wake.turn}:{int(wake.due_at.timestamp())}", position=0, why="scheduled",
        lane=LANES.index("scheduled"), channel="sms", body=body, segments=segments(body), state="due", born_at=now,
        due_at=now, expires_at=now + timedelta(hours=2), tries=0, looks=0, chosen=True, conversation_id=asks.id,
        turn=1, silence_s=4 * 3600,
    )  # fmt: skip


def later(person: PersonRow, kind: str, owner: int, turn: int, due: datetime, until: timedelta | None) -> WakeRow:
    """Another alarm."""
    return WakeRow(
        program_id=person.program_id, key=f"{kind}:{owner}", kind=kind, owner_id=owner, turn=turn, due_at=due,
        until_at=due + until if until else None,
    )  # fmt: skip


def facts(program: ProgramRow, person: PersonRow) -> Facts:
    """What the conversation may know."""
    return Facts(program.short, "day and night", on_call=True, zone=person.zone, check_in_minute=person.check_in_minute)
