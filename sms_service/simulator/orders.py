"""Reads a POST to Messages: what Twilio would take, and the error for what it would not."""

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from sms_service.simulator.errors import ApiError
from sms_service.simulator.exchange import Exchange
from sms_service.simulator.messages import Filter, Message
from sms_service.simulator.outbound import new_sid
from sms_service.simulator.segments import segments

_E164 = re.compile(r"\+[1-9][0-9]{6,14}")
_MASKS = str.maketrans("", "", " ()-.")
_MAGIC_FROM = {"+15005550001": 21212, "+15005550007": 21606, "+15005550008": 21611}
_MAGIC_TO = {
    "+15005550001": 21211,
    "+15005550002": 21612,
    "+15005550003": 21408,
    "+15005550004": 21610,
    "+15005550009": 21614,
}
_MAGIC_LINE = "+15005550006"
_LONGEST_BODY = 1600
_LONGEST_VALIDITY_S = 36_000


def read_order(form: Mapping[str, str], media: list[str], exchange: Exchange) -> Message:
    """The message, not yet queued. ApiError with Twilio's code; test numbers act as Twilio's do."""
    to = _recipient(form.get("To", ""))
    service_sid = form.get("MessagingServiceSid") or None
    line = _sender(form.get("From", ""), service_sid, to, exchange)
    body = form.get("Body", "")
    if not body and not media:
        raise ApiError(21602)
    if len(body) > _LONGEST_BODY:
        raise ApiError(21617)
    if (line, to) in exchange.opt_outs:
        raise ApiError(21610)
    return Message(
        sid=new_sid("MM" if media else "SM"),
        direction="outbound-api",
        line=line,
        handset=to,
        body=body,
        created_at=exchange.now(),
        segments=segments(body),
        status="accepted" if service_sid else "queued",
        media=tuple(media),
        service_sid=service_sid,
        status_callback=_callback(form.get("StatusCallback", "")),
        validity_s=_validity(form.get("ValidityPeriod")),
    )


def _recipient(given: str) -> str:
    if not given:
        raise ApiError(21604)
    to = given.translate(_MASKS)
    if to.isdecimal() and len(to) == 10:
        to = f"+1{to}"
    if not _E164.fullmatch(to):
        raise ApiError(21211, to=given)
    if to in _MAGIC_TO:
        raise ApiError(_MAGIC_TO[to], to=to)
    return to


def _sender(given: str, service_sid: str | None, to: str, exchange: Exchange) -> str:
    """A messaging service stays with the line the handset was last in touch with."""
    if not given and not service_sid:
        raise ApiError(21603)
    if not given:
        return _sticky(to, exchange)
    line = given.translate(_MASKS)
    if line in _MAGIC_FROM:
        raise ApiError(_MAGIC_FROM[line], sender=line)
    if line == to:
        raise ApiError(21266, to=to)
    if line not in exchange.lines and line != _MAGIC_LINE:
        raise ApiError(21606, sender=given)
    return line


def _sticky(to: str, exchange: Exchange) -> str:
    for wanted in (Filter(sender=to), Filter(to=to)):
        found, _ = exchange.messages.page(wanted, 1)
        if found and found[0].line in exchange.lines:
            return found[0].line
    return next(iter(exchange.lines))


def _callback(url: str) -> str:
    if not url:
        return ""
    try:
        parts = urlsplit(url)
    except ValueError:
        raise ApiError(21609) from None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ApiError(21609)
    return url


def _validity(given: str | None) -> int:
    if given is None:
        return _LONGEST_VALIDITY_S
    if not given.isdecimal() or not 1 <= int(given) <= _LONGEST_VALIDITY_S:
        raise ApiError(21624)
    return int(given)
