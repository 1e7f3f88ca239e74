"""What reached Twilio while we were away: fetched from its list and fed through the same door."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol

from sms_service.carrier.twilio import CarrierError
from sms_service.services.desk import Desk
from sms_service.services.receive import InboundText, receive
from sms_service.store.database import AWAY
from sms_service.store.doubt import read_past
from sms_service.store.inbounds import known_sids
from sms_service.store.marks import read_mark, set_mark

log = logging.getLogger(__name__)
EVERY = timedelta(minutes=1)
"""Five would do for a start; a text whose webhook died with its process, and a list that failed, wait no longer."""
OVERLAP = timedelta(minutes=10)
FIRST = timedelta(hours=24)
MARK = "caught_up_at"


class Listing(Protocol):
    """Twilio's list."""

    def list_sms(
        self, since: datetime, direction: Any, *, to: str | None = None, from_: str | None = None
    ) -> Sequence[Any]:
        """Texts since then."""
        ...


def catch_up(desk: Desk, carrier: Listing, now: datetime) -> int:
    """Feeds what was not heard yet, oldest first; how many. Texts of the last few seconds are left to their webhook.

    A line that can't be listed keeps no other from being fed; its CarrierError comes at the end, the mark stays.
    """
    with desk.db.read() as conn:
        mark = read_mark(conn, MARK)
        lines = desk.lines.all(conn, now)
        past = read_past(conn)
    known = datetime.fromisoformat(mark) if mark else now - FIRST
    since = max(known - OVERLAP, now - FIRST)
    if past and (mark is None or known < past.restored_at):
        since = past.made_at - OVERLAP  # what members wrote since the backup, however old that is
    fed, unfed, failed = 0, [now], None
    for line in lines:
        try:
            texts = _missed(desk, carrier, line.number, since, now)
        except CarrierError as error:
            failed = failed or error
            continue
        for text in texts:
            if _feed(desk, text, now):
                fed += 1
            else:
                unfed.append(text.at)
    if fed:
        log.warning("texts caught up", extra={"count": fed})
    if failed is not None:
        raise failed
    with desk.db.write() as conn:
        set_mark(conn, MARK, min(unfed).isoformat())
    return fed


def _missed(desk: Desk, carrier: Listing, number: str, since: datetime, now: datetime) -> list[InboundText]:
    """What Twilio heard on this line and we did not."""
    listed = [sms for sms in carrier.list_sms(since, "inbound", to=number) if now - sms.at > timedelta(seconds=20)]
    with desk.db.read() as conn:
        known = known_sids(conn, [sms.sid for sms in listed])
    return [
        InboundText(sms.sid, sms.from_, sms.to, sms.body, sms.at, sms.num_media)
        for sms in listed
        if sms.sid not in known
    ]


def _feed(desk: Desk, text: InboundText, now: datetime) -> bool:
    """One that cannot be taken must not keep the later ones out; a database that is away keeps all for next time."""
    try:
        receive(desk, text, now)
    except AWAY:
        raise
    except Exception as error:  # noqa: BLE001  # whatever it is, it is this text's alone
        log.error("a text could not be caught up", extra={"sid": text.sid, "error": type(error).__name__})  # noqa: TRY400  # a traceback could carry words
        return False
    return True
