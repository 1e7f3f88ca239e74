"""Who was paged about a case, and what came of it."""

from datetime import datetime

from sqlalchemy import Connection, bindparam, case, func, select

from sms_service.domain.words import PersonId
from sms_service.store.audit import audit
from sms_service.store.cases import Case
from sms_service.store.outbox import outbox

_ASKED = (
    select(outbox.c.person_id)
    .where(
        outbox.c.program_id == bindparam("program_id"), outbox.c.case_id == bindparam("case_id"),
        outbox.c.why == "page", outbox.c.born_at >= bindparam("since"),
    )
    .distinct()
)  # fmt: skip
_UNREACHED = (
    select(outbox.c.person_id)
    .where(
        outbox.c.program_id == bindparam("program_id"), outbox.c.case_id == bindparam("case_id"),
        outbox.c.why == "page", outbox.c.born_at >= bindparam("since"),
    )
    .group_by(outbox.c.person_id)
    .having(func.sum(case((outbox.c.state == "failed", 0), else_=1)) == 0)
)  # fmt: skip
_LATER = select(outbox.c.id).where(
    outbox.c.program_id == bindparam("program_id"), outbox.c.case_id == bindparam("case_id"),
    outbox.c.why == "page", outbox.c.id > bindparam("outbox_id"),
).limit(1)  # fmt: skip
_PASSED = select(audit.c.actor).where(
    audit.c.program_id == bindparam("program_id"),
    audit.c.subject == bindparam("subject"),
    audit.c.act == "case.pass",
)


def asked_about(conn: Connection, about: Case, since: datetime) -> set[PersonId]:
    """Everybody paged since then."""
    return set(conn.scalars(_ASKED, {"program_id": about.program_id, "case_id": about.id, "since": since}))


def passed_by(conn: Connection, about: Case) -> set[PersonId]:
    """Everybody who ever passed."""
    passed = conn.scalars(_PASSED, {"program_id": about.program_id, "subject": f"case:{about.id}"})
    return {PersonId(int(actor.removeprefix("person:"))) for actor in passed}


def beyond_reach(conn: Connection, about: Case) -> set[PersonId]:
    """Those whose pages of the present ladder all failed."""
    known = {"program_id": about.program_id, "case_id": about.id, "since": about.rose_at}
    return set(conn.scalars(_UNREACHED, known))


def paged_later(conn: Connection, about: Case, outbox_id: int) -> bool:
    """Whether a page of this case was owed after that one: then its next rung was climbed already."""
    known = {"program_id": about.program_id, "case_id": about.id, "outbox_id": outbox_id}
    return conn.scalar(_LATER, known) is not None
