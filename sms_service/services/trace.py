"""One text's way through the service, told in ids, states and times: what was heard, judged, owed, sent, taken."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from sms_service.domain.words import LANES
from sms_service.store import trail

_SID = re.compile(r"[A-Za-z]{2}[0-9A-Za-z]{1,32}")
_OUTBOX = re.compile(r"o:([0-9]{1,18})")
_CASE = re.compile(r"c:([a-z0-9-]{1,40}):([0-9]{1,9})")
FORMS = "an SID of Twilio's (SM...), o:123 for a message of ours, or c:demo:7 for a case"


def trace(conn: Connection, name: str) -> list[str]:
    """What is known of this id, a line each; empty when it is unknown. ValueError: no id of any kind."""
    if found := _OUTBOX.fullmatch(name):
        return [line for row in trail.message(conn, int(found[1])) for line in _message_and_cause(conn, row)]
    if found := _CASE.fullmatch(name):
        row = trail.case(conn, found[1], int(found[2]))
        return [] if row is None else list(_whole_case(conn, row))
    if _SID.fullmatch(name):
        heard = [line for row in trail.heard(conn, name) for line in _heard(conn, row)]
        return heard or [line for row in trail.sent_as(conn, name) for line in _message_and_cause(conn, row)]
    raise ValueError(f"{name!r} is none of {FORMS}.")


def _heard(conn: Connection, row: Any) -> Iterator[str]:
    yield f"{row.sid} heard {_at(row.received_at)}, program {row.slug}, line {row.line_id}, person {row.person_id}"
    family = f", family {row.family}, rule {row.rule}" if row.level != "none" else ""
    yield f"  judged {row.level}{family}"
    owed = trail.owed_by(conn, row.program_id, f"in:{row.sid}")
    opened = trail.opened_by(conn, row.program_id, row.person_id, row.received_at)
    about = {one.case_id for one in owed if one.case_id} - {one.id for one in opened}
    for case in (*opened, *trail.cases_of(conn, row.program_id, about)):
        yield f"  {_case(case)}"
        yield from (f"    {line}" for line in _acts(conn, case))
    if not owed:
        yield "  owed nothing"
    for message in owed:
        yield f"  {_message(message)}"


def _message_and_cause(conn: Connection, row: Any) -> Iterator[str]:
    yield _message(row)
    yield f"  program {row.slug}, line {row.line_id}, person {row.person_id}, cause {row.cause}"
    if row.cause.startswith("in:"):
        for heard in trail.heard(conn, row.cause.removeprefix("in:")):
            yield f"  its cause was heard {_at(heard.received_at)}, judged {heard.level} {heard.family}".rstrip()
    for case in trail.cases_of(conn, row.program_id, {row.case_id} if row.case_id else set()):
        yield f"  {_case(case)}"


def _whole_case(conn: Connection, case: Any) -> Iterator[str]:
    yield _case(case)
    yield f"  member person {case.member_id}, ladder since {_at(case.rose_at)}"
    yield from (f"  {line}" for line in _acts(conn, case))
    for message in trail.owed_about(conn, case.program_id, case.id):
        yield f"  {_message(message)}, person {message.person_id}"
    for wake in trail.clocks_of(conn, case.program_id, [f"ladder:{case.id}", f"comfort:{case.id}"]):
        yield f"  next {wake.kind} {_at(wake.due_at)}"


def _case(case: Any) -> str:
    said = [f"c:{case.slug}:{case.case_no} {case.kind}" + (f" ({case.family})" if case.family else "")]
    said.append(f"opened {_at(case.opened_at)}")
    if case.claimed_at:
        said.append(f"taken {_at(case.claimed_at)} by person {case.owner_id}")
    if case.incident_at:
        said.append(f"incident {_at(case.incident_at)}")
    if case.closed_at:
        said.append(f"closed {_at(case.closed_at)} ({case.outcome or 'no outcome'})")
    return f"{', '.join(said)}: {case.state}"


def _acts(conn: Connection, case: Any) -> Iterator[str]:
    for act in trail.acts_on(conn, case.program_id, f"case:{case.id}"):
        yield f"{act.act} by {act.actor} {_at(act.at)}"


def _message(row: Any) -> str:
    said = [f"o:{row.id} {row.why}, lane {LANES[row.lane]}, {row.channel}: {row.state}", f"owed {_at(row.born_at)}"]
    if row.due_at != row.born_at:
        said.append(f"due {_at(row.due_at)}")
    said.append(f"{row.tries} {'try' if row.tries == 1 else 'tries'}")
    if row.looks:
        said.append(f"{row.looks} look(s) in Twilio's list")
    said += [f"SID {row.sid}"] if row.sid else []
    said += [f"code {row.error_code}"] if row.error_code else []
    said += [f"settled {_at(row.settled_at)}"] if row.settled_at else []
    return ", ".join(said)


def _at(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S}.{at.microsecond // 1000:03d}Z"
