"""A whole service without its processes: both databases, a real bell, the demo programs, and the clock in hand."""

import shutil
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, func, select, update

from sms_service import clock
from sms_service.carrier.outcomes import Outcome, Sent
from sms_service.domain.words import LANES, Lane, LineId, OutboxId, PersonId, ProgramId, Why
from sms_service.services.desk import Desk
from sms_service.services.hand_over import Taken
from sms_service.services.lease import claim
from sms_service.services.receive import InboundText, OptOutType, receive
from sms_service.services.record import record
from sms_service.services.seed import seed_demo
from sms_service.services.wake import fire_due
from sms_service.settings import Settings
from sms_service.store.cases import cases
from sms_service.store.database import Database
from sms_service.store.open import open_bell, open_database
from sms_service.store.outbox import Owed, outbox, owe
from sms_service.store.people import Person, add_person, people, person_by_number
from sms_service.store.programs import Line, Lines
from sms_service.store.wakes import wakes
from tests import servers
from tests.rewound import Rewound

NOON = datetime(2026, 3, 4, 17, 0, tzinfo=UTC)
"""12:00 in New York, a Wednesday."""
LINE, NIGHT = "+12025550100", "+12025550200"
SAM, CARMEN, RUTH = "+12025550111", "+12025550112", "+12025550119"
ANA, LEO, MARISOL = "+12025550121", "+12025550122", "+12025550123"
KEYS = {
    "DATA_KEYS": "dGVzdHRlc3R0ZXN0dGVzdHRlc3R0ZXN0dGVzdHRlc3Q=",
    "LOOKUP_KEYS": "1:" + "ab" * 32,
    "REDIS_URL": "redis://127.0.0.1:1/0",
}
"""The same for every test, so that a seeded database can be copied."""


@dataclass
class House:
    """The demo programs of one test and short words for what happens in them."""

    desk: Desk
    time: clock.Frozen
    settings: Settings
    sids: Iterator[int] = field(default_factory=lambda: count(1))
    taken: list[Taken] = field(default_factory=list)

    @property
    def db(self) -> Database:
        """The test's own database."""
        return self.desk.db

    @property
    def now(self) -> datetime:
        """The stopped clock's moment."""
        return self.time()

    @property
    def line(self) -> Line:
        """The demo's line."""
        with self.db.read() as conn:
            found = self.desk.lines.line(conn, LINE, self.now)
        assert found is not None
        return found

    @property
    def program_id(self) -> ProgramId:
        """The demo program."""
        return self.line.program.id

    def text(
        self, number: str, body: str, *, to: str = LINE, sid: str = "", media: int = 0,
        opt_out: OptOutType = "", at: datetime | None = None,
    ) -> str:  # fmt: skip
        """Somebody texts; what Twilio called it."""
        name = sid or f"SM{next(self.sids):032x}"
        receive(self.desk, InboundText(name, number, to, body, at or self.now, media, opt_out), self.now)
        return name

    def says(self, number: str, body: str, *, to: str = LINE, **more: Any) -> list[str]:
        """Somebody texts; what the same phone is owed for it."""
        before = len(self.sent(number))
        self.text(number, body, to=to, **more)
        return self.sent(number)[before:]

    def sent(self, number: str = "") -> list[str]:
        """The words of every message owed so far, in order; to this number alone when one is given."""
        return [row.body for row in self.rows(number)]

    def rows(self, number: str = "") -> list[Any]:
        """Outbox rows in order, each with the number it goes to."""
        found = select(outbox, people.c.number).join_from(outbox, people, people.c.id == outbox.c.person_id)
        with self.db.read() as conn:
            return [r for r in conn.execute(found.order_by(outbox.c.id)) if number in ("", r.number)]

    def row(self, outbox_id: int) -> Any:
        """One outbox row."""
        with self.db.read() as conn:
            return conn.execute(select(outbox).where(outbox.c.id == outbox_id)).one()

    def person(self, number: str) -> Person:
        """Whoever has this number in the demo."""
        with self.db.read() as conn:
            found = person_by_number(conn, self.program_id, number)
        assert found is not None, number
        return found

    def change(self, number: str, **known: Any) -> None:
        """Sets columns of a person."""
        with self.db.write() as conn:
            conn.execute(update(people).where(people.c.id == self.person(number).id).values(**known))

    def new_person(self, number: str, **known: Any) -> PersonId:
        """Somebody new in the demo, an active member unless told otherwise."""
        known = {"is_member": True, "state": "active", "line_id": self.line.id} | known
        with self.db.write() as conn:
            found = add_person(conn, self.program_id, number, self.now, **known)
        assert found is not None
        return found

    def owe(self, person_id: PersonId, why: Why = "reply", body: str = "words", **known: Any) -> OutboxId:
        """One message more; its row's id."""
        return self.owe_all([person_id], why, body, **known)[0]

    def owe_all(
        self, owed_to: Iterable[PersonId], why: Why = "reply", body: str = "words", *, line_id: LineId | None = None,
        segments: int = 1, due_at: datetime | None = None, expires_at: datetime | None = None, **known: Any,
    ) -> list[OutboxId]:  # fmt: skip
        """One message to each; their rows' ids."""
        line, due = line_id or self.line.id, due_at or self.now
        messages = [
            Owed(
                self.program_id, person_id, line, f"test:{next(self.sids)}", 0, why, body, segments, due,
                expires_at or due + timedelta(hours=1), **known,
            )
            for person_id in owed_to
        ]  # fmt: skip
        with self.db.write() as conn:
            last = conn.scalar(select(func.max(outbox.c.id))) or 0
            owe(conn, messages, self.now)
            return list(conn.scalars(select(outbox.c.id).where(outbox.c.id > last).order_by(outbox.c.id)))

    def deliver(self, outcome: Callable[[OutboxId], Outcome] | None = None) -> list[OutboxId]:
        """Claims everything that may go now and records what became of it (handed over, unless told otherwise)."""
        gone: list[OutboxId] = []
        for lane in LANES:
            while taken := self.claim(lane):
                outcomes = [outcome(one) if outcome else Sent(f"SM9{one:031x}") for one in taken]
                self.record(outcomes)
                gone += taken
        return gone

    def claim(self, lane: Lane, most: int = 50) -> list[OutboxId]:
        """Leases what may go of a lane; `record` says what became of it."""
        self.taken = claim(self.desk, lane, self.now, most)
        return [one.ready.id for one in self.taken]

    def record(self, outcomes: list[Outcome]) -> None:
        """What became of the batch claimed last."""
        record(self.desk, self.taken, outcomes, self.now)

    def put(self, outbox_id: int, state: str, **known: Any) -> None:
        """Moves a row to a state by hand."""
        with self.db.write() as conn:
            conn.execute(update(outbox).where(outbox.c.id == outbox_id).values(state=state, **known))

    def pass_time(self, **by: float) -> None:
        """Time passes; every alarm on the way rings at its own moment."""
        until = self.now + timedelta(**by)
        for _ in range(1000):
            with self.db.read() as conn:
                due = conn.scalar(select(func.min(wakes.c.due_at)))
            if due is None or due > until:
                break
            self.time.set(max(self.now, due))
            fire_due(self.desk, self.now)
        else:
            raise AssertionError("alarms ring for ever")
        self.time.set(until)

    def alarms(self, kind: str = "") -> dict[str, datetime]:
        """Every alarm that is set (of one kind): key and moment."""
        with self.db.read() as conn:
            return {r.key: r.due_at for r in conn.execute(select(wakes)) if kind in ("", r.kind)}

    def cases(self) -> list[Any]:
        """Every case, oldest first."""
        with self.db.read() as conn:
            return list(conn.execute(select(cases).order_by(cases.c.id)))

    def join(self, number: str, group: str = "HOPE") -> None:
        """A member, asked each day at 7 pm."""
        for body in (f"JOIN {group}", "1", "1", "7pm"):
            self.text(number, body)

    @contextmanager
    def statements(self) -> Iterator[list[str]]:
        """The SQL that is executed within the block, transaction control left out."""
        seen: list[str] = []

        def see(_conn: Any, _cursor: Any, statement: str, *_more: Any) -> None:
            if not statement.startswith("BEGIN"):
                seen.append(statement)

        event.listen(self.db.engine, "before_cursor_execute", see)
        try:
            yield seen
        finally:
            event.remove(self.db.engine, "before_cursor_execute", see)


@pytest.fixture(scope="session")
def seeded_sqlite(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the demo in it, to be copied."""
    home = tmp_path_factory.mktemp("seeded-home")
    file = home / "seeded.db"
    shutil.copyfile(sqlite_template, file)
    _seed(f"sqlite:///{file}", home)
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return file


@pytest.fixture(scope="session")
def seeded_pg(pg_server_url: str, pg_template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a PostgreSQL database with the demo in it, to be copied."""
    for url in servers._copy(pg_server_url, pg_template):
        _seed(url, tmp_path_factory.mktemp("seeded-pg-home"))
        yield url


@pytest.fixture
def demo_sqlite_url(seeded_sqlite: Path, tmp_path: Path) -> str:
    """A SQLite database with the demo programs, this test's own."""
    copy = tmp_path / "sms_service.db"
    shutil.copyfile(seeded_sqlite, copy)
    return f"sqlite:///{copy}"


@pytest.fixture(scope="session")
def rewound_demo(pg_server_url: str, seeded_pg: str) -> Iterator[Rewound]:
    """A PostgreSQL database with the demo programs, again and again."""
    yield from servers.rewound(pg_server_url, seeded_pg.rpartition("/")[2].partition("?")[0])


@pytest.fixture
def demo_pg_url(rewound_demo: Rewound) -> str:
    """A PostgreSQL database with the demo programs, as they were made."""
    return rewound_demo.fresh()


@pytest.fixture(params=["sqlite", "postgresql"])
def house(request: pytest.FixtureRequest, redis_url: str, settings_with: Callable[..., Settings]) -> Iterator[House]:
    """The demo programs on both databases, one after the other."""
    url = request.getfixturevalue("demo_sqlite_url" if request.param == "sqlite" else "demo_pg_url")
    settings = settings_with(**KEYS | {"DATABASE_URL": url, "REDIS_URL": redis_url})
    desk = Desk(open_database(settings), open_bell(settings), Lines(), "http://service.example")
    with clock.frozen(NOON) as time:
        yield House(desk, time, settings)
    desk.db.close()


def _seed(url: str, home: Path) -> None:
    from sms_service.settings import load_settings

    with clock.frozen(NOON):
        given = {"SMS_SERVICE_HOME": str(home), "DATABASE_URL": url, **KEYS}
        seed_demo(load_settings(given, home / ".env"))
