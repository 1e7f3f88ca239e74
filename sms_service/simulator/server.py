"""Runs the local Twilio: in a thread for tests, in the foreground for `sms-service simulator`."""

import signal
import sys
from threading import Event, Thread
from types import FrameType, TracebackType
from typing import Self

from sms_service.simulator.app import Parts, create_simulator
from sms_service.simulator.config import Config
from sms_service.simulator.http11 import Server


class LocalTwilio:
    """Listens and serves in the background from `start` (or `with`) to `stop`. OSError: the port is taken."""

    def __init__(self, config: Config) -> None:
        self._app = create_simulator(config)
        self.parts: Parts = self._app.extensions["simulator"]
        try:
            self._server = Server(config.host, config.port, self._app)
        except OSError:
            self.parts.stop()
            raise
        self.url = f"http://{config.host}:{self._server.port}"
        self._thread = Thread(target=self._server.serve_forever, args=(0.02,), name="simulator-http")

    def start(self) -> Self:
        """Answers from now on."""
        self._thread.start()
        return self

    def stop(self) -> None:
        """No new connections; what runs in the background ends."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
        self.parts.stop()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def run(config: Config) -> int:
    """Serve until SIGTERM or SIGINT; the exit code. A taken port is one sentence on stderr and 1."""
    try:
        local = LocalTwilio(config)
    except OSError as error:
        sys.stderr.write(
            f"The local Twilio cannot listen on {config.host}:{config.port} ({error.strerror or error}).\n"
        )
        return 1
    ended = Event()

    def end(_number: int, _frame: FrameType | None) -> None:
        ended.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)
    with local:
        sys.stdout.write(f"Local Twilio and phones: {local.url}/\n")
        sys.stdout.flush()
        ended.wait()
    return 0
