"""The heartbeat: HEARTBEAT_URL is called each minute, but only while wakes fire and rows can be claimed.

A wake of its own, due each minute, proves that wakes fire even when none else is due. A claim that finds nothing
counts; one that raises does not.
"""

from datetime import datetime, timedelta

from sms_service.carrier.hook import call
from sms_service.services.desk import Desk, Work
from sms_service.services.lease import claim_of
from sms_service.store.marks import read_mark, set_mark
from sms_service.store.programs import Program, all_programs
from sms_service.store.wakes import Wake, kinds_due, set_wakes

KIND = "heartbeat"
EVERY = timedelta(minutes=1)
MISSED = timedelta(minutes=2, seconds=30)
"""No wake fired for so long: no heartbeat."""
FIRED = "beat:wake"
_ALWAYS = timedelta(days=3650)


def beat(desk: Desk, url: str, now: datetime) -> str:
    """Calls the address when all is well; empty when it was called, else why not."""
    wind(desk, now)
    with desk.db.read() as conn:
        fired = read_mark(conn, FIRED)
    if fired is None or abs(now - datetime.fromisoformat(fired)) > MISSED:
        return "no wake fired"
    with desk.db.write() as conn:
        for program in all_programs(conn):
            claim_of(conn, program, "scheduled", now, 0)  # all that a claim does, but for taking a row
    return call(url)


def wind(desk: Desk, now: datetime) -> None:
    """Sets the probe where there is none: at the first start, or when somebody deleted it."""
    with desk.db.read() as conn:
        program = next(iter(all_programs(conn)), None)
        if program is None or kinds_due(conn, program.id, [f"{KIND}:0"], now + _ALWAYS):
            return
    with desk.db.write() as conn:
        set_wakes(conn, [Wake(program.id, f"{KIND}:0", KIND, 0, 0, now)])


def fired(work: Work, program: Program, wake: Wake) -> None:
    """The probe rang: that is noted, and it is set again."""
    set_mark(work.conn, FIRED, work.now.isoformat())
    work.wake(program.id, "heartbeat", 0, work.now + EVERY)
