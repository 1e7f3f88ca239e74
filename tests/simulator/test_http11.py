"""The small HTTP server: connections that stay, and requests that are none."""

import socket
from concurrent.futures import ThreadPoolExecutor

import pytest

from sms_service.simulator.server import LocalTwilio
from tests.simulator.conftest import LINE, MEMBER, Handset

GET = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"


def _connect(local: LocalTwilio) -> socket.socket:
    host, port = local.url.removeprefix("http://").split(":")
    return socket.create_connection((host, int(port)), timeout=3)


def _ask(local: LocalTwilio, *requests: bytes) -> bytes:
    """Everything the server writes until it closes."""
    with _connect(local) as connection:
        for request in requests:
            connection.sendall(request)
        return b"".join(iter(lambda: connection.recv(65536), b""))


def test_one_connection_serves_many_requests_also_when_they_come_together(local: LocalTwilio) -> None:
    answer = _ask(local, GET * 3 + GET.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))
    assert answer.count(b"HTTP/1.1 200 OK") == 4
    assert answer.count(b"Connection: keep-alive") == 3


def test_an_old_client_is_answered_and_closed(local: LocalTwilio) -> None:
    answer = _ask(local, b"GET /healthz HTTP/1.0\r\n\r\n")
    assert b'{"status":"ok"}' in answer


def test_a_head_request_has_no_body(local: LocalTwilio) -> None:
    answer = _ask(local, b"HEAD /healthz HTTP/1.1\r\nConnection: close\r\n\r\n")
    assert answer.endswith(b"\r\n\r\n")


def test_a_body_announced_with_expect_is_waited_for(local: LocalTwilio, handset: Handset) -> None:
    body = f'{{"from": "{MEMBER}", "to": "{LINE}", "body": "hi"}}'.encode()
    head = (
        b"POST /sim/texts HTTP/1.1\r\nExpect: 100-continue\r\nConnection: close\r\n"
        b"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body)
    )
    assert _ask(local, head, body).startswith(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 201")
    assert handset.log(1)[0]["body"] == "hi"


@pytest.mark.parametrize(
    ("request_bytes", "status"),
    [
        (b"nonsense\r\n\r\n", b"400"),
        (b"GET / HTTP/1.1\r\nno colon\r\n\r\n", b"400"),
        (b"POST / HTTP/1.1\r\nContent-Length: x\r\n\r\n", b"400"),
        (b"POST / HTTP/1.1\r\nContent-Length: 99999999\r\n\r\n", b"413"),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", b"411"),
        (b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * 101 + b"\r\n", b"431"),
        (b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\n\r\n", b"431"),
    ],
)
def test_what_is_no_request_is_refused_and_the_server_lives_on(
    local: LocalTwilio, request_bytes: bytes, status: bytes
) -> None:
    host, port = local.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=3) as connection:
        connection.sendall(request_bytes)
        assert connection.recv(65536).startswith(b"HTTP/1.1 " + status)
    assert b"200 OK" in _ask(local, b"GET /healthz HTTP/1.0\r\n\r\n")


def test_a_client_that_goes_away_in_mid_request_disturbs_nobody(local: LocalTwilio) -> None:
    with _connect(local) as connection:
        connection.sendall(b"POST /sim/texts HTTP/1.1\r\nContent-Length: 50\r\n\r\n{")
    assert b"200 OK" in _ask(local, b"GET /healthz HTTP/1.0\r\n\r\n")


def test_many_connections_are_served_side_by_side(local: LocalTwilio) -> None:
    idle = [_connect(local) for _ in range(100)]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: _ask(local, b"GET /healthz HTTP/1.0\r\n\r\n"), range(40)))
    for connection in idle:
        connection.close()
    assert all(b"200 OK" in answer for answer in answers)
