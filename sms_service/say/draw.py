"""A flow as a Mermaid drawing: boxes wait for an answer, diamonds choose a way, round ends are the end."""

from typing import assert_never

from sms_service.domain.words import Lang
from sms_service.flows.steps import Ask, End, Flow, Fork, Listen, Step, Tell
from sms_service.flows.texts import key_of
from sms_service.flows.ways import ways
from sms_service.say.catalogue import text

LONGEST = 60


def draw(flow: Flow, lang: Lang = "en") -> str:
    """The whole flow as Mermaid source, ending in a line break."""
    lines = ["flowchart TD"]
    for name, step in flow.steps.items():
        lines.append(f"  {name}{_box(flow, name, step, lang)}")
        for way in ways(step):
            to = f'flow_{way.to}[["{way.to}"]]' if way.reason == "begin" else way.to
            lines.append(f"  {name} {_arrow(way.label)} {to}")
    return "\n".join(lines) + "\n"


def _arrow(label: str) -> str:
    return f'-->|"{_quoted(label)}"|' if label else "-->"


def _box(flow: Flow, name: str, step: Step, lang: Lang) -> str:
    key = key_of(flow.name, name, step, "say")
    words = text(key, lang) if key else "(no words)"
    short = _quoted(words if len(words) <= LONGEST else f"{words[:LONGEST].rsplit(' ', 1)[0]} ...")
    match step:
        case Ask() | Listen():
            return f'["{short}"]'
        case Fork():
            return f'{{"{step.fact}?"}}'
        case Tell():
            return f'[/"{short}"/]'
        case End():
            return f'(["{short}"])'
    assert_never(step)


def _quoted(words: str) -> str:
    return words.replace('"', "#quot;")
