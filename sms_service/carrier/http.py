"""How twilio-python reaches Twilio or a local one: pooled, with time-outs, never to a host not meant.

twilio-python builds the order and reads the answer; what lies between is urllib3 itself, which costs a third of the
CPU of a `requests` session. What such a session takes from the environment (proxy, certificates) counts here too.
"""

import logging
from typing import Any, TypeAlias
from urllib.parse import urlencode, urlsplit

from requests import Session
from requests.utils import DEFAULT_CA_BUNDLE_PATH, select_proxy
from twilio.http import HttpClient  # type: ignore[import-untyped]
from twilio.http.response import Response  # type: ignore[import-untyped]
from urllib3 import HTTPConnectionPool, PoolManager, ProxyManager, Timeout, make_headers
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError

from sms_service.carrier.outcomes import NotSent, Unsure
from sms_service.setting_types import LOOPBACK

CONNECT_S, READ_S = 3.0, 10.0
POOL = 16
NoAnswer: TypeAlias = HTTPError
"""What a call raises when no answer came."""

for _name in ("twilio", "urllib3.connectionpool"):
    logging.getLogger(_name).setLevel(logging.ERROR)  # at INFO and DEBUG they print numbers


class Wire(HttpClient):  # type: ignore[misc]  # twilio ships no types
    """Sends every request to `origin` (scheme and host), whatever host twilio-python names.

    It keeps nothing between calls but its connections, so threads may share it. It follows no redirect, tries
    nothing twice and reaches no other origin. `connections`: how many are kept open.
    """

    def __init__(self, origin: str, connections: int = POOL) -> None:
        super().__init__(logging.getLogger(__name__), is_async=False)
        self._pool = _pool(origin, connections)

    def request(self, method: str, url: str, **given: Any) -> Response:
        """One HTTP exchange; NoAnswer when there is none."""
        named = urlsplit(url)
        asked = "&".join(filter(None, (named.query, urlencode(given.get("params") or {}, doseq=True))))
        signed = make_headers(basic_auth=":".join(given["auth"])) if given.get("auth") else {}
        answer = self._pool.urlopen(
            method.upper(),
            f"{named.path}?{asked}" if asked else named.path,
            body=urlencode(given["data"], doseq=True) if given.get("data") else None,
            headers={**(given.get("headers") or {}), **signed},
            redirect=False,
            retries=False,
        )
        return Response(answer.status, answer.data.decode("utf-8", "replace"), answer.headers)

    def close(self) -> None:
        """Give the connections back."""
        self._pool.close()


def _pool(origin: str, connections: int) -> HTTPConnectionPool:
    given: dict[str, Any] = {"maxsize": connections, "timeout": Timeout(connect=CONNECT_S, read=READ_S)}
    if urlsplit(origin).hostname in LOOPBACK:
        return PoolManager(**given).connection_from_url(origin)
    with Session() as session:
        surroundings = session.merge_environment_settings(origin, {}, None, None, None)
    named = surroundings["verify"]
    given |= {"cert_reqs": "CERT_REQUIRED", "ca_certs": named if isinstance(named, str) else DEFAULT_CA_BUNDLE_PATH}
    proxy = select_proxy(origin, surroundings["proxies"])
    return (ProxyManager(proxy, **given) if proxy else PoolManager(**given)).connection_from_url(origin)


def without_answer(error: NoAnswer) -> NotSent | Unsure:
    """What no answer means for a POST: only a connection that never came about is certainly not sent."""
    if isinstance(error, ConnectTimeoutError | NewConnectionError):
        return NotSent(type(error).__name__)
    return Unsure(type(error).__name__)
