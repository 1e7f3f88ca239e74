"""Inbound texts: each SID once, the words sealed, what triage made of them in the clear as ids."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

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
    literal,
    select,
    update,
)

from sms_service.domain.words import Channel, LineId, PersonId, ProgramId
from sms_service.store.people import people
from sms_service.store.sealing import keyring
from sms_service.store.types import Big, Sealed, UtcDateTime, identity, metadata
from sms_service.store.upsert import InsertOrSkip, insert_from

inbounds = Table(
    "inbounds",
    metadata,
    identity(),
    Column("program_id", Big, nullable=False),
    Column("sid", String(34), nullable=False),
    Column("person_id", Big, nullable=False),
    Column("line_id", Big, nullable=False),
    Column("channel", String(5), nullable=False),
    Column("body", Sealed(unreadable=""), nullable=False),
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
_GIVEN = ("program_id", "sid", "line_id", "body", "media", "level", "family", "rule", "received_at")
_HEAR = insert_from(
    inbounds, ["program_id", "sid"], [*_GIVEN, "channel", "person_id"],
    select(*(bindparam(f"i_{n}", type_=inbounds.c[n].type) for n in _GIVEN), literal("sms"), people.c.id)
    .where(
        people.c.program_id == bindparam("in_program"), people.c.lookup.in_(bindparam("lookups", expanding=True))
    )
    .with_for_update(of=people, key_share=True),
    ["id", "person_id"],
)  # fmt: skip
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
_FLAGGED = (
    select(inbounds.c.id)
    .where(
        inbounds.c.program_id == bindparam("program_id"),
        inbounds.c.person_id == bindparam("person_id"),
        inbounds.c.received_at >= bindparam("since"),
        inbounds.c.id < bindparam("before_id"),
        inbounds.c.level == "crisis",
        inbounds.c.family.in_(bindparam("families", expanding=True)),
    )
    .limit(1)
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


def hear(
    conn: Connection, program_id: ProgramId, number: str, line_id: LineId, sid: str, body: str, media: int,
    verdict: tuple[str, str, str], now: datetime,
) -> tuple[int, PersonId] | None:  # fmt: skip
    """Keeps one text of whoever has this number and locks them, so that their next one waits for this one's end.

    Its id and the person's; None when nobody has the number or the SID was heard before. The lock comes first and
    alone: what is read after it is what the text before has left.
    """
    row = (program_id, sid, line_id, body, media, *verdict, now)
    given = {f"i_{name}": value for name, value in zip(_GIVEN, row, strict=True)}
    lookups = keyring().find_under(program_id, number)
    found = conn.execute(_HEAR[conn.dialect.name], given | {"in_program": program_id, "lookups": lookups}).first()
    return (found.id, found.person_id) if found else None


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


def flagged_since(
    conn: Connection, program_id: ProgramId, person_id: PersonId, since: datetime, before_id: int,
    families: Iterable[str],
) -> bool:  # fmt: skip
    """Whether a text of the person since then and before the row `before_id` read as a crisis of these families."""
    known = {"program_id": program_id, "person_id": person_id, "since": since, "before_id": before_id}
    return conn.scalar(_FLAGGED, known | {"families": sorted(families)}) is not None


def known_sids(conn: Connection, sids: list[str]) -> set[str]:
    """Which of these SIDs were heard already."""
    return set(conn.scalars(_KNOWN, {"sids": sids})) if sids else set()
