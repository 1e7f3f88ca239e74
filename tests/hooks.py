"""An address that an operator gave us: takes calls on loopback, remembers them, answers as it is told."""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest


@dataclass
class Hook:
    """What was called: the JSON of each POST, and how many GETs. It hangs while `hangs` is set."""

    url: str = ""
    status: int = 200
    got: list[dict[str, Any]] = field(default_factory=list)
    gets: int = 0
    hangs: threading.Event = field(default_factory=threading.Event)
    over: threading.Event = field(default_factory=threading.Event)

    def said(self) -> list[tuple[str, str]]:
        """Kind and state of each alert."""
        return [(one["kind"], one["state"]) for one in self.got]


class _Handler(BaseHTTPRequestHandler):
    hook: Hook

    def do_GET(self) -> None:
        self.hook.gets += 1
        self._answer()

    def do_POST(self) -> None:
        self.hook.got.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self._answer()

    def _answer(self) -> None:
        if self.hook.hangs.is_set():
            self.hook.over.wait(8)
        self.send_response(self.hook.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the parent's name
        """Say nothing."""


@pytest.fixture
def hook() -> Iterator[Hook]:
    """A listening address."""
    one = Hook()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"hook": one}))
    server.daemon_threads = True
    one.url = f"http://127.0.0.1:{server.server_port}/"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield one
    one.over.set()
    server.shutdown()
    thread.join()
    server.server_close()
