"""The ticker: a small loop that fires what is due and sweeps what was left. Harmless in two copies."""

import logging
import signal
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import partial

from sms_service import clock
from sms_service.carrier.twilio import TwilioCarrier
from sms_service.domain.words import Lane
from sms_service.services.catch_up import EVERY, catch_up
from sms_service.services.deliver import drain
from sms_service.services.desk import Desk
from sms_service.services.hand_over import Connections
from sms_service.services.settle import sweep_leases, sweep_unsure
from sms_service.services.upkeep import Upkeep
from sms_service.services.wake import fire_due
from sms_service.store.dispatch import waiting_lanes

log = logging.getLogger(__name__)
BEAT = 1.0  # seconds
CONNECTIONS = 8
"""Connections to Twilio while Redis is away."""
ALONE: tuple[Lane, ...] = ("urgent", "reply")
"""What the ticker sends itself while Redis is away."""
SWEEP = timedelta(seconds=2)


def run(desk: Desk, carrier: TwilioCarrier, upkeep: Upkeep | None = None) -> None:
    """Ticks until it is told to stop."""
    over = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: over.set())
    ticker = Ticker(desk, carrier, upkeep)
    while not over.is_set():
        more = ticker.tick(clock.now())
        over.wait(0 if more else BEAT)


class Ticker:
    """The loop's memory: when each slower duty was last done."""

    def __init__(self, desk: Desk, carrier: TwilioCarrier, upkeep: Upkeep | None = None) -> None:
        self._upkeep = upkeep
        self._desk = desk
        self._carrier = carrier
        self._connections = Connections(CONNECTIONS)
        self._beside = ThreadPoolExecutor(4, "beside")
        self._going_on: dict[str, Future[None]] = {}
        self._done: dict[str, datetime] = {}

    def tick(self, now: datetime) -> bool:
        """One beat; a duty that fails is logged and tried again next time. True: more may be due already."""
        if self._upkeep:
            self._upkeep.beat(now)
        rang: list[int] = []
        self._attempt("wakes", lambda: rang.append(fire_due(self._desk, now)))
        self._attempt("bell", lambda: self._ring(now))
        if self._is_time("sweep", now, SWEEP):
            self._attempt("leases", lambda: sweep_leases(self._desk, now))
            self._go_beside("unsure", lambda: sweep_unsure(self._desk, self._carrier, now))
        if self._is_time("catch_up", now, EVERY):
            self._go_beside("catch_up", lambda: catch_up(self._desk, self._carrier, now))
        return any(rang)

    def _ring(self, now: datetime) -> None:
        """Rings lanes with rows due; while Redis is away, works the two that cannot wait off itself."""
        with self._desk.db.read() as conn:
            lanes = waiting_lanes(conn, now)
        if not self._desk.bell.ring(lanes):
            for lane in ALONE:
                if lane in lanes:
                    self._go_beside(lane, partial(drain, self._desk, self._carrier, self._connections, lane))

    def _go_beside(self, duty: str, act: Callable[[], object]) -> None:
        """A duty that waits for Twilio goes on beside the beat: slow answers must not hold a ladder up."""
        if duty not in self._going_on or self._going_on[duty].done():
            self._going_on[duty] = self._beside.submit(self._attempt, duty, act)

    def settle_down(self) -> None:
        """Waits until what is asked of Twilio is answered."""
        for going_on in tuple(self._going_on.values()):
            going_on.result()

    def _is_time(self, duty: str, now: datetime, every: timedelta) -> bool:
        last = self._done.get(duty)
        if last is not None and timedelta(0) <= now - last < every:
            return False
        self._done[duty] = now
        return True

    def _attempt(self, duty: str, act: Callable[[], object]) -> None:
        failed: Exception | None = None
        try:
            act()
        except Exception as error:  # noqa: BLE001  # a bug in one duty must not stop the others
            failed = error
            log.error(  # noqa: TRY400  # a traceback could carry words
                "a duty of the ticker failed", extra={"duty": duty, "error": type(error).__name__}
            )
        if self._upkeep:
            self._upkeep.attempted(duty, failed, clock.now())
