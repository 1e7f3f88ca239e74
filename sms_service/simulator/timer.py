"""Runs short jobs at their time, one after the other, in one thread."""

import heapq
import itertools
import logging
import time
from collections.abc import Callable
from threading import Condition, Thread

log = logging.getLogger(__name__)


class Timer:
    """Times are `time.monotonic()` seconds; equal times keep their order."""

    def __init__(self) -> None:
        self._heap: list[tuple[float, int, Callable[[], object]]] = []
        self._order = itertools.count()
        self._changed = Condition()
        self._stopped = False
        self._thread = Thread(target=self._run, name="simulator-timer", daemon=True)
        self._thread.start()

    def at(self, when: float, job: Callable[[], object]) -> None:
        """Run `job` at `when`, or at once when that is past."""
        with self._changed:
            heapq.heappush(self._heap, (when, next(self._order), job))
            if self._heap[0][2] is job:
                self._changed.notify()

    def after(self, seconds: float, job: Callable[[], object]) -> None:
        """Run `job` in so many seconds."""
        self.at(time.monotonic() + seconds, job)

    def stop(self) -> None:
        """What has not run yet never does."""
        with self._changed:
            self._stopped = True
            self._changed.notify()
        self._thread.join(2)

    def _run(self) -> None:
        while (job := self._next()) is not None:
            try:
                job()
            except Exception:
                log.exception("a timed job failed")

    def _next(self) -> Callable[[], object] | None:
        with self._changed:
            while not self._stopped:
                if not self._heap:
                    self._changed.wait()
                    continue
                left = self._heap[0][0] - time.monotonic()
                if left <= 0:
                    return heapq.heappop(self._heap)[2]
                self._changed.wait(left)
        return None
