"""Inbound texts and their status callbacks."""

from typing import get_args

from flask import Response, request

from sms_service import clock
from sms_service.domain.words import OutboxId
from sms_service.services.desk import Desk
from sms_service.services.receive import InboundText, OptOutType, receive
from sms_service.services.settle import hear_status
from sms_service.store.database import AWAY
from sms_service.webhooks.fallback import fallback
from sms_service.webhooks.twiml import empty

LAST_ID = 2**63 - 1
"""The greatest id a row can have; no row of ours comes near it."""


class Sms:
    """The views for texts."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def inbound(self) -> Response:
        """One text, kept and answered through the outbox; 503 when it could not be kept, so that Twilio falls back."""
        form = request.form
        sid, sender, line = form.get("MessageSid", ""), form.get("From", ""), form.get("To", "")
        if not (sid and sender and line):
            return _missing("MessageSid, From and To")
        kind = form.get("OptOutType", "")
        opt_out: OptOutType = kind if kind in get_args(OptOutType) else ""  # type: ignore[assignment]
        now = clock.now()
        text = InboundText(sid[:34], sender, line, form.get("Body", ""), now, _count(form.get("NumMedia")), opt_out)
        try:
            ours = receive(self._desk, text, now)
        except AWAY:
            return Response("The database is away.\n", 503, mimetype="text/plain")
        return empty() if ours else fallback("sms")

    def status(self, outbox_id: int) -> Response:
        """What became of one message."""
        form = request.form
        sid, status = form.get("MessageSid", ""), form.get("MessageStatus", "")
        if not (sid and status):
            return _missing("MessageSid and MessageStatus")
        code = _count(form.get("ErrorCode")) or None
        try:
            hear_status(self._desk, OutboxId(min(outbox_id, LAST_ID)), sid, status, code, clock.now())
        except AWAY:
            return Response("The database is away.\n", 503, mimetype="text/plain")
        return Response(status=204)


def _missing(what: str) -> Response:
    return Response(f"{what} are needed.\n", 400, mimetype="text/plain")


def _count(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 9 else 0
