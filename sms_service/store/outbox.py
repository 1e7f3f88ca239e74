"""The outbox: messages owed. A row that is due is the queue; the worker only works it off (DESIGN.md §5)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

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
    UniqueConstraint,
    and_,
    bindparam,
    func,
    literal_column,
    select,
    update,
)

from sms_service.domain.words import LANE_OF, LANES, Channel, Lane, LineId, PersonId, ProgramId, Why
from sms_service.store.types import Big, Sealed, UtcDateTime, identity, metadata
from sms_service.store.upsert import InsertOrSkip

outbox = Table(
    "outbox",
    metadata,
    identity(),
    Column("program_id", Big, nullable=False),
    Column("person_id", Big, nullable=False),
    Column("line_id", Big, nullable=False),
    Column("cause", String(60), nullable=False),  # what owes it: in:<id>, wake:<key>:<turn>
    Column("position", Integer, nullable=False),
    Column("why", String(9), nullable=False),
    Column("lane", Integer, nullable=False),  # position in LANES: a smaller one goes first
    Column("channel", String(5), nullable=False),
    Column("body", Sealed(unreadable=""), nullable=False),
    Column("segments", Integer, nullable=False),
    Column("state", String(9), nullable=False),
    Column("born_at", UtcDateTime, nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("lease_until", UtcDateTime),
    Column("tries", Integer, nullable=False),
    Column("looks", Integer, nullable=False),  # times Twilio's list was searched for an unsure one
    Column("sid", String(34)),
    Column("error_code", Integer),
    Column("settled_at", UtcDateTime),  # when it was sent, or its end was known
    Column("chosen", Boolean, nullable=False),  # at an hour the person chose: their own quiet hours count
    Column("case_id", Big),  # a page of, or words in, this case
    Column("conversation_id", Big),  # the conversation whose open question this is ...
    Column("turn", Integer),  # ... and of which turn
    Column("silence_s", Integer),  # seconds after hand-over at which that question hears silence
    UniqueConstraint("program_id", "cause", "person_id", "position"),
    UniqueConstraint("program_id", "id"),
    ForeignKeyConstraint(["program_id", "person_id"], ["people.program_id", "people.id"]),
    ForeignKeyConstraint(["program_id", "line_id"], ["lines.program_id", "lines.id"]),
    Index("ix_outbox_program_id_case_id", "program_id", "case_id"),
    Index("ix_outbox_program_id_person_id_born_at", "program_id", "person_id", "born_at"),
    Index("ix_outbox_program_id_sid", "program_id", "sid"),
)
_LIVE = outbox.c.state.in_(("due", "sending", "unsure"))
Index(
    "ix_outbox_live", outbox.c.program_id, outbox.c.lane, outbox.c.due_at,
    sqlite_where=_LIVE, postgresql_where=_LIVE,
)  # fmt: skip
_AILING = outbox.c.state.in_(("failed", "withheld", "expired", "unsure"))
Index(
    "ix_outbox_ailing", outbox.c.program_id, outbox.c.settled_at,
    sqlite_where=_AILING, postgresql_where=_AILING,
)  # fmt: skip
Index(
    "ix_outbox_live_person", outbox.c.program_id, outbox.c.person_id,
    sqlite_where=_LIVE, postgresql_where=_LIVE,
)  # fmt: skip


def live(rows: FromClause) -> ColumnElement[bool]:
    """Not yet settled. SQLite uses the indexes of live rows only where a query repeats their condition in constants."""
    return rows.c.state.in_([literal_column(f"'{state}'") for state in ("due", "sending", "unsure")])


@dataclass(frozen=True, slots=True)
class Owed:
    """One message to be owed to one person."""

    program_id: ProgramId
    person_id: PersonId
    line_id: LineId
    cause: str
    position: int
    why: Why
    body: str
    segments: int
    due_at: datetime
    expires_at: datetime
    case_id: int | None = None
    conversation_id: int | None = None
    turn: int | None = None
    silence_s: int | None = None
    chosen: bool = False
    channel: Channel = "sms"

    @property
    def lane(self) -> Lane:
        """The queue it belongs to, from why it exists."""
        return LANE_OF[self.why]

    def __repr__(self) -> str:
        """Its cause only: no words in a traceback."""
        return f"<Owed {self.cause}/{self.position}>"


_ADD = InsertOrSkip(outbox, ["program_id", "cause", "person_id", "position"])


def owe(conn: Connection, owed: list[Owed], now: datetime, *, doubtful: bool = False) -> set[Lane]:
    """Writes messages down as due; one that was owed before for the same cause is left as it is.

    `doubtful`: they may have gone out before a restore, so they are unsure until Twilio's list was searched.
    """
    if not owed:
        return set()
    doubt: dict[str, Any] = {"state": "unsure", "settled_at": now} if doubtful else {}
    _ADD(conn, [_row(message, now) | doubt for message in owed])
    return set() if doubtful else {message.lane for message in owed if message.due_at <= now}


def _row(message: Owed, now: datetime) -> dict[str, Any]:
    row = {name: getattr(message, name) for name in Owed.__slots__}
    return row | {
        "lane": LANES.index(message.lane), "state": "due", "born_at": now, "lease_until": None, "tries": 0,
        "looks": 0, "sid": None, "error_code": None, "settled_at": None,
    }  # fmt: skip


_WITHHOLD = (
    update(outbox)
    .where(
        outbox.c.program_id == bindparam("b_program_id"),
        outbox.c.person_id == bindparam("b_person_id"),
        outbox.c.state == "due",
        outbox.c.why.in_(("scheduled", "bulk")),
    )
    .values(state="withheld", settled_at=bindparam("b_now"))
)


def withhold_scheduled(conn: Connection, program_id: ProgramId, person_id: PersonId, now: datetime) -> int:
    """Nothing that was planned for this person goes out any more; how many rows that stopped."""
    done = conn.execute(_WITHHOLD, {"b_program_id": program_id, "b_person_id": person_id, "b_now": now})
    return int(done.rowcount)


UNPROMPTED = and_(outbox.c.why == "scheduled", outbox.c.state.not_in(("withheld", "expired", "failed")))
"""What counts among the texts of a day that nobody asked for (CONVERSATION.md 11)."""
_UNPROMPTED = select(func.count()).where(
    outbox.c.program_id == bindparam("program_id"),
    outbox.c.person_id == bindparam("person_id"),
    outbox.c.born_at >= bindparam("since"),
    UNPROMPTED,
)


def unprompted_since(conn: Connection, program_id: ProgramId, person_id: PersonId, since: datetime) -> int:
    """How many texts that nobody asked for a person was sent, or is owed, since then."""
    known = {"program_id": program_id, "person_id": person_id, "since": since}
    return int(conn.scalar(_UNPROMPTED, known) or 0)
