"""The conversation engine: a place and an event in, the next place and effects out; total and pure.

1. A place whose flow or step is gone maps by `renamed`, or its conversation ends at the menu.
2. What is heard is matched with the open question; what does not fit goes by `otherwise`, silence by
   `silence`.
3. From there the walk goes on through forks, words and other flows until a question waits or all is over.
4. Every limit (hops in a turn, turns in a conversation) ends the conversation with words; nothing is raised.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from sms_service.flows.effects import Effect, Json, Save, Say, WakeAt
from sms_service.flows.events import Began, Event, Heard, Pressed, Silence
from sms_service.flows.facts import Facts
from sms_service.flows.matching import Understood, understood
from sms_service.flows.place import Place
from sms_service.flows.registry import FLOWS
from sms_service.flows.steps import Again, Ask, Flow, Listen, Step, Waiting
from sms_service.flows.turn import Trace, Turn

__all__ = ["MAX_HEARD", "MAX_TURNS", "Place", "advance", "begin"]

MAX_TURNS = 24
"""Turns of one conversation, other flows it led to included."""
MAX_HEARD = 1600
"""Characters of a text that are looked at and kept: Twilio's own limit for one message."""

Outcome = tuple[Place | None, tuple[Effect, ...]]


def begin(
    flow_name: str,
    facts: Facts,
    now: datetime,
    *,
    slots: Mapping[str, Json] | None = None,
    step: str | None = None,
    heard: str | None = None,
    flows: Mapping[str, Flow] = FLOWS,
    trace: Trace = None,
) -> Outcome:
    """Start a flow; with `heard`, its first question is answered at once ("MOOD 7") or, if that fails, asked.

    KeyError on an unknown flow name or step: the caller's bug.
    """
    flow = flows[flow_name]
    start = step or flow.start
    if start not in flow.steps:
        raise KeyError(f"{flow_name} has no step {start}")
    place = Place(flow.name, start, flow.version, dict(slots or {}))
    if heard is not None:
        answered = _answered_at_once(place, heard, facts, now, flows, trace)
        if answered is not None:
            return answered
    turn = Turn(facts, now, flows, trace)
    return turn.walk(place), turn.effects


def advance(
    place: Place,
    event: Event,
    facts: Facts,
    now: datetime,
    *,
    flows: Mapping[str, Flow] = FLOWS,
    trace: Trace = None,
) -> Outcome:
    """One turn of an open conversation. Never raises, whatever was heard and however old the place is."""
    flow = flows.get(place.flow)
    here = None if flow is None else _found(flow, place)
    if flow is None or here is None:
        return _lost(event, facts, now, flows, trace)
    turn = Turn(facts, now, flows, trace, unheard=isinstance(event, Silence))
    if place.turns >= MAX_TURNS:
        turn.closed()
        return None, turn.effects
    here = replace(here, turns=place.turns + 1)
    step = flow.steps[here.step]
    if isinstance(event, Began) or not isinstance(step, Ask | Listen):
        return turn.walk(here), turn.effects
    if isinstance(event, Silence):
        return turn.walk(here.at(step.silence.then)), turn.effects
    return _heard(turn, here, step, _words(event)), turn.effects


def _found(flow: Flow, place: Place) -> Place | None:
    """The place in today's table: as it is, renamed, or None when its step is gone."""
    step = place.step if place.step in flow.steps else flow.renamed.get(place.step, "")
    return replace(place, step=step, version=flow.version) if step in flow.steps else None


def _lost(event: Event, facts: Facts, now: datetime, flows: Mapping[str, Flow], trace: Trace) -> Outcome:
    """The question is no longer known: whoever wrote gets the menu, silence ends without words."""
    if isinstance(event, Silence) or "menu" not in flows:
        return None, ()
    return begin("menu", facts, now, flows=flows, trace=trace)


def _words(event: Heard | Pressed) -> str:
    return event.text[:MAX_HEARD] if isinstance(event, Heard) else event.digits[:MAX_HEARD]


def _heard(turn: Turn, here: Place, step: Waiting, text: str) -> Place | None:
    answer = understood(step, text, here.slots)
    if answer is not None:
        return turn.walk(_kept(turn, here, answer))
    here = here.keeping("heard", text)
    match step.otherwise:
        case str() as goto:
            return turn.walk(here.at(goto))
        case Again(times=times) if here.tries < times:
            turn.say(here, step, "again")
            turn.effects += (WakeAt(step.silence.wait),)
            return replace(here, tries=here.tries + 1)
        case Again(then=then):
            return turn.walk(here.at(then))


def _kept(turn: Turn, here: Place, answer: Understood) -> Place:
    """The answer saved and its orders given; where it leads."""
    if answer.keep:
        here = here.keeping(answer.keep, answer.value)
    if answer.save:
        turn.effects += (Save(answer.save, answer.value),)
    turn.order(here, answer.does)
    return here.at(answer.goto)


def _answered_at_once(
    place: Place, heard: str, facts: Facts, now: datetime, flows: Mapping[str, Flow], trace: Trace
) -> Outcome | None:
    """The flow begun and its first question answered in one turn; None when the words do not answer it."""
    turn = Turn(facts, now, flows, trace)
    asked = turn.walk(place)
    if asked is None:
        return None
    step: Step = flows[asked.flow].steps[asked.step]
    assert isinstance(step, Ask | Listen)
    answer = understood(step, heard[:MAX_HEARD], asked.slots)
    if answer is None:
        return None
    turn.effects = tuple(effect for effect in turn.effects if not isinstance(effect, Say | WakeAt))
    return turn.walk(_kept(turn, asked, answer)), turn.effects
