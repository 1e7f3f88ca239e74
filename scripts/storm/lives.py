"""Members' lives: moods, menus, ideas, helplines, coming and going; every text is one whose reply can be replayed."""

from datetime import datetime

from sms_service.flows.registry import FLOWS
from sms_service.flows.steps import Ask
from storm.books import Books
from storm.crowd import Crowd, Life, Phone
from storm.ledger import Owed
from storm.model import BeyondModelError, Replay

OPENERS = ("MOOD {n}", "MOOD {n}", "MOOD", "MOOD", "MENU", "MENU", "IDEA", "MORE", "HELPLINE", "HELP")
LISTENED = {("check_in", "mood"): ("5", "6", "7", "8", "9", "10"), ("join", "hour"): ("9am", "10 am", "8:30am")}
AFTER_ARRIVAL = 12.0
"""Seconds until a prompt that nobody asked for is answered: sooner, and both may have crossed."""


class Lives:
    """What members do, apart from needing somebody."""

    def __init__(self, crowd: Crowd, books: Books, think: float) -> None:
        self._crowd, self._books, self._think = crowd, books, think
        self._dice = crowd.dice

    def speak(self, phone: Phone, body: str) -> list[Owed]:
        """One text sent; what is owed for it."""
        self._crowd.text(phone, body)
        reply = phone.replay.hear(body, self._now())
        return [self._crowd.owe(phone, words, urgent=reply.urgent) for words in reply.bodies]

    def chat(self, phone: Phone) -> Life:
        """One conversation from its keyword to its end."""
        kind = self._dice.random()
        if kind < 0.05:
            yield from self._leave_and_return(phone)
        elif kind < 0.15:
            yield from self._two_at_once(phone)
        else:
            opener = self._fitting(phone.replay, [one.format(n=self._dice.randrange(5, 11)) for one in OPENERS])
            yield from self._say_and_wait(phone, opener)
            yield from self.answer(phone)

    def answer(self, phone: Phone) -> Life:
        """Answers what is asked until nothing is."""
        while phone.replay.place is not None:
            yield self.pause()
            step = FLOWS[phone.replay.place.flow].steps[phone.replay.place.step]
            at = (phone.replay.place.flow, phone.replay.place.step)
            words = [answer.key for answer in step.answers] if isinstance(step, Ask) else list(LISTENED[at])
            yield from self._say_and_wait(phone, self._fitting(phone.replay, words))

    def join(self, phone: Phone) -> Life:
        """Somebody nobody knows joins."""
        yield from self._say_and_wait(phone, "JOIN HOPE")
        yield from self.answer(phone)

    def prompted(self, phone: Phone, owed: Owed) -> Life:
        """Waits for the check-in of the hour, then answers it."""
        yield lambda: owed.arrived_at is not None
        yield AFTER_ARRIVAL
        yield from self.answer(phone)

    def _say_and_wait(self, phone: Phone, body: str) -> Life:
        yield phone.may_text
        owed = self.speak(phone, body)
        yield lambda: all(one.arrived_at is not None for one in owed)

    def _two_at_once(self, phone: Phone) -> Life:
        """Two texts in one breath, each with a reply that needs no answer."""
        yield phone.may_text
        mood = self._fitting(phone.replay, ["MOOD 10", "MOOD 9", "MOOD 8"])
        owed = [*self.speak(phone, mood), *self.speak(phone, "HELP")]
        yield lambda: all(one.arrived_at is not None for one in owed)

    def _leave_and_return(self, phone: Phone) -> Life:
        """STOP is answered by Twilio, a wording by us; the next text waits until it was heard."""
        yield phone.may_text
        if self._dice.random() < 0.5:
            yield from self._say_and_wait(phone, "stop texting me")
        else:
            sid = self._crowd.text(phone, "STOP")
            phone.replay.hear("STOP", self._now())
            while not self._books.heard([sid]):
                yield 2.0
        yield self.pause()
        yield from self._say_and_wait(phone, "START")

    def _fitting(self, replay: Replay, words: list[str]) -> str:
        """One of these that can be replayed and brings nobody into need."""
        self._dice.shuffle(words)
        for one in words:
            try:
                _, reply = replay.tried(one, self._now())
            except BeyondModelError:
                continue
            if reply.opens is None:
                return one
        return "HELP"

    def pause(self) -> float:
        """Seconds somebody thinks before the next text."""
        return min(self._dice.expovariate(1 / self._think), 4 * self._think)

    def chance(self, share: float) -> bool:
        """True in that share of calls."""
        return self._dice.random() < share

    def _now(self) -> datetime:
        return self._crowd.stage.now()
