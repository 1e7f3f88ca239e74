"""Claims what may go now: of each person the next message, as far as the lines' rates allow, under a lease."""

import random
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from sms_service.domain.pace import busy_for, is_tight, may_go, rest_after_bulk
from sms_service.domain.words import Lane, LineId, ProgramId
from sms_service.services.desk import Desk
from sms_service.services.hand_over import Taken
from sms_service.services.permit import permit
from sms_service.store.dispatch import Put, Ready, heads, lease, put, waiting_programs
from sms_service.store.marks import read_mark
from sms_service.store.programs import Program, all_programs
from sms_service.store.rates import (
    LineRate,
    keep_rates,
    keep_resting,
    line_rates,
    lines_in_danger,
    resting_until,
)


@dataclass(slots=True)
class LinePace:
    """One line while messages of one lane are claimed: until when it is busy, and until when closed to bulk."""

    line: LineRate
    lane: Lane
    now: datetime
    free_at: datetime
    closed_until: datetime | None = None
    in_danger: bool = False

    def admits(self, segments: int = 1) -> bool:
        """Whether one message more may be handed over now."""
        if self.in_danger or (self.closed_until and self.now < self.closed_until):
            return False
        return may_go(self.lane, self.line.rate, segments, (self.free_at - self.now).total_seconds())

    def take(self, segments: int) -> None:
        """Counts a message that will be handed over."""
        start, rate = max(self.now, self.free_at), self.line.rate
        self.free_at = start + timedelta(seconds=busy_for(self.lane, rate, segments))
        if self.lane == "bulk" and is_tight(rate):
            self.closed_until = start + timedelta(seconds=rest_after_bulk(rate, segments))


def claim(desk: Desk, lane: Lane, now: datetime, most: int) -> list[Taken]:
    """Leases up to `most` messages that may go now, some of each program; none of a lane that is on hold."""
    with desk.db.read() as conn:
        waiting = waiting_programs(conn, lane, now)
        if not waiting or lane in held_lanes(read_mark(conn, "hold")):
            return []
    taken: list[Taken] = []
    with desk.db.write() as conn:
        programs = chosen(all_programs(conn), waiting, most)
        for left, program in zip(range(len(programs), 0, -1), programs, strict=True):
            taken += claim_of(conn, program, lane, now, -(-(most - len(taken)) // left))
    return taken


def chosen(programs: Iterable[Program], waiting: set[ProgramId], most: int) -> list[Program]:
    """Whose turn it is; always in one order, so that two claimers never wait for each other in a ring."""
    found = [program for program in programs if program.id in waiting]
    if len(found) > most:
        found = random.sample(found, most)
    return sorted(found, key=lambda program: program.id)


def held_lanes(mark: str | None) -> set[str]:
    """The lanes an operator has put on hold; a crisis is never held."""
    return set((mark or "").split(",")) - {"", "urgent"}


def claim_of(conn: Connection, program: Program, lane: Lane, now: datetime, most: int) -> list[Taken]:
    """Leases what may go of one program, and keeps the books of its lines."""
    paces = paces_of(conn, program.id, lane, now)
    free = [line_id for line_id, pace in paces.items() if pace.admits()]
    taken = within_rate(sifted(conn, program, lane, free, now, most), paces)
    lease(conn, (one.ready for one in taken), now)
    used = {one.ready.line_id: paces[one.ready.line_id] for one in taken}
    keep_rates(conn, program.id, {line_id: pace.free_at for line_id, pace in used.items()})
    keep_resting(conn, {line_id: pace.closed_until for line_id, pace in used.items() if pace.closed_until})
    return taken


def paces_of(conn: Connection, program_id: ProgramId, lane: Lane, now: datetime) -> dict[LineId, LinePace]:
    """The lines of a program as they are for this lane."""
    paces = {line.id: LinePace(line, lane, now, line.next_free_at) for line in line_rates(conn, program_id).values()}
    tight = [pace for pace in paces.values() if is_tight(pace.line.rate)]
    if lane in ("scheduled", "bulk") and tight:
        in_danger = lines_in_danger(conn, program_id, now)
        for pace in tight:
            pace.in_danger = pace.line.id in in_danger
            pace.closed_until = resting_until(conn, pace.line.id) if lane == "bulk" else None
    return paces


def sifted(conn: Connection, program: Program, lane: Lane, free: list[LineId], now: datetime, most: int) -> list[Ready]:
    """The heads that may go; those that must not are ended, so that what stands behind them is not kept waiting."""
    allowed: list[Ready] = []
    while not allowed and (ready := heads(conn, program.id, lane, free, now, most)):
        allowed, ended = sift(ready, program, now)
        put(conn, ended)
    return allowed


def sift(ready: list[Ready], program: Program, now: datetime) -> tuple[list[Ready], list[Put]]:
    """Which may go, and what becomes of the others."""
    allowed: list[Ready] = []
    ended: list[Put] = []
    for message in ready:
        verdict = permit(message, program, now)
        if verdict.state == "send":
            allowed.append(message)
            continue
        settled_at = None if verdict.state == "due" else now
        due_at = verdict.due_at or message.due_at
        ended.append(Put(message.program_id, message.id, "due", verdict.state, due_at, settled_at))
    return allowed, ended


def within_rate(ready: Iterable[Ready], paces: dict[LineId, LinePace]) -> list[Taken]:
    """As many as each line may be handed now."""
    taken: list[Taken] = []
    for message in ready:
        pace = paces[message.line_id]
        if pace.admits(message.segments):
            pace.take(message.segments)
            taken.append(Taken(message, pace.line.number))
    return taken
