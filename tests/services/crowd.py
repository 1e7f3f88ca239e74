"""Members as different as they come, each with a check-in due; and everything the database holds, in plain words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st
from sqlalchemy import Connection, delete, select

from sms_service.domain.oncall import ALWAYS
from sms_service.domain.words import LineId, PersonId, ProgramId
from sms_service.flows.engine import begin
from sms_service.flows.facts import Facts
from sms_service.services.desk import Desk
from sms_service.store.cases import cases
from sms_service.store.conversations import conversations
from sms_service.store.database import Database
from sms_service.store.outbox import Owed, outbox, owe
from sms_service.store.people import add_person, people
from sms_service.store.rota import add_shift, shifts
from sms_service.store.tables import metadata
from sms_service.store.wakes import Wake, set_wakes, wakes

FIRST_ID = 9000
HOUR = timedelta(hours=1)
ZONES = ("America/New_York", "America/Los_Angeles", "America/Phoenix", "Pacific/Honolulu")
Case = tuple[str, str, int | None]
"""Kind, state, hours since it was closed."""
CASES: dict[str, Case | None] = {
    "none": None, "concern": ("concern", "open", None), "talk": ("talk", "claimed", None),
    "crisis": ("crisis", "open", None), "crisis 23 h ago": ("crisis", "closed", 23),
    "crisis 25 h ago": ("crisis", "closed", 25), "talk 2 h ago": ("talk", "closed", 2),
}  # fmt: skip


@dataclass(frozen=True)
class Member:
    """One of the crowd; as it stands, somebody who is simply asked."""

    program: int = 0
    state: str = "active"
    safe: str = "free"
    language: str = "en"
    zone: str = ZONES[0]
    rhythm: str = "daily"
    minute: int | None = 720
    missed: int = 0
    has_line: bool = True
    team: str = ""  # volunteer, supervisor
    is_on: bool = False
    looks_after: bool = False  # owns the case of somebody else
    talks: tuple[str, ...] = ()  # "open check_in", "parked suits"
    case: str = "none"
    sent_hours_ago: tuple[int, ...] = ()
    sent_state: str = "sent"
    late_minutes: int = 0
    has_waited: bool = False


def _mostly(first: Any, *others: Any) -> st.SearchStrategy[Any]:
    return st.sampled_from([first] * 3 * len(others) + list(others))


members = st.builds(
    Member, program=st.integers(0, 1), state=_mostly("active", "paused", "left", "stopped", "died", "unreachable"),
    safe=_mostly("free", "after", "never"), language=st.sampled_from(["en", "es"]), zone=st.sampled_from(ZONES),
    rhythm=st.sampled_from(["daily", "weekdays", "weekly"]), minute=_mostly(720, None, 0, 90, 150, 1439),
    missed=_mostly(0, 1, 2, 3, 4), has_line=st.booleans(), team=_mostly("", "volunteer", "supervisor"),
    is_on=st.booleans(), looks_after=_mostly(False, True),
    talks=_mostly((), ("open check_in",), ("open suits",), ("parked menu",), ("open suits", "parked menu")),
    case=_mostly(*CASES), sent_hours_ago=st.lists(st.sampled_from([1, 2, 9, 20]), max_size=4).map(tuple),
    sent_state=_mostly("sent", "due", "withheld", "expired"), late_minutes=_mostly(0, 1, 119, 120, 121, 500),
    has_waited=_mostly(False, True),
)  # fmt: skip


@dataclass(frozen=True)
class Crowd:
    """The crowd in one database; it can be put there again, exactly as it was, under the same ids."""

    desk: Desk
    now: datetime

    def gather(self, who: Iterable[Member]) -> list[PersonId]:
        """Nobody else has an alarm from now on."""
        with self.desk.db.write() as conn:
            for table in (wakes, outbox, conversations, cases):
                conn.execute(delete(table))
            conn.execute(delete(shifts).where(shifts.c.person_id >= FIRST_ID))
            conn.execute(delete(people).where(people.c.id >= FIRST_ID))
            lines = self.desk.lines.all(conn, self.now)
            return [
                self._one(conn, FIRST_ID + n, m, lines[m.program].program.id, lines[m.program].id)
                for n, m in enumerate(who)
            ]

    def _one(self, conn: Connection, number: int, m: Member, program: ProgramId, line: LineId) -> PersonId:
        person = add_person(
            conn, program, f"+1206555{number}", self.now, id=number, state=m.state, safe=m.safe, language=m.language,
            zone=m.zone, rhythm=m.rhythm, check_in_minute=m.minute, missed=m.missed, is_member=True,
            line_id=line if m.has_line else None, is_volunteer=m.team == "volunteer",
            is_supervisor=m.team == "supervisor",
        )  # fmt: skip
        assert person is not None
        if m.team and m.is_on:
            add_shift(conn, program, person, m.team, ALWAYS, number)
        self._talks(conn, m, program, person)
        self._cases(conn, m, program, person)
        self._sent(conn, m, program, person, line)
        due = self.now - timedelta(minutes=m.late_minutes)
        until = due + (4 if m.has_waited else 2) * HOUR
        set_wakes(conn, [Wake(program, f"check_in:{person}", "check_in", person, int(m.has_waited), due, until)])
        return person

    def _talks(self, conn: Connection, m: Member, program: ProgramId, person: PersonId) -> None:
        for talk in m.talks:
            status, flow = talk.split()
            place, _ = begin(flow, Facts(short="HOPE", hours="", on_call=False), self.now)
            assert place is not None
            conn.execute(conversations.insert().values(
                program_id=program, person_id=person, channel="sms", status=status, place=place.to_json(), turn=1,
                prompted=False, began_at=self.now - HOUR,
            ))  # fmt: skip

    def _cases(self, conn: Connection, m: Member, program: ProgramId, person: PersonId) -> None:
        other = conn.scalar(select(people.c.id).where(people.c.program_id == program, people.c.id < FIRST_ID))
        own = CASES[m.case]
        wanted = [(own, person, other if own[1] == "claimed" else None)] if own else []
        if m.looks_after:
            wanted.append((("talk", "claimed", None), PersonId(self._somebody_new(conn, program, person)), person))
        for n, ((kind, state, hours), member, owner) in enumerate(wanted):
            at = self.now - 30 * HOUR
            conn.execute(cases.insert().values(
                id=2 * person + n, program_id=program, case_no=2 * person + n, kind=kind, family="", state=state,
                member_id=member, owner_id=owner, staffed=1, climb=1, opened_at=at, rose_at=at,
                closed_at=None if hours is None else self.now - hours * HOUR,
            ))  # fmt: skip

    def _somebody_new(self, conn: Connection, program: ProgramId, person: PersonId) -> int:
        found = add_person(conn, program, f"+1253555{person}", self.now, id=person + FIRST_ID)
        assert found is not None
        return found

    def _sent(self, conn: Connection, m: Member, program: ProgramId, person: PersonId, line: LineId) -> None:
        for hours in m.sent_hours_ago:
            at = self.now - hours * HOUR
            owe(conn, [Owed(program, person, line, f"test:{at}", 0, "scheduled", "words", 1, at, at)], at)
        conn.execute(outbox.update().where(outbox.c.person_id == person).values(state=m.sent_state))


def everything(db: Database) -> dict[str, list[str]]:
    """Every row of every table, opened; a conversation is named by whose it is and where, others have no ids."""
    with db.read() as conn:
        named = {c.id: f"{c.status} {c.person_id} {c.place}" for c in conn.execute(select(conversations))}
        rows = {
            table.name: [dict(row._mapping) for row in conn.execute(select(table))] for table in metadata.sorted_tables
        }
    for row in rows["conversations"] + rows["outbox"] + rows["wakes"] + rows["shifts"]:
        del row["id"]
    for row in rows["outbox"]:
        row["conversation_id"] = named.get(row["conversation_id"])
    for row in rows["wakes"]:
        if row["kind"] == "silence":
            row["owner_id"], row["key"] = named[row["owner_id"]], ""
    return {name: sorted(map(repr, found)) for name, found in rows.items()}
