"""The ticker: a small loop that fires what is due and sweeps what was left. Harmless in two copies."""

import logging
import signal
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime, timedelta

from sms_service import clock
from sms_service.carrier.twilio import TwilioCarrier
from sms_service.services.catch_up import EVERY, catch_up
from sms_service.services.deliver import BATCH, drain
from sms_service.services.desk import Desk
from sms_service.services.settle import sweep_leases, sweep_unsure
from sms_service.services.wake import fire_due
from sms_service.store.dispatch import waiting_lanes

log = logging.getLogger(__name__)
BEAT = 1.0  # seconds
SWEEP = timedelta(seconds=2)


def run(desk: Desk, carrier: TwilioCarrier) -> None:
    """Ticks until it is told to stop."""
    over = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: over.set())
    ticker = Ticker(desk, carrier)
    while not over.is_set():
        ticker.tick(clock.now())
        over.wait(BEAT)


class Ticker:
    """The loop's memory: when each slower duty was last done."""

    def __init__(self, desk: Desk, carrier: TwilioCarrier) -> None:
        self._desk = desk
        self._carrier = carrier
        self._pool = ThreadPoolExecutor(BATCH, "tick")
        self._beside = ThreadPoolExecutor(2, "ask")
        self._asking: dict[str, Future[None]] = {}
        self._done: dict[str, datetime] = {}

    def tick(self, now: datetime) -> None:
        """One beat; a duty that fails is logged and tried again next time."""
        self._attempt("wakes", lambda: fire_due(self._desk, now))
        self._attempt("bell", lambda: self._ring(now))
        if self._is_time("sweep", now, SWEEP):
            self._attempt("leases", lambda: sweep_leases(self._desk, now))
            self._ask_twilio("unsure", lambda: sweep_unsure(self._desk, self._carrier, now))
        if self._is_time("catch_up", now, EVERY):
            self._ask_twilio("catch_up", lambda: catch_up(self._desk, self._carrier, now))

    def _ring(self, now: datetime) -> None:
        """Rings lanes with rows due; while Redis is away, works the two that cannot wait off itself."""
        with self._desk.db.read() as conn:
            lanes = waiting_lanes(conn, now)
        if self._desk.bell.ring(lanes):
            return
        for lane in ("urgent", "reply"):
            if lane in lanes:
                drain(self._desk, self._carrier, self._pool, lane)

    def _ask_twilio(self, duty: str, act: Callable[[], object]) -> None:
        """A duty that waits for Twilio goes on beside the beat: a slow list must not hold a ladder up."""
        if duty not in self._asking or self._asking[duty].done():
            self._asking[duty] = self._beside.submit(self._attempt, duty, act)

    def settle_down(self) -> None:
        """Waits until what is asked of Twilio is answered."""
        for asked in tuple(self._asking.values()):
            asked.result()

    def _is_time(self, duty: str, now: datetime, every: timedelta) -> bool:
        last = self._done.get(duty)
        if last is not None and timedelta(0) <= now - last < every:
            return False
        self._done[duty] = now
        return True

    def _attempt(self, duty: str, act: Callable[[], object]) -> None:
        try:
            act()
        except Exception as error:  # noqa: BLE001  # a bug in one duty must not stop the others
            log.error(  # noqa: TRY400  # a traceback could carry words
                "a duty of the ticker failed", extra={"duty": duty, "error": type(error).__name__}
            )
