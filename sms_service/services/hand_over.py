"""One message to the carrier, and the connections a process has for that."""

import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from types import TracebackType
from typing import Protocol, Self

from sms_service import clock
from sms_service.carrier.outcomes import Outcome, Unsure
from sms_service.domain.words import Lane
from sms_service.store.dispatch import Ready

log = logging.getLogger(__name__)
VALIDITY = timedelta(hours=2)
CONNECTIONS = 32
"""Connections to Twilio that a worker has unless it is told otherwise."""
SPARE = 4
"""Connections more, which only danger uses: they are free when Twilio lets all the others hang."""


class Sender(Protocol):
    """What hands a text over: the carrier."""

    def send_sms(self, to: str, from_: str, body: str, status_callback: str, validity_s: int) -> Outcome:
        """One try."""
        ...


@dataclass(frozen=True, slots=True)
class Taken:
    """One claimed message and the number it leaves by."""

    ready: Ready
    from_number: str


def hand_over(carrier: Sender, one: Taken, callback_base: str) -> Outcome:
    """One try of one message; never raises: a bug met on the way leaves us unsure."""
    message = one.ready
    worth = min(message.expires_at - clock.now(), VALIDITY)
    try:
        return carrier.send_sms(
            to=message.number,
            from_=one.from_number,
            body=message.body,
            status_callback=f"{callback_base}/webhooks/sms/status/{message.id}",
            validity_s=max(60, int(worth.total_seconds())),
        )
    except Exception as error:
        log.exception("a message could not be handed over", extra={"outbox": message.id})
        return Unsure(type(error).__name__)


class Connections:
    """The threads that talk to Twilio: `size` for all lanes and a few more for danger alone.

    For each connection one message more is claimed than is being sent, so that no connection waits for the database,
    and no message waits longer for a connection than one call takes.
    """

    def __init__(self, size: int = CONNECTIONS) -> None:
        self.size = size
        self._all = ThreadPoolExecutor(size, "send")
        self._danger = ThreadPoolExecutor(SPARE, "danger")
        self._held = {self._all: 0, self._danger: 0}
        self._left_behind = 0
        self._freed = threading.Condition()

    def __enter__(self) -> Self:
        """Use it in a `with`."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Waits until everything under way has been answered and recorded."""
        self._all.shutdown()
        self._danger.shutdown()

    def room(self, lane: Lane) -> int:
        """How many messages of this lane may be claimed now."""
        free = 2 * (self.size - self._left_behind) - (self._held[self._all] - self._left_behind)
        spare = SPARE - self._held[self._danger] if lane == "urgent" else 0
        return max(0, free) + max(0, spare)

    def wait_for_room(self, lane: Lane, seconds: float) -> bool:
        """Waits so long at most; whether there is room."""
        with self._freed:
            return self._freed.wait_for(lambda: self.room(lane) > 0, seconds)

    def submit(self, lane: Lane, act: Callable[[], Outcome]) -> "Future[Outcome]":
        """Sends on the next free connection."""
        crowded = self._held[self._all] >= self.size and self._held[self._danger] < SPARE
        pool = self._danger if lane == "urgent" and crowded else self._all
        with self._freed:
            self._held[pool] += 1
        future = pool.submit(act)
        future.add_done_callback(lambda _: self._free(pool))
        return future

    def leave_behind(self, future: "Future[Outcome]", act: Callable[[Outcome], None]) -> None:
        """Nobody waits for this one any more: `act` is done with its outcome, on its own connection."""
        with self._freed:
            self._left_behind += 1
        if future.done():
            self.beside(lambda: self._come_home(future, act))
        else:
            future.add_done_callback(lambda done: self._come_home(done, act))

    def beside(self, act: Callable[[], None]) -> None:
        """Does this on a connection's thread; nobody waits for it."""
        self._all.submit(act)

    def _come_home(self, done: "Future[Outcome]", act: Callable[[Outcome], None]) -> None:
        try:
            act(done.result())
        finally:
            with self._freed:
                self._left_behind -= 1
                self._freed.notify_all()

    def _free(self, pool: ThreadPoolExecutor) -> None:
        with self._freed:
            self._held[pool] -= 1
            self._freed.notify_all()
