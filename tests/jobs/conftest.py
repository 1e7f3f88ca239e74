"""A local Twilio that speaks real HTTP and stands at the house's moment, and the real carrier to it."""

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import requests

from sms_service.carrier.twilio import TwilioCarrier
from sms_service.simulator import Config
from sms_service.simulator.server import LocalTwilio
from tests.hooks import hook
from tests.house import LINE, House
from tests.servers import a_free_port

__all__ = ["hook", "phones", "silent_redis"]


@dataclass
class Phones:
    """The handsets of the local Twilio, over HTTP, and the carrier that reaches it."""

    url: str
    carrier: TwilioCarrier

    def got(self, number: str, how_many: int = 1) -> list[str]:
        """What has arrived at this handset, once it is so much; what there is after five seconds."""
        deadline = time.monotonic() + 5
        while True:
            found = [line["body"] for line in self.log() if line["handset"] == number and line["state"] == "delivered"]
            if len(found) >= how_many or time.monotonic() > deadline:
                return found
            time.sleep(0.01)

    def log(self) -> list[dict[str, Any]]:
        """The log of truth."""
        answer = requests.get(f"{self.url}/sim/log", timeout=5)
        return [json.loads(line) for line in answer.text.splitlines() if line]

    def text(self, sender: str, body: str) -> str:
        """Somebody texts while nobody of ours answers the webhook."""
        order = {"from": sender, "to": LINE, "body": body}
        answer = requests.post(f"{self.url}/sim/texts", json=order, timeout=5)
        answer.raise_for_status()
        return str(answer.json()["sid"])

    def turn(self, **knobs: Any) -> None:
        """Turns knobs of the local Twilio."""
        requests.put(f"{self.url}/sim/knobs", json=knobs, timeout=5).raise_for_status()


@pytest.fixture
def phones(house: House, tmp_path: Path) -> Iterator[Phones]:
    offset = tmp_path / "twilio-clock"
    offset.write_text(str((house.now - datetime.now(UTC)).total_seconds()))
    nobody = f"http://127.0.0.1:{a_free_port()}"
    config = Config(
        house.settings.twilio_account_sid, house.settings.twilio_auth_token, port=0, webhook_base=nobody,
        clock_file=offset,
    )  # fmt: skip
    house.desk = replace(house.desk, callback_base=nobody)
    with LocalTwilio(config) as local:
        yield Phones(local.url, TwilioCarrier(house.settings.model_copy(update={"twilio_api_url": local.url})))


class SilentRedis:
    """Takes connections and never answers."""

    def __init__(self) -> None:
        self.taken: list[socket.socket] = []
        self._over = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(0.05)
        self.url = f"redis://127.0.0.1:{self._listener.getsockname()[1]}/0"
        self._thread = threading.Thread(target=self._take)
        self._thread.start()

    def _take(self) -> None:
        while not self._over.is_set():
            with suppress(TimeoutError):
                self.taken.append(self._listener.accept()[0])

    def close(self) -> None:
        """Hangs up on everybody."""
        self._over.set()
        self._thread.join()
        for one in (*self.taken, self._listener):
            one.close()


@pytest.fixture
def silent_redis() -> Iterator[SilentRedis]:
    server = SilentRedis()
    yield server
    server.close()
