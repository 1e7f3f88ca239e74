"""Who was paged about a case, and what came of it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, String, bindparam, cast, literal, select, union_all

from sms_service.domain.words import PersonId
from sms_service.store.audit import audit
from sms_service.store.cases import Case
from sms_service.store.outbox import outbox

_HISTORY = union_all(
    select(cast(outbox.c.person_id, String).label("who"), outbox.c.born_at.label("at"), outbox.c.state.label("what"))
    .where(
        outbox.c.program_id == bindparam("program_id"), outbox.c.case_id == bindparam("case_id"),
        outbox.c.why == "page",
    ),
    select(audit.c.actor, audit.c.at, literal("passed")).where(
        audit.c.program_id == bindparam("program_id"), audit.c.subject == bindparam("subject"),
        audit.c.act == "case.pass",
    ),
)  # fmt: skip
_LATER = select(outbox.c.id).where(
    outbox.c.program_id == bindparam("program_id"), outbox.c.case_id == bindparam("case_id"),
    outbox.c.why == "page", outbox.c.id > bindparam("outbox_id"),
).limit(1)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """What a case's people have been asked so far: each page with its moment and state, and who passed when."""

    pages: tuple[tuple[PersonId, datetime, str], ...] = ()
    passes: tuple[tuple[PersonId, datetime], ...] = ()

    def since(self, at: datetime) -> set[PersonId]:
        """Everybody paged since then."""
        return {person for person, born_at, _state in self.pages if born_at >= at}

    def passed_since(self, at: datetime) -> set[PersonId]:
        """Everybody who passed since then."""
        return {person for person, passed_at in self.passes if passed_at >= at}

    def beyond_reach(self, since: datetime) -> set[PersonId]:
        """Those all of whose pages since then failed."""
        reached = {person for person, born_at, state in self.pages if born_at >= since and state != "failed"}
        return self.since(since) - reached


def asked_about(conn: Connection, about: Case) -> Asked:
    """Everything that was asked about this case, in one look."""
    known = {"program_id": about.program_id, "case_id": about.id, "subject": f"case:{about.id}"}
    rows = [(PersonId(int(row.who.removeprefix("person:"))), row.at, row.what) for row in conn.execute(_HISTORY, known)]
    passes = tuple((person, at) for person, at, what in rows if what == "passed")
    return Asked(tuple(row for row in rows if row[2] != "passed"), passes)


def paged_later(conn: Connection, about: Case, outbox_id: int) -> bool:
    """Whether a page of this case was owed after that one: then its next rung was climbed already."""
    known = {"program_id": about.program_id, "case_id": about.id, "outbox_id": outbox_id}
    return conn.scalar(_LATER, known) is not None
