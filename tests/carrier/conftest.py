"""A scripted HTTP server on loopback, standing where Twilio's REST API stands."""

import json
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from sms_service.carrier.twilio import TwilioCarrier
from sms_service.settings import Settings, load_settings


@dataclass
class Asked:
    """One request as the server saw it."""

    method: str
    path: str
    query: dict[str, list[str]]
    form: dict[str, list[str]]
    authorization: str


@dataclass
class FarEnd:
    """Answers every request with `status` and `answer`, after `delay_s`; or drops the line."""

    url: str = ""
    status: int = 201
    answer: object = field(default_factory=lambda: {"sid": "SM1"})
    delay_s: float = 0.0
    drop: bool = False
    echo_body_as_sid: bool = False
    headers: dict[str, str] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    far: FarEnd

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def do_DELETE(self) -> None:
        self._serve()

    def _serve(self) -> None:
        words = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        parts = urlsplit(self.path)
        form = parse_qs(words, keep_blank_values=True)
        query = parse_qs(parts.query)
        self.far.asked.append(Asked(self.command, parts.path, query, form, self.headers.get("Authorization", "")))
        time.sleep(self.far.delay_s)
        if self.far.drop:
            self.connection.shutdown(socket.SHUT_RDWR)
            self.close_connection = True
            return
        answer = {"sid": form["Body"][0]} if self.far.echo_body_as_sid else self.far.answer
        raw = answer.encode() if isinstance(answer, str) else json.dumps(answer).encode()
        self.send_response(self.far.status)
        for name, value in self.far.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the parent's name
        """Say nothing."""


@pytest.fixture
def far() -> Iterator[FarEnd]:
    end = FarEnd()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"far": end}))
    server.daemon_threads = True
    end.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield end
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def settings(far: FarEnd, tmp_path: Path) -> Settings:
    return load_settings({"SMS_SERVICE_HOME": str(tmp_path), "TWILIO_API_URL": far.url}, tmp_path / ".env")


@pytest.fixture
def carrier(settings: Settings) -> TwilioCarrier:
    return TwilioCarrier(settings)
