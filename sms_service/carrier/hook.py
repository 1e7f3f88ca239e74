"""Addresses an operator gave us to call: where alerts go, who waits for our heartbeat."""

import socket
import ssl
from datetime import datetime
from typing import Any

import requests

CONNECT_S, READ_S = 3.0, 10.0


def call(url: str, body: dict[str, Any] | None = None) -> str:
    """One call: POST with a JSON body, else GET. Empty when it was taken, else why not, without the address."""
    try:
        answer = requests.request(
            "GET" if body is None else "POST", url, json=body, timeout=(CONNECT_S, READ_S), allow_redirects=False
        )
    except requests.RequestException as error:
        return type(error).__name__
    return "" if answer.ok and not answer.is_redirect else f"http {answer.status_code}"


def certificate_days(host: str, port: int, now: datetime) -> int:
    """For how many days the certificate that this host shows is still good. OSError: none, or not a trusted one."""
    context = ssl.create_default_context()
    plain = socket.create_connection((host, port), CONNECT_S)
    with plain, context.wrap_socket(plain, server_hostname=host) as sealed:
        shown = sealed.getpeercert() or {}
    ends = ssl.cert_time_to_seconds(str(shown["notAfter"]))
    return int((ends - now.timestamp()) // 86400)
