"""The ways through a table: where each step leads and why. Proofs, drawings and scripts walk along them."""

from collections.abc import Iterator
from typing import Literal, NamedTuple, TypeAlias, assert_never

from sms_service.flows.effects import Begin
from sms_service.flows.steps import Again, Ask, End, Flow, Fork, Listen, Order, Step, Tell

Reason: TypeAlias = Literal["answer", "otherwise", "silence", "fork", "next", "begin"]


class Way(NamedTuple):
    """One way out of a step; `to` is a step of the same flow, or for `begin` the name of a flow."""

    reason: Reason
    label: str
    to: str


def ways(step: Step) -> Iterator[Way]:
    """Every way out of a step, in the order in which a person would read it."""
    match step:
        case Ask():
            for answer in step.answers:
                yield Way("answer", f"{answer.key} {answer.label}", answer.goto)
            yield from _not_heard(step)
        case Listen():
            yield Way("answer", "an answer", step.goto)
            yield from _not_heard(step)
        case Fork():
            for name, to in step.branches.items():
                yield Way("fork", f"{step.fact} is {name}", to)
        case Tell():
            yield Way("next", "", step.goto)
        case End():
            for effect in step.effects:
                if isinstance(effect, Begin):
                    yield Way("begin", "", effect.flow)
        case _:
            assert_never(step)


def _not_heard(step: Ask | Listen) -> Iterator[Way]:
    if isinstance(step.otherwise, Again):
        yield Way("otherwise", f"not understood {step.otherwise.times + 1} times", step.otherwise.then)
    else:
        yield Way("otherwise", "anything else", step.otherwise)
    yield Way("silence", f"silence for {shown_wait(step)}", step.silence.then)


def shown_wait(step: Ask | Listen) -> str:
    """How long a question waits, in words."""
    minutes = int(step.silence.wait.total_seconds() // 60)
    return f"{minutes // 60} h" if minutes % 60 == 0 else f"{minutes} min"


def orders(step: Step) -> tuple[Order, ...]:
    """Every order a step may give, those of its answers included."""
    match step:
        case Ask():
            return (*step.first, *(order for answer in step.answers for order in answer.does))
        case Listen():
            return step.first
        case Tell() | End():
            return step.effects
        case Fork():
            return ()
    assert_never(step)


def reached(flow: Flow, *starts: str) -> frozenset[str]:
    """The steps that can be come to from these, they themselves included."""
    seen: set[str] = set()
    ahead = list(starts)
    while ahead:
        name = ahead.pop()
        if name in seen or name not in flow.steps:
            continue
        seen.add(name)
        ahead += [way.to for way in ways(flow.steps[name]) if way.reason != "begin"]
    return frozenset(seen)


def unprompted(flow: Flow) -> frozenset[str]:
    """The steps that may speak without the person having just written: after a silence, or first of all."""
    asked = [step for step in flow.steps.values() if isinstance(step, Ask | Listen)]
    starts = [step.silence.then for step in asked] + ([flow.start] if flow.scheduled else [])
    spoken: set[str] = set()
    while starts:
        name = starts.pop()
        if name in spoken or name not in flow.steps:
            continue
        spoken.add(name)
        step = flow.steps[name]
        if not isinstance(step, Ask | Listen):
            starts += [way.to for way in ways(step) if way.reason != "begin"]
    return frozenset(spoken)
