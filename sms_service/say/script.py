"""A flow as a coordinator can read it: what we say, what may be answered, what happens then."""

from collections.abc import Iterator
from typing import assert_never

from sms_service.domain.words import Lang
from sms_service.flows.effects import Begin, Do, Escalate, Refer, Save, Say, WakeAt
from sms_service.flows.steps import Again, Ask, DoWith, Flow, Fork, Keep, Listen, Order, ReferTo, Step
from sms_service.flows.texts import key_of
from sms_service.flows.ways import orders, ways
from sms_service.say.catalogue import text


def script(flow: Flow, lang: Lang = "en") -> str:
    """The whole flow in plain words (Markdown), step by step in the order of its table."""
    blocks = [f"# {flow.name}\n"]
    for name, step in flow.steps.items():
        blocks.append("\n".join([f"## {name}\n", *_lines(flow, name, step, lang), ""]))
    return "\n".join(blocks)


def _lines(flow: Flow, name: str, step: Step, lang: Lang) -> Iterator[str]:
    for part in ("say", "also"):
        key = key_of(flow.name, name, step, part)
        if key:
            yield f"- We say: “{text(key, lang)}”"
    for order in orders(step):
        if not isinstance(order, Begin):
            yield f"- Then {told(order)}."
    if getattr(step, "save", ""):
        yield f"- The answer is saved as {getattr(step, 'save', '')}."
    yield from _ways(flow, name, step, lang)


def _ways(flow: Flow, name: str, step: Step, lang: Lang) -> Iterator[str]:
    said = {f"{answer.key} {answer.label}": answer for answer in step.answers} if isinstance(step, Ask) else {}
    for way in ways(step):
        match way.reason:
            case "answer" if way.label in said:
                key = said[way.label].key
                yield f"- They answer {key} ({text(f'{flow.name}.{name}.{key}', lang)}): go to *{way.to}*."
            case "answer":
                yield f"- They give an answer: go to *{way.to}*."
            case "otherwise":
                yield f"- {_not_understood(flow, name, step, lang)}, go to *{way.to}*."
            case "silence":
                yield f"- {way.label[0].upper()}{way.label[1:]}: go to *{way.to}*."
            case "fork":
                yield f"- If {way.label}: go to *{way.to}*."
            case "next":
                yield f"- Go to *{way.to}*."
            case "begin":
                yield f"- The conversation *{way.to}* begins."
            case _:
                assert_never(way.reason)
    if not list(ways(step)) and not isinstance(step, Fork):
        yield "- The conversation is over."


def _not_understood(flow: Flow, name: str, step: Step, lang: Lang) -> str:
    assert isinstance(step, Ask | Listen), "only questions are not understood"
    if not isinstance(step.otherwise, Again):
        return "On any other words"
    again = text(f"{flow.name}.{name}.again", lang)
    times = {1: "once", 2: "twice"}.get(step.otherwise.times, f"{step.otherwise.times} times")
    return f"Not understood: “{again}” ({times}); then"


def told(order: Order) -> str:
    """An order in plain words."""
    match order:
        case Save(name, value):
            return f"{name} is saved as {value}"
        case Keep(name, of):
            return f"{name} is saved from {of}"
        case Do(what, _) | DoWith(what, _):
            return f"the service does: {what.replace('_', ' ')}"
        case Escalate(level, family):
            return f"a person is told: {level}{f' ({family})' if family else ''}"
        case Refer() | ReferTo():
            return "the helplines given are kept, to ask about them the next day"
        case Begin(flow, _):
            return f"{flow} begins"
        case Say() | WakeAt():
            return "words"
    assert_never(order)
