"""Sends signed webhooks: 5 s to connect, 15 s to answer, one more try after a failed connection.

`#rc=2&rp=5xx,ct,rt&ct=2000&rt=5000` behind a URL changes that
(https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides).
"""

import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Literal, TypeAlias
from urllib.parse import parse_qs, urldefrag, urlencode, urljoin, urlsplit

from sms_service.simulator.exchange import Exchange
from sms_service.simulator.signature import check, sign

Purpose: TypeAlias = Literal["inbound", "fallback", "status"]

_LARGEST_ANSWER = 64 * 1024 + 1
_MOST_REDIRECTS = 5


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. `error` is Twilio's code (11200, 11205 …) or None for a 2xx."""

    status: int | None = None
    content_type: str = ""
    body: bytes = b""
    error: int | None = None
    location: str = ""
    trouble: Literal["", "ct", "rt", "4xx", "5xx"] = ""


@dataclass(frozen=True, slots=True)
class Patience:
    """Retries and time-outs in seconds of one webhook URL."""

    retries: int = 1
    after: frozenset[str] = frozenset({"ct"})
    connect: float = 5.0
    answer: float = 15.0

    @classmethod
    def of(cls, fragment: str) -> "Patience":
        """Values that cannot be read keep the default."""
        given = {key: values[0] for key, values in parse_qs(fragment).items()}
        reasons = frozenset(given.get("rp", "ct").split(","))
        return cls(
            retries=min(5, _whole(given.get("rc"), 1)),
            after=frozenset({"ct", "rt", "4xx", "5xx"}) if "all" in reasons else reasons,
            connect=min(10.0, _whole(given.get("ct"), 5000) / 1000),
            answer=min(15.0, _whole(given.get("rt"), 15000) / 1000),
        )


class Webhooks:
    """Signs with the account's token of the moment and notes each webhook in the request log."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange

    def send(
        self,
        purpose: Purpose,
        url: str,
        params: Mapping[str, str],
        *,
        sid: str,
        method: str = "POST",
        signature: str | None = None,
    ) -> Answer:
        """Never raises. `signature` replaces the genuine one ("missing": none is sent)."""
        address, fragment = urldefrag(url)
        patience = Patience.of(fragment)
        started = time.monotonic()
        attempts = 0
        while True:
            attempts += 1
            answer, verdict = self._attempt(address, params, sid, method, signature, patience)
            if answer.trouble not in patience.after or attempts > patience.retries:
                break
        entry = {
            "purpose": purpose,
            "method": method,
            "url": address,
            "params": sorted(params),
            "sid": sid,
            "message_status": params.get("MessageStatus"),
            "status": answer.status,
            "error_code": answer.error,
            "ms": round((time.monotonic() - started) * 1000, 1),
            "attempts": attempts,
            "signature": verdict,
        }
        at = self._exchange.now().isoformat(timespec="milliseconds")
        self._exchange.requests.append({"at": at, "kind": "webhook", **entry})
        return answer

    def _attempt(
        self,
        url: str,
        params: Mapping[str, str],
        sid: str,
        method: str,
        signature: str | None,
        patience: Patience,
    ) -> tuple[Answer, str]:
        """One try, following redirects as Twilio does: by GET, without the form."""
        form: Mapping[str, str] = params
        if method == "GET":
            url, form = f"{url}{'&' if '?' in url else '?'}{urlencode(params)}", {}
        verdict, answer = "", Answer(error=11200)
        for _ in range(_MOST_REDIRECTS):
            token = self._exchange.auth_token
            given = signature or sign(token, url, form)
            sent = None if given == "missing" else given
            verdict = verdict or check(token, url, form, sent)
            answer = _exchange_http(method, url, form, _headers(sent, url, sid, params), patience)
            if not answer.location:
                break
            url, form, method = urljoin(url, answer.location), {}, "GET"
        return answer, verdict


def _headers(signature: str | None, url: str, sid: str, params: Mapping[str, str]) -> dict[str, str]:
    """The idempotency token is equal for every copy of one webhook."""
    what = f"{sid} {params.get('MessageStatus', '')} {params.get('ErrorCode', '')} {urlsplit(url).path}"
    headers = {
        "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
        "User-Agent": "TwilioProxy/1.1",
        "Accept": "*/*",
        "Connection": "close",
        "I-Twilio-Idempotency-Token": str(uuid.uuid5(uuid.NAMESPACE_URL, what)),
    }
    return headers if signature is None else headers | {"X-Twilio-Signature": signature}


def _exchange_http(
    method: str, url: str, form: Mapping[str, str], headers: dict[str, str], patience: Patience
) -> Answer:
    """One HTTP request on a connection of its own, so that none is ever found half closed."""
    parts = urlsplit(url)
    try:
        kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        connection = kind(parts.hostname or "", parts.port, timeout=patience.connect)
    except (ValueError, HTTPException):
        return Answer(error=11100)
    try:
        try:
            connection.connect()
        except OSError:
            return Answer(error=11205, trouble="ct")
        try:
            connection.sock.settimeout(patience.answer)
            target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            body = urlencode(form).encode() if method == "POST" else None
            connection.request(method, target, body=body, headers=headers)
            response = connection.getresponse()
            content = response.read(_LARGEST_ANSWER)
        except (OSError, HTTPException):
            return Answer(error=11200, trouble="rt")
        return _judged(
            response.status,
            response.getheader("Content-Type", ""),
            content,
            response.getheader("Location", ""),
        )
    finally:
        connection.close()


def _judged(status: int, content_type: str, body: bytes, location: str) -> Answer:
    if 300 <= status < 400 and location:
        return Answer(status, content_type, body, 11200, location)
    if status >= 500:
        return Answer(status, content_type, body, 11200, trouble="5xx")
    if status >= 400:
        return Answer(status, content_type, body, 11200, trouble="4xx")
    return Answer(status, content_type, body, None if status < 300 else 11200)


def _whole(text: str | None, default: int) -> int:
    return int(text) if text and text.isdecimal() else default
