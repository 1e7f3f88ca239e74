"""Where a use case works: one transaction, the rows it owes, and the bell after the commit."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from sms_service.domain.words import Lane, LineId, PersonId, ProgramId, Why
from sms_service.say.segments import segments
from sms_service.store.bell import Bell
from sms_service.store.conversations import mark_asked
from sms_service.store.database import Database, clashed
from sms_service.store.doubt import read_past
from sms_service.store.outbox import Owed, owe
from sms_service.store.programs import Line, Lines, Program
from sms_service.store.rota import OnRota, rota_of
from sms_service.store.wakes import Wake, set_wakes

log = logging.getLogger(__name__)
_TRIES = 4

EXPIRES: dict[Why, timedelta] = {
    "crisis": timedelta(hours=24),
    "page": timedelta(hours=1),
    "reply": timedelta(hours=12),
    "scheduled": timedelta(hours=2),
    "bulk": timedelta(hours=12),
}
"""How long a message is worth sending."""


@dataclass(slots=True)
class Work:
    """One transaction being filled: what it will owe, and what it wants to be woken for."""

    conn: Connection
    now: datetime
    cause: str
    lines: Lines
    owed: list[Owed] = field(default_factory=list)
    wakes: list[Wake] = field(default_factory=list)
    lanes: set[Lane] = field(default_factory=set)
    doubtful: bool = False
    _rota: dict[ProgramId, list[OnRota]] = field(default_factory=dict)

    def rota(self, program_id: ProgramId) -> list[OnRota]:
        """Everybody on the rota, read once for all who ask in this transaction."""
        if program_id not in self._rota:
            self._rota[program_id] = rota_of(self.conn, program_id)
        return self._rota[program_id]

    def owe(
        self, program_id: ProgramId, person_id: PersonId, line_id: LineId, why: Why, body: str, *,
        due_at: datetime | None = None, case_id: int | None = None, chosen: bool = False,
    ) -> None:  # fmt: skip
        """One message more for this person."""
        due = due_at or self.now
        position = sum(1 for message in self.owed if message.person_id == person_id)
        self.owed.append(
            Owed(
                program_id, person_id, line_id, self.cause, position, why, body, segments(body), due,
                due + EXPIRES[why], case_id, chosen=chosen,
            )
        )  # fmt: skip

    def asks(self, person_id: PersonId, conversation_id: int, turn: int, silence: timedelta) -> None:
        """The person's last message of this work is the open question; its reply clock starts at hand-over."""
        at = max(i for i, message in enumerate(self.owed) if message.person_id == person_id)
        seconds = int(silence.total_seconds())
        self.owed[at] = replace(self.owed[at], conversation_id=conversation_id, turn=turn, silence_s=seconds)

    def wake(
        self, program_id: ProgramId, kind: str, owner_id: int, due_at: datetime, *, turn: int = 0,
        until: timedelta | None = None,
    ) -> None:  # fmt: skip
        """Wants to be woken; one alarm for each kind and owner, the newest counts."""
        self.wakes.append(
            Wake(
                program_id,
                f"{kind}:{owner_id}",
                kind,
                owner_id,
                turn,
                due_at,
                due_at + until if until else None,
            )
        )

    def doubt(self, of: datetime) -> None:
        """This follows from what arrived or was due then: it may have been done before a restore (store/doubt.py)."""
        past = read_past(self.conn)
        self.doubtful = past is not None and past.holds(of)

    def write_down(self) -> None:
        """The last statements before the commit."""
        self.lanes |= owe(self.conn, self.owed, self.now, doubtful=self.doubtful)
        set_wakes(self.conn, self.wakes)
        if self.doubtful:  # their hand-over may never be seen: the questions among them count as asked now
            mark_asked(self.conn, [_asked(one, self.now) for one in self.owed if one.conversation_id is not None])


def _asked(one: Owed, now: datetime) -> dict[str, object]:
    return {"b_program_id": one.program_id, "b_id": one.conversation_id, "b_turn": one.turn, "b_asked_at": now}


@dataclass(frozen=True, slots=True)
class Desk:
    """What every use case is handed: the database, the bell, and the lines it answers for."""

    db: Database
    bell: Bell
    lines: Lines
    callback_base: str = ""

    def transact(self, cause: str, now: datetime, act: Callable[[Work], None]) -> None:
        """Runs `act` in one transaction, again when two clashed, and rings for what it owes once it is safe."""
        for left in reversed(range(_TRIES)):
            try:
                lanes = self._once(cause, now, act)
            except DBAPIError as error:
                if not left or not clashed(error):
                    raise
            else:
                self.bell.ring(lanes)
                return

    def _once(self, cause: str, now: datetime, act: Callable[[Work], None]) -> set[Lane]:
        with self.db.write() as conn:
            work = Work(conn, now, cause, self.lines)
            act(work)
            work.write_down()
        return work.lanes


def line_for(work: Work, program: Program, line_id: LineId | None) -> Line:
    """The line the person last wrote to, else the program's first."""
    lines = [line for line in work.lines.all(work.conn, work.now) if line.program.id == program.id]
    return next((line for line in lines if line.id == line_id), lines[0])
