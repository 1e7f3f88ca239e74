"""The trail of one text: ids, states and times of the rows it left. No words, no numbers, no names."""

from typing import Any

from sqlalchemy import Connection, and_, bindparam, or_, select

from sms_service.store.audit import audit
from sms_service.store.cases import cases
from sms_service.store.inbounds import inbounds
from sms_service.store.outbox import outbox
from sms_service.store.programs import programs
from sms_service.store.wakes import wakes

_HEARD = (
    inbounds.c.id, inbounds.c.program_id, programs.c.slug, inbounds.c.sid, inbounds.c.person_id, inbounds.c.line_id,
    inbounds.c.channel, inbounds.c.level, inbounds.c.family, inbounds.c.rule, inbounds.c.received_at,
)  # fmt: skip
_INBOUND = (
    select(*_HEARD)
    .join_from(programs, inbounds, inbounds.c.program_id == programs.c.id)
    .where(inbounds.c.sid == bindparam("sid"))
)
_OWED = (
    outbox.c.id, outbox.c.program_id, programs.c.slug, outbox.c.person_id, outbox.c.line_id, outbox.c.cause,
    outbox.c.why, outbox.c.lane, outbox.c.channel, outbox.c.segments, outbox.c.state, outbox.c.born_at,
    outbox.c.due_at, outbox.c.expires_at, outbox.c.tries, outbox.c.looks, outbox.c.sid, outbox.c.error_code,
    outbox.c.settled_at, outbox.c.case_id,
)  # fmt: skip
_MESSAGE = select(*_OWED).join_from(programs, outbox, outbox.c.program_id == programs.c.id)
_BY_ID = _MESSAGE.where(outbox.c.id == bindparam("outbox_id"))
_BY_SID = _MESSAGE.where(outbox.c.sid == bindparam("sid"))
_BY_CAUSE = _MESSAGE.where(
    outbox.c.program_id == bindparam("program_id"), outbox.c.cause == bindparam("cause")
).order_by(outbox.c.id)  # fmt: skip
_BY_CASE = _MESSAGE.where(
    outbox.c.program_id == bindparam("program_id"), outbox.c.case_id == bindparam("case_id")
).order_by(outbox.c.id)  # fmt: skip
_CASE = (
    select(
        cases.c.id, cases.c.program_id, programs.c.slug, cases.c.case_no, cases.c.kind, cases.c.family, cases.c.state,
        cases.c.member_id, cases.c.owner_id, cases.c.opened_at, cases.c.rose_at, cases.c.claimed_at,
        cases.c.incident_at, cases.c.closed_at, cases.c.outcome,
    )
    .join_from(programs, cases, cases.c.program_id == programs.c.id)
)  # fmt: skip
_CASE_BY_NO = _CASE.where(programs.c.slug == bindparam("slug"), cases.c.case_no == bindparam("case_no"))
_CASES_BY_ID = _CASE.where(
    cases.c.program_id == bindparam("program_id"), cases.c.id.in_(bindparam("case_ids", expanding=True))
)
_OPENED = _CASE.where(
    cases.c.program_id == bindparam("program_id"), cases.c.member_id == bindparam("person_id"),
    or_(cases.c.opened_at == bindparam("at"), cases.c.rose_at == bindparam("at")),
)  # fmt: skip
_ACTS = (
    select(audit.c.at, audit.c.actor, audit.c.act)
    .where(audit.c.program_id == bindparam("program_id"), audit.c.subject == bindparam("subject"))
    .order_by(audit.c.id)
)
_CLOCKS = (
    select(wakes.c.kind, wakes.c.due_at)
    .where(
        and_(wakes.c.program_id == bindparam("program_id"), wakes.c.key.in_(bindparam("keys", expanding=True))),
    )
    .order_by(wakes.c.due_at)
)


def heard(conn: Connection, sid: str) -> list[Any]:
    """The inbound text with this SID; a number of two programs cannot be, yet a SID may be kept in each."""
    return list(conn.execute(_INBOUND, {"sid": sid}))


def message(conn: Connection, outbox_id: int) -> list[Any]:
    """The message owed under this id."""
    return list(conn.execute(_BY_ID, {"outbox_id": outbox_id}))


def sent_as(conn: Connection, sid: str) -> list[Any]:
    """The messages that Twilio knows by this SID."""
    return list(conn.execute(_BY_SID, {"sid": sid}))


def owed_by(conn: Connection, program_id: int, cause: str) -> list[Any]:
    """The messages that this cause owed, pages too."""
    return list(conn.execute(_BY_CAUSE, {"program_id": program_id, "cause": cause}))


def owed_about(conn: Connection, program_id: int, case_id: int) -> list[Any]:
    """The messages about this case."""
    return list(conn.execute(_BY_CASE, {"program_id": program_id, "case_id": case_id}))


def case(conn: Connection, slug: str, case_no: int) -> Any | None:
    """The case with this number."""
    return conn.execute(_CASE_BY_NO, {"slug": slug, "case_no": case_no}).first()


def cases_of(conn: Connection, program_id: int, case_ids: set[int]) -> list[Any]:
    """These cases."""
    known = {"program_id": program_id, "case_ids": sorted(case_ids)}
    return list(conn.execute(_CASES_BY_ID, known)) if case_ids else []


def opened_by(conn: Connection, program_id: int, person_id: int, at: Any) -> list[Any]:
    """The cases of this person that were opened, or rose, at that very moment."""
    return list(conn.execute(_OPENED, {"program_id": program_id, "person_id": person_id, "at": at}))


def acts_on(conn: Connection, program_id: int, subject: str) -> list[Any]:
    """Who did what to it: at, actor, act."""
    return list(conn.execute(_ACTS, {"program_id": program_id, "subject": subject}))


def clocks_of(conn: Connection, program_id: int, keys: list[str]) -> list[Any]:
    """The alarms still set under these keys: kind, due_at."""
    return list(conn.execute(_CLOCKS, {"program_id": program_id, "keys": keys}))
