"""Checks of the machine and its servers: settings, disk, Redis, the schema, writing, the clocks."""

import os
import stat
from collections.abc import Iterator
from datetime import datetime
from urllib.parse import urlsplit

from sqlalchemy.exc import SQLAlchemyError

from sms_service.services.finding import Finding, fail, ok, warn
from sms_service.services.upkeep import folders_of
from sms_service.services.watch import LEAST_FREE, free_share
from sms_service.setting_types import LOOPBACK
from sms_service.settings import Settings, SettingsError
from sms_service.store.condition import database_time
from sms_service.store.database import Database
from sms_service.store.marks import read_mark, set_mark
from sms_service.store.migrate import head
from sms_service.store.queue_room import look

GETTING_FULL = 0.15
ASTRAY_S = 30


def settings_fit(settings: Settings) -> Iterator[Finding]:
    """Do the settings make sense together?"""
    yield ok("settings", f"{settings.env}, home {settings.home}, {'SQLite' if settings.on_sqlite else 'PostgreSQL'}")
    if not settings.local_twilio:
        yield from _public_address(settings)
        if settings.env != "production":
            yield warn("settings", "a real Twilio account with SMS_SERVICE_ENV=local", "set SMS_SERVICE_ENV=production")
    if settings.twilio_auth_token_previous:
        do = "remove TWILIO_AUTH_TOKEN_PREVIOUS once Twilio signs with the new token alone"
        yield warn("settings", "the previous Twilio token is still accepted", do)
    if not (settings.alert_url or settings.alert_phone):
        yield warn("alerts", "nobody is told when the service is unwell", "set ALERT_URL or ALERT_PHONE")
    if not settings.heartbeat_url:
        yield warn("alerts", "nobody notices when this machine is dead", "set HEARTBEAT_URL to a watcher's address")
    secrets = settings.home / "secrets.json"
    if secrets.exists() and stat.S_IMODE(secrets.stat().st_mode) & 0o077:
        yield fail("secrets", "secrets.json can be read by others", f"chmod 600 {secrets}")


def _public_address(settings: Settings) -> Iterator[Finding]:
    parts = urlsplit(settings.public_url)
    if parts.hostname in LOOPBACK:
        yield fail("settings", "PUBLIC_URL is this machine itself: Twilio cannot reach it", "set PUBLIC_URL")
    elif parts.scheme != "https":
        yield fail("settings", "PUBLIC_URL is not https: texts would cross the net in the clear", "set an https:// one")


def disk(settings: Settings) -> Iterator[Finding]:
    """Is there room, and may we write?"""
    for folder in dict.fromkeys(folders_of(settings)):
        share = free_share(folder)
        if not os.access(folder, os.W_OK):
            yield fail("disk", f"{folder} cannot be written", "mend its owner or mode, or mount it for writing")
        elif share < LEAST_FREE:
            yield fail("disk", f"{folder}: {share:.1%} free", "make room now: a full disk takes no texts")
        elif share < GETTING_FULL:
            yield warn("disk", f"{folder}: {share:.1%} free", "make room")
        else:
            yield ok("disk", f"{folder}: {share:.0%} free")


def redis(settings: Settings) -> Iterator[Finding]:
    """Is Redis there, is it ours alone, does a worker listen?"""
    try:
        room = look(settings.redis_url)
    except SettingsError as error:
        yield fail("redis", str(error).rstrip("."))
        return
    if room is None:
        do = "start it; meanwhile the ticker sends what is urgent and replies, the rest waits"
        yield fail("redis", "does not answer", do)
        return
    yield ok("redis", "answers")
    if room.strangers:
        do = "give the service a database of its own (redis://.../1): whoever empties this one silences its bell"
        yield warn("redis", f"{room.strangers} keys in the same Redis database are not ours", do)
    lanes = {lane for one in room.workers for lane in one.lanes}
    unheard = [lane for lane in ("urgent", "reply", "scheduled", "bulk") if lane not in lanes]
    if unheard:
        yield fail("workers", f"nobody works on {', '.join(unheard)}", "start `sms-service worker`")
    else:
        yield ok("workers", f"{len(room.workers)} at work, every lane covered")


def schema(standing: str, revision: str) -> Finding:
    """Does the database have the schema of this program?"""
    match standing:
        case "none":
            return fail("database", "is empty", "sms-service db upgrade")
        case "older":
            what = f"has schema {revision}, this program needs {head()}"
            return fail("database", what, "sms-service db upgrade")
        case "newer":
            what = f"has schema {revision}, newer than this program, which knows up to {head()}"
            do = "texting and reading go on; finish the upgrade before backup, restore or keys rotate"
            return warn("database", what, do)
        case _:
            return ok("database", f"schema {revision}")


def writable(db: Database) -> Iterator[Finding]:
    """Does it take a write?"""
    try:
        with db.write() as conn:
            set_mark(conn, "doctor", read_mark(conn, "doctor") or "was here")
    except (SQLAlchemyError, OSError) as error:
        yield fail("database", f"takes no write ({type(error).__name__})", "is the disk full, or is it read-only?")


def clocks(settings: Settings, db: Database, now: datetime) -> Iterator[Finding]:
    """Is this machine's clock the database's, and is it the real one?"""
    if settings.test_clock is not None:
        yield warn("clock", f"moved by the test clock {settings.test_clock}", "unset SMS_SERVICE_TEST_CLOCK")
        return
    with db.read() as conn:
        theirs = database_time(conn)
    astray = 0 if theirs is None else round((now - theirs).total_seconds())
    if abs(astray) > ASTRAY_S:
        yield fail("clock", f"{astray:+d} s from the database's clock", "set both machines by NTP")
    else:
        yield ok("clock", f"{now:%Y-%m-%d %H:%M:%S} UTC" + ("" if theirs is None else ", the database agrees"))
