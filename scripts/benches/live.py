"""The whole service running as `sms-service up` runs it, with the local Twilio's log of what reached each handset."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.request import ProxyHandler, Request, build_opener

from scripts.benches.stage import Stage

_DIRECT = build_opener(ProxyHandler({}))
LINE = "+12025550100"


@dataclass(frozen=True, slots=True)
class Arrived:
    """One text on a handset."""

    handset: str
    body: str
    at: datetime


class Handsets:
    """What reached the handsets, read from the local Twilio as it comes."""

    def __init__(self, simulator: str) -> None:
        self._simulator = simulator
        self._arrived: list[Arrived] = []
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._follow, daemon=True)
        self._thread.start()

    def all(self) -> list[Arrived]:
        """Everything so far, in the order of arrival."""
        return list(self._arrived)

    def stop(self) -> None:
        """Reads no further."""
        self._over.set()
        self._thread.join(5)

    def _follow(self) -> None:
        seen = 0
        while not self._over.is_set():
            lines = _get(f"{self._simulator}/sim/log?after={seen}").splitlines()
            for line in lines:
                entry: dict[str, Any] = json.loads(line)
                seen = entry["n"]
                if entry["direction"].startswith("outbound") and entry["state"] == "delivered":
                    at = datetime.fromisoformat(entry["at"])
                    self._arrived.append(Arrived(entry["handset"], entry["body"], at))
            time.sleep(0.5)


@contextmanager
def live(made: Stage, rate: float) -> Iterator[Handsets]:
    """Web, both workers, ticker and local Twilio, ready; the line passes `rate` segments a second."""
    process = made.part("up")
    log = made.home / "up.log"
    made.wait_for("the service", process, lambda: "is ready" in log.read_text("utf-8", "replace"))
    put(f"{made.simulator}/sim/knobs", {"rate": rate})
    handsets = Handsets(made.simulator)
    try:
        yield handsets
    finally:
        handsets.stop()


def put(url: str, what: dict[str, Any]) -> None:
    """PUT of JSON; an error when it is refused."""
    order = Request(url, json.dumps(what).encode(), {"Content-Type": "application/json"}, method="PUT")  # noqa: S310
    _DIRECT.open(order, timeout=10).close()


def _get(url: str) -> str:
    with _DIRECT.open(url, timeout=30) as answer:
        return str(answer.read().decode())
