"""Looks the whole installation over, one finding a line. Without `live` nothing asks Twilio."""

from collections.abc import Callable, Iterator
from datetime import datetime

from sqlalchemy.exc import SQLAlchemyError

from sms_service.carrier.twilio import TwilioCarrier
from sms_service.services import diagnose_load, diagnose_machine, diagnose_rows, diagnose_team, diagnose_twilio
from sms_service.services.finding import Finding, fail, warn
from sms_service.settings import Settings
from sms_service.store.database import Database
from sms_service.store.migrate import standing_of
from sms_service.store.open import open_database


def diagnose(settings: Settings, now: datetime, *, live: bool) -> Iterator[Finding]:
    """Every check, in the order in which to mend what they find."""
    yield from diagnose_machine.settings_fit(settings)
    yield from diagnose_machine.disk(settings)
    yield from diagnose_machine.redis(settings)
    db = open_database(settings, pool_size=2)
    try:
        yield from _with_database(settings, db, now, live=live)
    finally:
        db.close()


def _with_database(settings: Settings, db: Database, now: datetime, *, live: bool) -> Iterator[Finding]:
    try:
        with db.read() as conn:
            schema = standing_of(conn)
    except SQLAlchemyError as error:
        yield fail("database", f"cannot be reached ({type(error).__name__})", "start it, or mend DATABASE_URL")
        return
    yield diagnose_machine.schema(*schema)
    if schema[0] in ("none", "older"):
        return
    checks: list[Callable[[], Iterator[Finding]]] = [
        lambda: diagnose_machine.writable(db),
        lambda: diagnose_machine.clocks(settings, db, now),
        lambda: diagnose_rows.on_hold(db),
        lambda: diagnose_rows.sealed(db),
        lambda: diagnose_rows.outbox(db, now),
        lambda: diagnose_rows.heartbeats(settings, db, now),
        lambda: diagnose_rows.alarms(db, now),
        lambda: diagnose_team.teams(db, now, local=settings.local_twilio),
        lambda: diagnose_load.next_day(db, now),
    ]
    if live:
        carrier = TwilioCarrier(settings)
        checks.append(lambda: diagnose_twilio.twilio(settings, carrier, db, now))
        checks.append(lambda: diagnose_twilio.our_address(settings))
    for check in checks:
        try:
            yield from check()
        except SQLAlchemyError as error:
            yield fail("database", f"a check could not read it ({type(error).__name__})", "is it too busy, or damaged?")
    if not live:
        yield warn("twilio", "not asked: account, numbers and addresses are unchecked", "sms-service doctor --live")
