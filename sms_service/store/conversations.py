"""Conversations: one person's place in one flow on one channel; at most one open and one parked."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Connection,
    ForeignKeyConstraint,
    FromClause,
    Index,
    Integer,
    String,
    Table,
    bindparam,
    literal_column,
    select,
    update,
)

from sms_service.domain.words import Channel, PersonId, ProgramId
from sms_service.store.types import Big, Sealed, UtcDateTime, identity, metadata, new_id

conversations = Table(
    "conversations",
    metadata,
    identity(),
    Column("program_id", Big, nullable=False),
    Column("person_id", Big, nullable=False),
    Column("channel", String(5), nullable=False),
    Column("status", String(6), nullable=False),  # open, parked, ended
    Column("place", Sealed, nullable=False),
    Column("turn", Integer, nullable=False),  # counts up with every event; a wake of an older turn is stale
    Column("prompted", Boolean, nullable=False),  # the open question replied to the person's own text
    Column("asked_at", UtcDateTime),  # when the open question was handed to Twilio; None: not yet
    Column("began_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),
    ForeignKeyConstraint(["program_id", "person_id"], ["people.program_id", "people.id"]),
)
for _status in ("open", "parked"):
    Index(
        f"uq_conversations_one_{_status}",
        conversations.c.program_id,
        conversations.c.person_id,
        conversations.c.channel,
        unique=True,
        sqlite_where=conversations.c.status == _status,
        postgresql_where=conversations.c.status == _status,
    )
_LIVE = conversations.c.status.in_(("open", "parked"))
Index(
    "ix_conversations_live", conversations.c.program_id, conversations.c.person_id, conversations.c.channel,
    sqlite_where=_LIVE, postgresql_where=_LIVE,
)  # fmt: skip


def live(rows: FromClause) -> ColumnElement[bool]:
    """Not ended. SQLite uses the index of live rows only where a query repeats its condition in constants."""
    return rows.c.status.in_([literal_column(f"'{status}'") for status in ("open", "parked")])


@dataclass(frozen=True, slots=True)
class Conversation:
    """A stored place and its clock."""

    id: int
    status: str
    place: str
    turn: int
    prompted: bool
    asked_at: datetime | None


FIELDS = [conversations.c[name] for name in Conversation.__slots__]
_MOVE = (
    update(conversations)
    .where(conversations.c.program_id == bindparam("b_program_id"), conversations.c.id == bindparam("b_id"))
    .values(
        status=bindparam("b_status"), place=bindparam("b_place"), turn=bindparam("b_turn"),
        asked_at=bindparam("b_asked_at"), prompted=bindparam("b_prompted"), ended_at=bindparam("b_ended_at"),
    )
)  # fmt: skip
_ASKED = (
    update(conversations)
    .where(
        conversations.c.program_id == bindparam("b_program_id"),
        conversations.c.id == bindparam("b_id"),
        conversations.c.turn == bindparam("b_turn"),
    )
    .values(asked_at=bindparam("b_asked_at"))
)


def open_conversation(
    conn: Connection,
    program_id: ProgramId,
    person_id: PersonId,
    channel: Channel,
    place: str,
    turn: int,
    prompted: bool,
    now: datetime,
) -> int:
    """A new open conversation; the caller has ended or parked the one before."""
    done = conn.execute(
        conversations.insert(),
        {
            "program_id": program_id, "person_id": person_id, "channel": channel, "status": "open", "place": place,
            "turn": turn, "prompted": prompted, "asked_at": None, "began_at": now, "ended_at": None,
        },
    )  # fmt: skip
    return new_id(done)


def move_conversations(
    conn: Connection, program_id: ProgramId, moved: list[tuple[Conversation, datetime | None]]
) -> None:
    """Writes conversations back as they now are, each with its end (or None), in one statement."""
    if moved:
        conn.execute(_MOVE, [
            {
                "b_program_id": program_id, "b_id": c.id, "b_status": c.status, "b_place": c.place, "b_turn": c.turn,
                "b_asked_at": c.asked_at, "b_prompted": c.prompted, "b_ended_at": ended_at,
            }
            for c, ended_at in moved
        ])  # fmt: skip


def mark_asked(conn: Connection, asked: list[dict[str, object]]) -> None:
    """Notes when prompts were handed over; each: b_program_id, b_id, b_turn, b_asked_at."""
    if asked:
        conn.execute(_ASKED, asked)


def end_unreadable(conn: Connection, program_id: ProgramId, lost: list[int], now: datetime) -> None:
    """Ends conversations whose place can't be read, so that another may open; the place stays as it is."""
    if lost:
        these = conversations.c.program_id == program_id, conversations.c.id.in_(lost)
        conn.execute(update(conversations).where(*these).values(status="ended", ended_at=now))


_PERSON = select(conversations.c.person_id).where(
    conversations.c.program_id == bindparam("program_id"), conversations.c.id == bindparam("conversation_id")
)


def person_of_conversation(conn: Connection, program_id: ProgramId, conversation_id: int) -> PersonId | None:
    """Whose conversation it is; None when it is gone."""
    found: PersonId | None = conn.scalar(_PERSON, {"program_id": program_id, "conversation_id": conversation_id})
    return found
