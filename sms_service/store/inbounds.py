"""Inbound texts: each SID once, the words sealed, what triage made of them in the clear as ids."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import (
    Column,
    Connection,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
    bindparam,
    select,
    update,
)

from sms_service.domain.words import Channel, LineId, PersonId, ProgramId
from sms_service.store.types import Big, Sealed, UtcDateTime, identity, metadata
from sms_service.store.upsert import InsertOrSkip

inbounds = Table(
    "inbounds",
    metadata,
    identity(),
    Column("program_id", Big, nullable=False),
    Column("sid", String(34), nullable=False),
    Column("person_id", Big, nullable=False),
    Column("line_id", Big, nullable=False),
    Column("channel", String(5), nullable=False),
    Column("body", Sealed, nullable=False),
    Column("media", Integer, nullable=False),
    Column("level", String(7), nullable=False),
    Column("family", String(16), nullable=False),
    Column("rule", String(60), nullable=False),
    Column("received_at", UtcDateTime, nullable=False),
    UniqueConstraint("program_id", "sid"),
    UniqueConstraint("program_id", "id"),
    ForeignKeyConstraint(["program_id", "person_id"], ["people.program_id", "people.id"]),
    Index("ix_inbounds_program_id_person_id_received_at", "program_id", "person_id", "received_at"),
)


@dataclass(frozen=True, slots=True)
class Earlier:
    """One text heard shortly before."""

    body: str
    level: str
    received_at: datetime


_ADD = InsertOrSkip(inbounds, ["program_id", "sid"], returning=["id"])
SINCE = (
    select(inbounds.c.body, inbounds.c.level, inbounds.c.received_at)
    .where(
        inbounds.c.program_id == bindparam("program_id"),
        inbounds.c.person_id == bindparam("person_id"),
        inbounds.c.received_at >= bindparam("since"),
        inbounds.c.id < bindparam("before_id"),
    )
    .order_by(inbounds.c.received_at.desc(), inbounds.c.id.desc())
    .limit(bindparam("most"))
)
_FLAG = (
    update(inbounds)
    .where(inbounds.c.program_id == bindparam("b_program_id"), inbounds.c.id == bindparam("b_id"))
    .values(level=bindparam("b_level"), family=bindparam("b_family"), rule=bindparam("b_rule"))
)
_KNOWN = select(inbounds.c.sid).where(inbounds.c.sid.in_(bindparam("sids", expanding=True)))


def add_inbound(
    conn: Connection, program_id: ProgramId, person_id: PersonId, line_id: LineId, channel: Channel, sid: str,
    body: str, media: int, verdict: tuple[str, str, str], now: datetime,
) -> int | None:  # fmt: skip
    """Keeps one text; None when this SID was already heard. `verdict` is (level, family, rule)."""
    level, family, rule = verdict
    row = {
        "program_id": program_id, "sid": sid, "person_id": person_id, "line_id": line_id, "channel": channel,
        "body": body, "media": media, "level": level, "family": family, "rule": rule, "received_at": now,
    }  # fmt: skip
    found = _ADD(conn, row).scalar()
    return None if found is None else int(found)


def heard_since(
    conn: Connection,
    program_id: ProgramId,
    person_id: PersonId,
    since: datetime,
    before_id: int,
    most: int = 25,
) -> list[Earlier]:
    """The person's texts since then and before the row `before_id`, oldest first."""
    rows = conn.execute(
        SINCE,
        {
            "program_id": program_id,
            "person_id": person_id,
            "since": since,
            "before_id": before_id,
            "most": most,
        },
    )
    return [Earlier(*row) for row in rows][::-1]


def flag_inbound(conn: Connection, program_id: ProgramId, inbound_id: int, verdict: tuple[str, str, str]) -> None:
    """A text that is danger only together with the ones before it."""
    level, family, rule = verdict
    conn.execute(
        _FLAG,
        {
            "b_program_id": program_id,
            "b_id": inbound_id,
            "b_level": level,
            "b_family": family,
            "b_rule": rule,
        },
    )


def known_sids(conn: Connection, sids: list[str]) -> set[str]:
    """Which of these SIDs were heard already."""
    return set(conn.scalars(_KNOWN, {"sids": sids})) if sids else set()


TEN_MINUTES = timedelta(minutes=10)
