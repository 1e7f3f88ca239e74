"""Checks that ask Twilio (`doctor --live`): the account, the clock, each line's addresses, who else answers there."""

import ssl
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Protocol
from urllib.parse import urldefrag, urlsplit

from sms_service import clock
from sms_service.carrier.hook import call, certificate_days
from sms_service.carrier.twilio import Account, CarrierError, Direction, ListedSms, OwnNumber
from sms_service.services.diagnose_machine import ASTRAY_S
from sms_service.services.finding import Finding, fail, ok, warn
from sms_service.setting_types import LOOPBACK
from sms_service.settings import Settings
from sms_service.store.database import Database
from sms_service.store.inbounds import known_sids
from sms_service.store.programs import Line, Lines

AGAIN = "#rc=2&rp=5xx,ct,rt"
"""At the end of an address: try a failed connection, time-out or 5xx twice more before the fallback (TWILIO.md)."""
ANOTHER_HOST = (
    "put the fallback on another host, such as a TwiML Bin that names 988 and 911: docs/runbook.md, host is dead"
)
OTHER = "two installations must not share a number: end one, or run `PUBLIC_URL` of this one there"
TOKEN_CODES = frozenset({401, 403, 20003})
DAYS_LEFT = 14


class Asked(Protocol):
    """What is asked of Twilio."""

    def fetch_account(self) -> Account:
        """The account."""
        ...

    def their_time(self) -> datetime:
        """Its clock."""
        ...

    def list_numbers(self) -> list[OwnNumber]:
        """Its numbers."""
        ...

    def list_sms(self, since: datetime, direction: Direction, *, to: str | None = None) -> list[ListedSms]:
        """Its texts."""
        ...


def twilio(settings: Settings, carrier: Asked, db: Database, now: datetime) -> Iterator[Finding]:
    """Everything Twilio can tell us."""
    try:
        yield _account(carrier.fetch_account())
        yield from _clock(settings, carrier)
        numbers = {one.number: one for one in carrier.list_numbers()}
    except CarrierError as error:
        yield _refused(error)
        return
    with db.read() as conn:
        lines = Lines().all(conn, now)
    for line in lines:
        yield from _line(settings, line, numbers.get(line.number))
        try:
            yield from _strangers(settings, carrier, db, line, numbers.get(line.number), now)
        except CarrierError as error:
            yield _refused(error)


def _account(account: Account) -> Finding:
    if account.status == "active":
        return ok("twilio", f"account active ({account.type})")
    return fail("twilio", f"the account is {account.status}", "see Twilio's console: nothing is sent till then")


def _refused(error: CarrierError) -> Finding:
    if error.code in TOKEN_CODES:
        return fail("twilio", f"refuses our account or token ({error.code})", "set TWILIO_AUTH_TOKEN anew")
    return fail("twilio", str(error), "is the network up? See status.twilio.com")


def _clock(settings: Settings, carrier: Asked) -> Iterator[Finding]:
    if settings.test_clock is not None:
        return
    astray = round((clock.now() - carrier.their_time()).total_seconds())
    if abs(astray) > ASTRAY_S:
        yield fail("clock", f"{astray:+d} s from Twilio's clock", "set this machine's clock by NTP")
    else:
        yield ok("clock", f"{astray:+d} s from Twilio's")


def _line(settings: Settings, line: Line, number: OwnNumber | None) -> Iterator[Finding]:
    name = _name(line)
    if number is None:
        yield fail("line", f"{name} is not a number of this Twilio account", "buy or move it, or use its account")
        return
    if number.by_application:
        do = "take the TwiML application off the number, or give it these addresses"
        yield fail("line", f"{name}: a TwiML application decides where its texts go, not the number", do)
    base = settings.public_url
    for what, url, path in (("texts", number.sms_url, "/webhooks/sms"), ("calls", number.voice_url, "/webhooks/voice")):
        yield _address(name, what, url, base + path)
    for what, url, path in (
        ("texts", number.sms_fallback_url, "/webhooks/sms/fallback"),
        ("calls", number.voice_fallback_url, "/webhooks/voice/fallback"),
    ):
        yield _fallback(settings, name, what, url, base + path)


def _address(name: str, what: str, url: str, ours: str) -> Finding:
    if not url:
        return fail("line", f"{name}: Twilio has no address for {what}", f"set it to {ours}{AGAIN}")
    bare, fragment = urldefrag(url)
    if bare.rstrip("/") != ours:
        where = urlsplit(bare).hostname or "another address"
        if bare.startswith(ours.rpartition("/webhooks/")[0] + "/"):
            return fail("line", f"{name}: {what} go to a wrong path here", f"set the address to {ours}{AGAIN}")
        return fail("line", f"{name}: {what} go to {where}, not here: another installation answers them", OTHER)
    if not fragment:
        return warn("line", f"{name}: {what} come here, but a failed try is not repeated", f"set it to {ours}{AGAIN}")
    return ok("line", f"{name}: {what} come here")


def _fallback(settings: Settings, name: str, what: str, url: str, ours: str) -> Finding:
    if not url:
        do = f"set it; {ours} is the least, {ANOTHER_HOST}"
        return fail("line", f"{name}: no fallback for {what}: when we are away people hear an error", do)
    if urlsplit(url).hostname == urlsplit(ours).hostname and not settings.local_twilio:
        return warn("line", f"{name}: the fallback for {what} is on this host and dies with it", ANOTHER_HOST)
    if urlsplit(url).hostname == urlsplit(ours).hostname and urldefrag(url)[0] != ours:
        return fail("line", f"{name}: the fallback for {what} is a wrong path here", f"set it to {ours}")
    return ok("line", f"{name}: fallback for {what} set")


def _strangers(
    settings: Settings, carrier: Asked, db: Database, line: Line, number: OwnNumber | None, now: datetime
) -> Iterator[Finding]:
    """Texts at Twilio of the last hour that we never heard: somebody else hears them, or nobody."""
    listed = carrier.list_sms(now - timedelta(hours=1), "inbound", to=line.number)
    old = [one.sid for one in listed if now - one.at > timedelta(minutes=1)]
    with db.read() as conn:
        unknown = len(set(old) - known_sids(conn, old))
    if not unknown:
        return
    what = f"{_name(line)}: {unknown} text(s) of the last hour are at Twilio and not here"
    ours = f"{settings.public_url}/webhooks/sms"
    if number is not None and urldefrag(number.sms_url)[0].rstrip("/") == ours:
        yield warn("line", what, "the ticker fetches them within two minutes: is it running?")
    else:
        yield fail("line", f"{what}: another installation hears them", OTHER)


def our_address(settings: Settings) -> Iterator[Finding]:
    """Does PUBLIC_URL answer, and how long is its certificate good?"""
    parts = urlsplit(settings.public_url)
    why = call(f"{settings.public_url}/healthz")
    if why:
        do = "renew the certificate" if why == "SSLError" else "is the web running, and does the proxy pass it on?"
        yield fail("address", f"PUBLIC_URL does not answer ({why})", do)
        return
    if parts.scheme != "https" or parts.hostname in LOOPBACK or parts.hostname is None:
        yield ok("address", "PUBLIC_URL answers")
        return
    try:
        days = certificate_days(parts.hostname, parts.port or 443, clock.now())
    except (OSError, ssl.SSLError) as error:
        yield fail("address", f"the certificate could not be read ({type(error).__name__})", "renew it")
        return
    if days < DAYS_LEFT:
        yield warn("address", f"PUBLIC_URL answers; its certificate ends in {days} days", "renew it")
    else:
        yield ok("address", f"PUBLIC_URL answers; its certificate is good for {days} days")


def _name(line: Line) -> str:
    return f"{line.program.slug}, line {line.id}"
