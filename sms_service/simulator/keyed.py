"""Runs slow jobs in a few threads: those of one key in order, those of different keys side by side."""

import logging
import time
from collections import deque
from collections.abc import Callable
from queue import SimpleQueue
from threading import Event, Lock, Thread

log = logging.getLogger(__name__)


class KeyedPool:
    """No job starts while `flowing` is clear. Threads are started when they are needed."""

    def __init__(self, name: str, threads: int, flowing: Event) -> None:
        self._name = name
        self._most = threads
        self._waiting: dict[str, deque[Callable[[], object]]] = {}
        self._ready: SimpleQueue[str | None] = SimpleQueue()
        self._lock = Lock()
        self._flowing = flowing
        self._stopped = False
        self._threads: list[Thread] = []

    def submit(self, key: str, job: Callable[[], object]) -> None:
        """Returns at once."""
        with self._lock:
            jobs = self._waiting.get(key)
            if jobs is not None:
                jobs.append(job)
                return
            self._waiting[key] = deque([job])
            if len(self._threads) < min(self._most, len(self._waiting)):
                self._start_one()
        self._ready.put(key)

    def stop(self) -> None:
        """Waiting jobs are dropped; the running ones together get a second to end."""
        with self._lock:
            self._stopped = True
            threads = list(self._threads)
        for _ in threads:
            self._ready.put(None)
        deadline = time.monotonic() + 1
        for thread in threads:
            thread.join(max(0.0, deadline - time.monotonic()))

    def _start_one(self) -> None:
        name = f"simulator-{self._name}-{len(self._threads)}"
        thread = Thread(target=self._run, name=name, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _run(self) -> None:
        while (key := self._ready.get()) is not None:
            self._flowing.wait()
            if self._stopped:
                return
            try:
                self._waiting[key][0]()
            except Exception:
                log.exception("a background job failed")
            self._done(key)

    def _done(self, key: str) -> None:
        with self._lock:
            jobs = self._waiting[key]
            jobs.popleft()
            if not jobs:
                del self._waiting[key]
                return
        self._ready.put(key)
