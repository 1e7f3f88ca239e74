"""The queue of one sender: first in, first out, at its rate in segments per second."""

import time
from collections import deque
from collections.abc import Callable
from threading import Lock

from sms_service.simulator.messages import Message
from sms_service.simulator.timer import Timer


class SenderQueue:
    """`hand_over` is called in the timer's thread, one message at a time, never above the rate."""

    def __init__(self, timer: Timer, rate: Callable[[], float], hand_over: Callable[[Message], None]) -> None:
        self._timer = timer
        self._rate = rate
        self._hand_over = hand_over
        self._waiting: deque[Message] = deque()
        self._segments = 0
        self._free_at = 0.0
        self._pumping = False
        self._lock = Lock()

    @property
    def seconds_waiting(self) -> float:
        """How long the last one in will wait at today's rate."""
        return self._segments / self._rate()

    def put(self, message: Message) -> None:
        """Behind all that wait."""
        with self._lock:
            self._waiting.append(message)
            self._segments += message.segments
            if self._pumping:
                return
            self._pumping = True
            self._free_at = max(self._free_at, time.monotonic())
            start_at = self._free_at
        self._timer.at(start_at, self._pump)

    def _pump(self) -> None:
        while (message := self._next()) is not None:
            self._hand_over(message)

    def _next(self) -> Message | None:
        """The head when its time has come; otherwise None, and the pump is set for later."""
        with self._lock:
            if not self._waiting:
                self._pumping = False
                return None
            if self._free_at > time.monotonic():
                self._timer.at(self._free_at, self._pump)
                return None
            message = self._waiting.popleft()
            self._segments -= message.segments
            self._free_at += message.segments / self._rate()
            return message
