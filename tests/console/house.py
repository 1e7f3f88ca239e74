"""Short words for what happens in a program, and for what a browser does at its console."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import func, select, update
from werkzeug.test import TestResponse

from sms_service import clock
from sms_service.domain.words import LineId, PersonId, ProgramId, Why
from sms_service.store.audit import audit
from sms_service.store.database import Database
from sms_service.store.inbounds import add_inbound
from sms_service.store.outbox import Owed, outbox, owe
from sms_service.store.people import add_person
from sms_service.store.programs import add_line, programs
from sms_service.store.users import COORDINATOR, add_user

NOON = datetime(2026, 3, 3, 17, 0, tzinfo=UTC)  # 12:00 in New York, a Tuesday
PASSWORD = "correct horse battery"
MEMBER: dict[str, Any] = {"is_member": True, "state": "active", "check_in_minute": 600}
VOLUNTEER: dict[str, Any] = {"is_volunteer": True, "state": "active"}
TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


@dataclass
class House:
    """One program with a line and a coordinator."""

    database: Database
    program_id: ProgramId
    line_id: LineId
    email: str
    count: int = 0

    def person(self, name: str = "", **known: Any) -> PersonId:
        """Somebody new, in this program."""
        self.count += 1
        number = f"+1202555{self.program_id:02}{self.count:02}"
        with self.database.write() as conn:
            found = add_person(conn, self.program_id, number, clock.now(), name=name, **known)
        assert found is not None
        return found

    def message(self, person_id: PersonId, at: datetime, *, why: Why = "reply", cause: str = "", **known: Any) -> int:
        """A row of the outbox, sent at `at` unless told otherwise."""
        self.count += 1
        owed = Owed(
            self.program_id, person_id, self.line_id, cause or f"in:{self.count}", 0, why, "planted words", 1, at,
            at + timedelta(hours=1),
        )  # fmt: skip
        with self.database.write() as conn:
            owe(conn, [owed], at)
            row = conn.scalar(select(func.max(outbox.c.id)))
            done = update(outbox).where(outbox.c.id == row)
            conn.execute(done.values(**{"state": "sent", "settled_at": at, **known}))
        return int(row or 0)

    def prompt(self, person_id: PersonId, at: datetime, **known: Any) -> int:
        """A check-in prompt."""
        cause = f"wake:check_in:{person_id}:{self.count}"
        return self.message(person_id, at, why="scheduled", cause=cause, **known)

    def heard(self, person_id: PersonId, at: datetime, body: str = "words") -> None:
        """A text of this person."""
        self.count += 1
        sid, calm = f"SM{self.program_id}-{self.count}", ("none", "", "")
        with self.database.write() as conn:
            add_inbound(conn, self.program_id, person_id, self.line_id, "sms", sid, body, 0, calm, at)

    def audited(self) -> list[tuple[str, str]]:
        """What the audit log says of this program: act and subject, in order."""
        found = select(audit.c.act, audit.c.subject).where(audit.c.program_id == self.program_id)
        with self.database.read() as conn:
            return [(row.act, row.subject) for row in conn.execute(found.order_by(audit.c.id))]


def make_house(database: Database, slug: str, number: str) -> House:
    """A program called after its slug, in New York."""
    row = {
        "slug": slug, "name": f"{slug.title()} Circle", "short": slug, "country": "US",
        "zone": "America/New_York", "language": "en", "url": "https://example.org", "quiet_from": 540,
        "quiet_until": 1200, "settings": {}, "created_at": clock.now(),
    }  # fmt: skip
    email = f"ana@{slug}.example"
    with database.write() as conn:
        made = ProgramId(conn.execute(programs.insert().returning(programs.c.id), row).scalar_one())
        line_id = add_line(conn, made, number, 1.0, clock.now())
        add_user(conn, made, email, PASSWORD, COORDINATOR)
    return House(database, made, line_id, email)


def sign_in(client: FlaskClient, email: str, password: str = PASSWORD, **more: str) -> TestResponse:
    """What a browser does: opens the page, takes its token, sends the form."""
    token = TOKEN.search(client.get("/console/login").text)
    assert token, "the sign-in page holds no token"
    form = {"csrf_token": token[1], "email": email, "password": password, **more}
    return client.post("/console/login", data=form)


def words_of(html: str) -> str:
    """The page as it is read: no tags, single spaces."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())
