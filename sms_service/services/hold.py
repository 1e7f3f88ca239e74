"""Puts lanes of sending on hold and releases them. Crisis replies and pages are never held (DESIGN.md §3)."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection

from sms_service.domain.words import LANES, Lane
from sms_service.store import audit
from sms_service.store.condition import waiting
from sms_service.store.database import Database
from sms_service.store.marks import read_mark, set_mark
from sms_service.store.programs import all_programs

MARK = "hold"
HOLDABLE: tuple[Lane, ...] = tuple(lane for lane in LANES if lane != "urgent")
ACTOR = "operator"


def held(conn: Connection) -> tuple[Lane, ...]:
    """The lanes on hold, most urgent first."""
    named = set((read_mark(conn, MARK) or "").split(","))
    return tuple(lane for lane in HOLDABLE if lane in named)


def hold(db: Database, lanes: Iterable[Lane], now: datetime) -> tuple[Lane, ...]:
    """From now on nothing of exactly these lanes goes out; what is with Twilio already does. ValueError: urgent."""
    wanted = set(lanes)
    if not wanted or not wanted <= set(HOLDABLE):
        raise ValueError(f"what can be held is {', '.join(HOLDABLE)}")
    chosen = tuple(lane for lane in HOLDABLE if lane in wanted)
    with db.write() as conn:
        set_mark(conn, MARK, ",".join(chosen))
        _note(conn, "hold", chosen, now)
    return chosen


def release(db: Database, now: datetime) -> tuple[tuple[Lane, ...], dict[Lane, int]]:
    """Sends again: the lanes that were held, and how many messages of them are due now."""
    with db.write() as conn:
        were = held(conn)
        set_mark(conn, MARK, "")
        if were:
            _note(conn, "release", were, now)
        due = waiting(conn, now)
    return were, {lane: due.get(lane, 0) for lane in were}


def _note(conn: Connection, act: str, lanes: tuple[Lane, ...], now: datetime) -> None:
    for program in all_programs(conn):
        audit.note(conn, program.id, ACTOR, act, f"lanes:{','.join(lanes)}", now)
