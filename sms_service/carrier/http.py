"""How twilio-python reaches Twilio or a local one: pooled, with time-outs, never to a host not meant."""

import logging
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from requests import ConnectionError as NoConnection
from requests import ConnectTimeout, RequestException, Session
from requests.adapters import HTTPAdapter
from requests.exceptions import InvalidSchema
from twilio.http.http_client import TwilioHttpClient  # type: ignore[import-untyped]
from twilio.http.response import Response  # type: ignore[import-untyped]
from urllib3.exceptions import MaxRetryError, NewConnectionError

from sms_service.carrier.outcomes import NotSent, Unsure
from sms_service.setting_types import LOOPBACK

CONNECT_S, READ_S = 3.0, 10.0
POOL = 16

for _name in ("twilio", "urllib3.connectionpool"):
    logging.getLogger(_name).setLevel(logging.ERROR)  # at INFO and DEBUG they print numbers


class Wire(TwilioHttpClient):  # type: ignore[misc]  # twilio ships no types
    """Sends every request to `origin` (scheme and host), whatever host twilio-python names.

    Unlike its parent it keeps nothing between calls, so threads may share it: the parent hands out its
    last answer, which may be another thread's. It follows no redirect and reaches no other origin.
    """

    def __init__(self, origin: str) -> None:
        super().__init__(pool_connections=False)
        self._origin = urlsplit(origin)
        self._session = Session()
        self._session.trust_env = self._origin.hostname not in LOOPBACK
        self._session.adapters.clear()
        self._session.mount(f"{origin}/", HTTPAdapter(pool_maxsize=POOL))

    def request(self, method: str, url: str, **given: Any) -> Response:
        """One HTTP exchange; RequestException when there is no answer."""
        named = urlsplit(url)
        meant = urlunsplit((self._origin.scheme, self._origin.netloc, named.path, named.query, ""))
        answer = self._session.request(
            method.upper(),
            meant,
            params=given.get("params"),
            data=given.get("data"),
            headers=given.get("headers"),
            auth=given.get("auth"),
            timeout=(CONNECT_S, READ_S),
            allow_redirects=False,
        )
        return Response(answer.status_code, answer.text, answer.headers)

    def close(self) -> None:
        """Give the connections back."""
        self._session.close()


def without_answer(error: RequestException) -> NotSent | Unsure:
    """What no answer means for a POST: only a connection that never came about is certainly not sent."""
    cause = error.args[0] if error.args else None
    never_connected = isinstance(cause, MaxRetryError) and isinstance(cause.reason, NewConnectionError)
    if isinstance(error, ConnectTimeout | InvalidSchema) or (isinstance(error, NoConnection) and never_connected):
        return NotSent(type(error).__name__)
    return Unsure(type(error).__name__)
