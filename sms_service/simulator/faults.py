"""The door of the API: who may come in, and what goes wrong on purpose before and after."""

import hmac
from base64 import b64encode
from threading import Lock
from typing import Literal, TypeAlias

from sms_service.simulator.errors import ApiError
from sms_service.simulator.exchange import Exchange

AuthVerdict: TypeAlias = Literal["valid", "wrong", "missing"]


class NoAnswerError(Exception):
    """The request hangs and its connection is closed without an answer."""


class Door:
    """Each API request enters, may be spoilt when it leaves, and is counted while it is inside."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self._inside = 0
        self._lock = Lock()

    def verdict(self, authorization: str | None) -> AuthVerdict:
        """HTTP Basic with the account's sid and token."""
        if not authorization:
            return "missing"
        pair = f"{self._exchange.config.account_sid}:{self._exchange.auth_token}"
        expected = b"Basic " + b64encode(pair.encode())
        return "valid" if hmac.compare_digest(expected, authorization.encode()) else "wrong"

    def enter(self, authorization: str | None) -> None:
        """ApiError or NoAnswerError when the request comes to nothing. Call `leave` in any case."""
        knobs = self._exchange.knobs
        with self._lock:
            self._inside += 1
            crowded = 0 < knobs.api_concurrency < self._inside
        if knobs.answer_delay_ms:
            self._exchange.stopping.wait(knobs.answer_delay_ms / 1000)
        if knobs.outage:
            raise ApiError(20503)
        if self.verdict(authorization) != "valid":
            raise ApiError(20003)
        if crowded or self._exchange.chance(knobs.p_429):
            raise ApiError(20429)
        if self._exchange.chance(knobs.p_500):
            raise ApiError(20500)
        if self._exchange.chance(knobs.p_timeout_before):
            self._hang()

    def spoil(self, taken: str = "", peer: str = "") -> None:
        """After the work is done: ApiError or NoAnswerError when its answer is lost. `taken`: the new text's sid."""
        knobs = self._exchange.knobs
        if taken and self._exchange.chance(knobs.p_stop_after):
            at = self._exchange.now().isoformat(timespec="milliseconds")
            self._exchange.requests.append({"at": at, "kind": "stopped", "sid": taken, "peer": peer})
            self._hang()
        if self._exchange.chance(knobs.p_500_after):
            raise ApiError(20500)
        if self._exchange.chance(knobs.p_timeout_after):
            self._hang()

    def leave(self) -> None:
        """The request is over."""
        with self._lock:
            self._inside -= 1

    def _hang(self) -> None:
        self._exchange.stopping.wait(self._exchange.knobs.timeout_s)
        raise NoAnswerError
