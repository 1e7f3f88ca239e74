"""Checks of what the rows say: a hold, values no key opens, messages that wait, who was last at work."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from cryptography.fernet import InvalidToken

from sms_service.services.alert import PREFIX, Told
from sms_service.services.beat import FIRED, MISSED
from sms_service.services.finding import Finding, fail, ok, warn
from sms_service.services.hold import held
from sms_service.services.watch import TICKED
from sms_service.settings import Settings
from sms_service.store import condition
from sms_service.store.database import Database
from sms_service.store.marks import marks_under, read_mark
from sms_service.store.sealing import keyring

DAY = timedelta(hours=24)
SILENT = timedelta(seconds=60)
LATE = {"urgent": timedelta(seconds=60), "reply": timedelta(minutes=5)}
USUAL_LATE = timedelta(hours=1)


def on_hold(db: Database) -> Iterator[Finding]:
    """Has an operator stopped the sending?"""
    with db.read() as conn:
        lanes = held(conn)
    if lanes:
        answers = "; people get no answers" if "reply" in lanes else ""
        yield warn("hold", f"{', '.join(lanes)} on hold{answers}", "sms-service release, when you are ready")


def sealed(db: Database) -> Iterator[Finding]:
    """Do our keys open what is stored? A sample."""
    with db.read() as conn:
        values = condition.sealed_sample(conn)
    shut = sum(1 for value in values if not _opens(value))
    if shut:
        do = "put the older key back behind the first in DATA_KEYS: those people cannot be texted"
        yield fail("keys", f"{shut} of {len(values)} sealed values looked at open with no key", do)
    else:
        yield ok("keys", f"{len(values)} sealed values looked at, all open")


def _opens(value: str) -> bool:
    try:
        keyring().open(value)
    except (InvalidToken, ValueError):
        return False
    return True


def outbox(db: Database, now: datetime) -> Iterator[Finding]:
    """Does anything wait too long, and what became of the last day's messages?"""
    with db.read() as conn:
        owed, bad, lanes = condition.owed(conn), condition.ailing(conn, now - DAY), held(conn)
    late = [
        f"{one.lane} {_for(now - one.oldest)}"
        for one in owed
        if one.state == "due" and one.lane not in lanes and now - one.oldest > LATE.get(one.lane, USUAL_LATE)
    ]
    waiting = sum(one.count for one in owed if one.state == "due" and one.oldest <= now)
    if late:
        yield fail("outbox", f"messages wait too long: {', '.join(late)}", "are workers running?")
    else:
        yield ok("outbox", f"{waiting} messages due or owed later, none too late")
    if bad:
        told = ", ".join(f"{count} {state}" for state, count in sorted(bad.items()))
        yield warn("outbox", f"in the last 24 h: {told}", "Today in the console names the reasons")


def heartbeats(settings: Settings, db: Database, now: datetime) -> Iterator[Finding]:
    """When was a ticker last at work, and do wakes fire?"""
    with db.read() as conn:
        ticked, fired = read_mark(conn, TICKED), read_mark(conn, FIRED)
    if ticked is None:
        yield warn("ticker", "has never run on this database", "start the service")
        return
    ago = now - datetime.fromisoformat(ticked)
    if ago > SILENT:
        do = "start it (`sms-service ticker`): without it no check-in, ladder or catch-up happens"
        yield fail("ticker", f"last seen at work {_for(ago)} ago", do)
    else:
        yield ok("ticker", "at work")
    if settings.heartbeat_url and (fired is None or now - datetime.fromisoformat(fired) > MISSED):
        yield fail("wakes", "no wake has fired lately, so no heartbeat is sent", "look at the ticker's log")


def alarms(db: Database, now: datetime) -> Iterator[Finding]:
    """What the operator was told and is not mended."""
    with db.read() as conn:
        told = marks_under(conn, PREFIX)
    for mark in told.values():
        one = Told.from_mark(mark)
        yield warn("alert", f"{one.what} Since {_for(now - one.since)}", f"docs/runbook.md: {one.kind}")


def _for(time: timedelta) -> str:
    seconds = max(0, int(time.total_seconds()))
    for unit, length in (("d", 86400), ("h", 3600), ("min", 60)):
        if seconds >= 2 * length:
            return f"{seconds // length} {unit}"
    return f"{seconds} s"
