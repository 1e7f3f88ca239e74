"""One turn being worked out: the walk from step to step, the words said and the orders given on it."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TypeAlias, assert_never

from sms_service.flows import derive
from sms_service.flows.effects import Begin, Do, Effect, Escalate, Json, Refer, Save, Say, WakeAt
from sms_service.flows.facts import Facts
from sms_service.flows.place import Place
from sms_service.flows.steps import (
    Ask,
    DoWith,
    End,
    Flow,
    Fork,
    Keep,
    Listen,
    Notice,
    Order,
    ReferTo,
    Step,
    Tell,
)
from sms_service.flows.texts import fields_in, key_of

MAX_HOPS = 24
"""Steps walked through in one turn."""

Trace: TypeAlias = list[str] | None
"""Where a caller wants the steps passed (`flow.step`) written down: tests, `trace`."""


class Turn:
    """The effects so far. `unheard` turns come from silence: they speak only where it is safe to write."""

    def __init__(
        self, facts: Facts, now: datetime, flows: Mapping[str, Flow], trace: Trace, *, unheard: bool = False
    ) -> None:
        self.facts, self.now, self.flows, self.trace = facts, now, flows, trace
        self.mute = unheard and facts.safe != "free"
        self.effects: tuple[Effect, ...] = ()

    def walk(self, place: Place | None) -> Place | None:
        """On from this place until a question waits; None when the conversation is over."""
        for _hop in range(MAX_HOPS):
            if place is None:
                return None
            step = self.flows[place.flow].steps[place.step]
            if self.trace is not None:
                self.trace.append(f"{place.flow}.{place.step}")
            if isinstance(step, Ask | Listen):
                return self.asked(place, step)
            place = self.passed(place, step)
        self.closed()
        return None

    def asked(self, place: Place, step: Ask | Listen) -> Place:
        """The question put, its silence clock wound."""
        self.order(place, step.first)
        self.say(place, step, "say")
        if isinstance(step, Ask) and step.also:
            self.say(place, step, "also")
        self.effects += (WakeAt(step.silence.wait),)
        return place

    def passed(self, place: Place, step: Fork | Tell | End) -> Place | None:
        """One step that waits for nothing."""
        match step:
            case Fork():
                return place.at(derive.branch(step, self.facts, place.slots, self.now))
            case Tell():
                self.order(place, step.effects)
                self.say(place, step, "say")
                return place.at(step.goto)
            case End():
                self.order(place, step.effects)
                self.say(place, step, "say")
                return self._begun(place, step.effects)
        assert_never(step)

    def say(self, place: Place, step: Step, part: str) -> None:
        """The words of one part of a step, with the values of their placeholders."""
        key = key_of(place.flow, place.step, step, part)
        if key is None or self.mute:
            return
        names = fields_in(step, part)
        self.effects += (Say(key, {name: self._shown(place, name) for name in names}),)

    def order(self, place: Place, orders: Iterable[Order]) -> None:
        """The orders given, their values filled in."""
        for order in orders:
            match order:
                case Begin():
                    pass
                case Keep(name, of):
                    self.effects += (Save(name, self._value(place, of)),)
                case DoWith(what, of):
                    self.effects += (Do(what, self._value(place, of)),)
                case ReferTo(of):
                    self.effects += self._referred(place, of)
                case Say() | Save() | WakeAt() | Escalate() | Refer() | Do():
                    self.effects += (order,)
                case _:
                    assert_never(order)

    def closed(self) -> None:
        """A limit was reached: kind last words."""
        if not self.mute:
            self.effects += (Say(f"notice.{CLOSING.name}.say"),)

    def _begun(self, place: Place, effects: Iterable[Order]) -> Place | None:
        for effect in effects:
            if isinstance(effect, Begin):
                flow = self.flows[effect.flow]
                return Place(flow.name, flow.start, flow.version, dict(effect.slots), turns=place.turns)
        return None

    def _value(self, place: Place, name: str) -> Json:
        return derive.value(name, self.facts, place.slots, self.now)

    def _shown(self, place: Place, name: str) -> str:
        value = self._value(place, name)
        return "" if value is None else str(value)

    def _referred(self, place: Place, of: str) -> tuple[Effect, ...]:
        ids = tuple(str(self._value(place, of) or "").split())
        return (Refer(ids),) if ids else ()


CLOSING = Notice("closing")
