"""What a turn of a conversation may have to say about duty: worked out from the tables, so that nobody asks in vain."""

from collections.abc import Iterator
from functools import cache

from sms_service.flows.effects import Begin
from sms_service.flows.registry import FLOWS
from sms_service.flows.steps import Again, Ask, End, Fork, Listen, Step
from sms_service.flows.texts import fields_in, parts

OF_DUTY = frozenset({"hours", "on_call"})
OF_PROGRAM = frozenset({"short", "url"})
"""Placeholders whose value is the same for everybody of a program."""
At = tuple[str, str]
"""A flow and a step of it."""


@cache
def tells_of_duty(flow: str, step: str = "") -> bool:
    """Whether a turn that begins this flow, or is heard at this step of it, may name the team's hours or who is on.

    One question may be answered in a turn; the walk ends at the next. True for a place that is not in the tables.
    """
    if flow not in FLOWS or step not in ("", *FLOWS[flow].steps):
        return True
    return any(_tells(FLOWS[name].steps[at]) for name, at in _within_a_turn((flow, step or FLOWS[flow].start)))


@cache
def asks_all_alike(flow: str) -> bool:
    """Whether this flow begins with one question, the same for all of a program and a language, and does no more."""
    start = FLOWS[flow].steps[FLOWS[flow].start]
    if not isinstance(start, Ask | Listen) or start.first:
        return False
    return OF_PROGRAM.issuperset(field for part in parts(start) for field in fields_in(start, part))


def _within_a_turn(start: At) -> set[At]:
    seen: set[tuple[At, bool]] = set()
    fresh = {(start, False)}
    while fresh:
        seen |= fresh
        fresh = {(after, done) for at, answered in fresh for after, done in _after(at, answered)} - seen
    return {at for at, _answered in seen}


def _after(at: At, answered: bool) -> Iterator[tuple[At, bool]]:
    """Where the walk goes on from a step; `answered`: the turn's one answer has been used."""
    flow, name = at
    step = FLOWS[flow].steps[name]
    if isinstance(step, Ask | Listen):
        if not answered:
            yield from (((flow, goto), True) for goto in _ways_on(step))
    elif isinstance(step, End):
        begun = (order.flow for order in step.effects if isinstance(order, Begin))
        yield from (((other, FLOWS[other].start), answered) for other in begun)
    else:
        ways = step.branches.values() if isinstance(step, Fork) else (step.goto,)
        yield from (((flow, goto), answered) for goto in ways)


def _ways_on(step: Ask | Listen) -> Iterator[str]:
    yield from (answer.goto for answer in step.answers) if isinstance(step, Ask) else (step.goto,)
    yield step.otherwise.then if isinstance(step.otherwise, Again) else step.otherwise
    yield step.silence.then


def _tells(step: Step) -> bool:
    asked = {step.fact} if isinstance(step, Fork) else set[str]()
    said = {field for part in parts(step) for field in fields_in(step, part)}
    return not OF_DUTY.isdisjoint(asked | said)
