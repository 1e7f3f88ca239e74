"""Real worker processes and a Redis that a test may kill."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sms_service.up import redis_server
from tests.house import KEYS, House
from tests.jobs.conftest import Phones


@contextmanager
def worker(house: House, phones: Phones, redis_url: str, *words: str) -> Iterator["subprocess.Popen[bytes]"]:
    """`sms-service worker` on the house's database, at the house's moment, sending through the local Twilio."""
    clock = house.settings.home / "twilio-clock"
    given = {
        "SMS_SERVICE_HOME": str(house.settings.home), "DATABASE_URL": house.settings.database_url,
        "TWILIO_API_URL": phones.url, "SMS_SERVICE_TEST_CLOCK": str(clock),
    }  # fmt: skip
    log = house.settings.home / "worker.log"
    with log.open("ab") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "sms_service.cli", "worker", *words],
            env=os.environ | KEYS | given | {"REDIS_URL": redis_url}, stdout=out, stderr=out,
        )  # fmt: skip
    try:
        yield process
        assert process.poll() is None, log.read_text()
    finally:
        process.terminate()
        process.wait(20)


class MortalRedis:
    """A redis-server that a test may kill and start again on the same socket."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "mortal.sock"
        self.url = f"unix://{self.path}"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """An empty one."""
        server = redis_server.binary()
        assert server, "no redis-server"
        command = redis_server.command(server, self.path)
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        until(lambda: redis_server.answers(self.path))

    def kill(self) -> None:
        """Without a word."""
        if self._process:
            self._process.kill()
            self._process.wait()
        self._process = None


def until(true: Callable[[], bool], seconds: float = 20) -> None:
    """Waits for it; an error when it does not come."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it did not come"
        time.sleep(0.02)
