"""A local Twilio on a free port, a small service that receives its webhooks, and the real client."""

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import requests
from flask import Flask, Response, request
from twilio.http.http_client import TwilioHttpClient  # type: ignore[import-untyped]
from twilio.http.response import Response as TwilioResponse  # type: ignore[import-untyped]
from twilio.rest import Client  # type: ignore[import-untyped]
from werkzeug.serving import make_server

from sms_service.simulator import Config
from sms_service.simulator.server import LocalTwilio

ACCOUNT = "AC" + "0123456789abcdef" * 2
TOKEN = "a token of the tests"
LINE = "+12025550100"
MEMBER = "+12025550121"
TWILIO_DATA = Path(__file__).parents[2].parent / "shared" / "twilio"


def until(true: Callable[[], bool], seconds: float = 5.0) -> None:
    """Wait for something that happens in the background."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.005)


def reference(name: str) -> Any:
    """Twilio's own data, or a skip that says where it was looked for."""
    path = TWILIO_DATA / name
    if not path.is_file():
        pytest.skip(f"{path} is absent")
    return json.loads(path.read_text(encoding="utf-8"))


@dataclass
class Hit:
    """One webhook as the service got it."""

    path: str
    method: str
    form: dict[str, str]
    headers: dict[str, str]
    url: str


@dataclass
class Service:
    """Receives webhooks; `answers` says what each path replies (TwiML, a status, or both)."""

    hits: list[Hit] = field(default_factory=list)
    answers: dict[str, Any] = field(default_factory=dict)
    url: str = ""

    def receive(self, path: str) -> Response:
        headers = dict(request.headers)
        self.hits.append(Hit(f"/{path}", request.method, request.form.to_dict(), headers, request.url))
        answer = self.answers.get(f"/{path}", "<Response/>")
        if callable(answer):
            answer = answer()
        if isinstance(answer, Response):
            return answer
        if isinstance(answer, int):
            return Response(status=answer)
        return Response(answer, content_type="text/xml")

    def to(self, path: str) -> list[Hit]:
        """What came to one path, in order."""
        return [hit for hit in self.hits if hit.path == path]

    def wait(self, path: str, count: int = 1, seconds: float = 5.0) -> list[Hit]:
        """Until so many have come to one path."""
        until(lambda: len(self.to(path)) >= count, seconds)
        return self.to(path)


class LocalClient(TwilioHttpClient):  # type: ignore[misc]
    """Sends what is meant for api.twilio.com to the local Twilio."""

    def __init__(self, base: str) -> None:
        super().__init__(timeout=5)
        self._base = base

    def request(self, method: str, url: str, **rest: Any) -> TwilioResponse:
        assert url.startswith("https://api.twilio.com")
        moved = self._base + url.removeprefix("https://api.twilio.com")
        return super().request(method, moved, **rest)


@dataclass
class Handset:
    """What a test does from outside, over HTTP."""

    url: str

    def text(self, body: str, sender: str = MEMBER, **more: Any) -> str:
        """The sid of a text to the line."""
        answer = requests.post(
            f"{self.url}/sim/texts", json={"from": sender, "to": LINE, "body": body} | more, timeout=5
        )
        assert answer.status_code == 201, answer.text
        return str(answer.json()["sid"])

    def log(self, count: int = 0, after: int = 0, seconds: float = 5.0) -> list[dict[str, Any]]:
        """The log of truth, once it has at least `count` lines."""
        return self._lines("log", count, after, seconds)

    def noted(self, count: int = 0, after: int = 0) -> list[dict[str, Any]]:
        """The request log, once it has at least `count` lines."""
        return self._lines("requests", count, after, 5.0)

    def got(self, count: int, who: str = MEMBER) -> list[str]:
        """The first bodies that reached one handset, once there are so many."""

        def bodies() -> list[str]:
            return [entry["body"] for entry in self.log() if entry["handset"] == who and entry["state"] == "delivered"]

        until(lambda: len(bodies()) >= count)
        return bodies()

    def turn(self, **knobs: Any) -> requests.Response:
        """Turn knobs that exist."""
        answer = requests.put(f"{self.url}/sim/knobs", json=knobs, timeout=5)
        assert answer.ok, answer.text
        return answer

    def _lines(self, name: str, count: int, after: int, seconds: float) -> list[dict[str, Any]]:
        deadline = time.monotonic() + seconds
        while True:
            answer = requests.get(f"{self.url}/sim/{name}", params={"after": after}, timeout=5)
            lines = [json.loads(line) for line in answer.content.decode().split("\n") if line]
            if len(lines) >= count:
                return lines
            assert time.monotonic() < deadline, f"only {len(lines)} lines: {lines}"
            time.sleep(0.005)


@pytest.fixture(scope="session")
def receiving() -> Iterator[tuple[str, list[Service]]]:
    """The address of the receiving end, and whom it passes each webhook on to."""
    app, current = Flask("receiver"), list[Service]()

    def receive(path: str) -> Response:
        return current[-1].receive(path)

    app.add_url_rule("/<path:path>", view_func=receive, methods=["GET", "POST"])
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", current
    server.shutdown()
    thread.join()


@pytest.fixture
def service(receiving: tuple[str, list[Service]]) -> Service:
    """The receiving end of the webhooks, as if fresh."""
    url, current = receiving
    fresh = Service(url=url)
    current[:] = [fresh]
    return fresh


@pytest.fixture
def clock_file(tmp_path: Path) -> Path:
    """Where a test writes the offset of the simulated time."""
    return tmp_path / "offset"


@pytest.fixture
def local(service: Service, clock_file: Path) -> Iterator[LocalTwilio]:
    """A local Twilio that knows the service."""
    config = Config(ACCOUNT, TOKEN, port=0, webhook_base=service.url, clock_file=clock_file)
    with LocalTwilio(config) as running:
        yield running


@pytest.fixture
def handset(local: LocalTwilio) -> Handset:
    """Everything a test does over /sim."""
    return Handset(local.url)


@pytest.fixture
def twilio(local: LocalTwilio) -> Iterator[Client]:
    """The real twilio-python, pointed at the local Twilio."""
    http = LocalClient(local.url)
    yield Client(ACCOUNT, TOKEN, http_client=http)
    assert http.session is not None
    http.session.close()
