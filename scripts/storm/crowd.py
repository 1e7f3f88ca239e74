"""Everybody with a phone: each text is sent when the reply to the last one has reached its handset."""

import heapq
import itertools
import queue
import random
import threading
import time
from collections import deque
from collections.abc import Callable, Generator
from dataclasses import dataclass, field

import requests

from sms_service.webhooks.fallback import NOT_NOW
from storm.ledger import Ledger, Owed
from storm.model import Replay
from storm.stage import Stage

Wait = float | Callable[[], bool]
Life = Generator[Wait, None, None]
"""Somebody's doings; yields seconds to wait, or what must first be true."""
MANY_TEXTS, IN = 14, 300.0
"""Texts of one phone in so many seconds: more, and the service takes them for a machine's (21 in 5 minutes)."""


class OverError(Exception):
    """No more texts are sent."""


@dataclass(eq=False)
class Phone:
    """A handset, the name of its owner and when they texted lately."""

    number: str
    name: str
    replay: Replay = field(default_factory=Replay)
    texts: deque[float] = field(default_factory=deque)

    def may_text(self) -> bool:
        """Whether one text more is still a person's."""
        while self.texts and time.monotonic() - self.texts[0] > IN:
            self.texts.popleft()
        return len(self.texts) < MANY_TEXTS


class Crowd:
    """Runs the lives one step at a time in one thread and books what reaches each handset."""

    def __init__(self, stage: Stage, dice: random.Random) -> None:
        self.stage, self.dice = stage, dice
        self.ledger = Ledger()
        self.listeners: dict[str, Callable[[str, float], bool]] = {}
        self.phones: set[str] = set()
        self.over = False
        self.texts = self.fallbacks = 0
        self.undelivered: list[str] = []
        self.slow: list[float] = []
        self._heap: list[tuple[float, int, Life]] = []
        self._waiting: list[tuple[Callable[[], bool], Life]] = []
        self._order = itertools.count()
        self._arrived: queue.SimpleQueue[dict[str, str]] = queue.SimpleQueue()
        threading.Thread(target=self._listen, name="log of truth", daemon=True).start()

    def begin(self, life: Life, within: float = 0.0) -> None:
        """Somebody's life begins at a random moment of the next seconds."""
        heapq.heappush(self._heap, (time.monotonic() + self.dice.uniform(0, within), next(self._order), life))

    def text(self, phone: Phone, body: str) -> str:
        """Sends one text; its SID. OverError when no more are sent."""
        if self.over:
            raise OverError
        sid = self.stage.twilio.text(phone.number, body)
        self.texts += 1
        phone.texts.append(time.monotonic())
        return sid

    def owe(self, phone: Phone, body: str | Callable[[str], bool], *, urgent: bool = False, what: str = "") -> Owed:
        """This phone must get these words once."""
        return self.ledger.owe(phone.number, body, time.monotonic(), urgent=urgent, what=what)

    def step(self, seconds: float = 0.05) -> None:
        """What has arrived is booked, whoever's turn it is goes on."""
        with_until = time.monotonic() + seconds
        while (left := with_until - time.monotonic()) > 0:
            try:
                self._book(self._arrived.get(timeout=left))
            except queue.Empty:
                break
        self._go_on()

    def _go_on(self) -> None:
        now = time.monotonic()
        ready = [life for true, life in self._waiting if true()]
        self._waiting = [(true, life) for true, life in self._waiting if not true()] if ready else self._waiting
        while self._heap and self._heap[0][0] <= now:
            ready.append(heapq.heappop(self._heap)[2])
        for life in ready:
            self._live(life)

    def _live(self, life: Life) -> None:
        try:
            wait = next(life)
        except (StopIteration, OverError):
            return
        if callable(wait):
            self._waiting.append((wait, life))
        else:
            heapq.heappush(self._heap, (time.monotonic() + wait, next(self._order), life))

    def _book(self, line: dict[str, str]) -> None:
        if line["direction"] == "outbound-reply" and line["body"] == NOT_NOW:
            self.fallbacks += 1
        if line["direction"] != "outbound-api":
            return
        handset, body, now = line["handset"], line["body"], time.monotonic()
        if handset not in self.phones:
            return
        if line["state"] != "delivered":
            self.undelivered.append(f"{handset} {line['state']} {line['error_code']}")
            return
        listener = self.listeners.get(handset)
        if listener is not None and listener(body, now):
            return
        debt = self.ledger.got(handset, body, now)
        if debt is not None:
            self.slow.append(now - debt.since)

    def _listen(self) -> None:
        after = 0
        while True:
            try:
                for line in self.stage.twilio.lines("log", after, 2.0):
                    after = int(line["n"])
                    self._arrived.put(line)
            except requests.RequestException:
                if self.over:
                    return
                time.sleep(0.2)
