"""Plays a recorded conversation through the pure side: begin, advance and the words of a turn as SMS.

A file holds several, each begun by `# title` and `: flow`, with facts and slots as name=value. `> ` is heard,
`~ 30m` passes, `< ` is texted, `! ` opens or raises a case, `= ` is saved or done, `* ` a helpline given.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from sms_service.domain.helplines import Helpline, parse_directory
from sms_service.domain.words import Lang
from sms_service.flows.effects import Do, Effect, Escalate, Json, Refer, Save, Say, WakeAt
from sms_service.flows.engine import Place, advance, begin
from sms_service.flows.events import Heard, Silence
from sms_service.flows.facts import Facts
from sms_service.flows.registry import FLOWS
from sms_service.say.ideas import ideas
from sms_service.say.sms import render_turn

FOLDER = Path(__file__).parent / "transcripts"
NOW = datetime(2026, 3, 3, 20, 0, tzinfo=UTC)
UNITS = {"m": "minutes", "h": "hours", "d": "days"}


@cache
def directory() -> tuple[Helpline, ...]:
    """The helplines the project ships."""
    return parse_directory(json.loads(files("sms_service.data").joinpath("helplines.json").read_text("utf-8")))


def facts_of(**known: Any) -> Facts:
    """A member of HOPE with a volunteer on call, unless told otherwise."""
    usual: dict[str, Any] = {
        "short": "HOPE",
        "hours": "6-10 pm",
        "on_call": True,
        "group": "Hope",
        "url": "hope.example/p",
        "state": "active",
        "ideas": ideas(),
        "helplines": directory(),
    }
    return Facts(**{**usual, **known})


@dataclass
class Recorded:
    """One recorded conversation: its lines, the flow it begins with, the facts and slots it needs."""

    title: str
    flow: str = ""
    heard: str | None = None
    known: dict[str, Any] = field(default_factory=dict)
    slots: dict[str, Json] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)

    def setup(self, words: str) -> None:
        """`check_in last_mood=8 lang=es`: the flow, then facts and slots."""
        self.flow, *pairs = words.split()
        for pair in pairs:
            name, _, value = pair.partition("=")
            parsed: Json = int(value) if value.isdigit() else value
            if name == "heard":
                self.heard = str(parsed)
            elif name in FLOWS[self.flow].slots:
                self.slots[name] = parsed
            else:
                self.known[name] = {"no": False, "none": ()}.get(str(parsed), parsed)


def recorded(path: Path) -> Iterator[Recorded]:
    """The conversations of one file."""
    now: Recorded | None = None
    for line in path.read_text("utf-8").splitlines():
        if line.startswith("# "):
            if now is not None:
                yield now
            now = Recorded(line[2:])
        elif now is not None and line.startswith(": "):
            now.setup(line[2:])
        elif now is not None and line:
            now.lines.append(line)
    if now is not None:
        yield now


def played(conversation: Recorded) -> tuple[list[str], list[str]]:
    """The lines as they come out today, the recorded `> ` and `~ ` among them, and the steps passed."""
    facts = facts_of(**conversation.known)
    trace: list[str] = []
    place, effects = begin(
        conversation.flow, facts, NOW, slots=conversation.slots, heard=conversation.heard, trace=trace
    )
    lines, facts = list(shown(effects, facts.lang)), followed(facts, effects)
    for line in conversation.lines:
        if not line.startswith(("> ", "~ ")):
            continue
        lines.append(line)
        place, effects, facts = turn(place, effects, facts, line, trace)
        lines += shown(effects, facts.lang)
    return lines, trace


def turn(
    place: Place | None, before: tuple[Effect, ...], facts: Facts, line: str, trace: list[str]
) -> tuple[Place | None, tuple[Effect, ...], Facts]:
    """One line heard, or its time passed; the facts follow what was saved."""
    assert place is not None, f"the conversation was over before {line!r}"
    if line.startswith("~ "):
        passed = timedelta(**{UNITS[line[-1]]: int(line[2:-1])})
        waited = next(effect.after for effect in reversed(before) if isinstance(effect, WakeAt))
        assert passed == waited, f"{line!r}: the question waits {waited}"
        after, effects = advance(place, Silence(), facts, NOW, trace=trace)
    else:
        after, effects = advance(place, Heard(line[2:]), facts, NOW, trace=trace)
    return after, effects, followed(facts, effects)


def followed(facts: Facts, effects: tuple[Effect, ...]) -> Facts:
    """The facts as the service would know them at the next turn; a language speaks at once."""
    for effect in effects:
        match effect:
            case Save("language", value):
                facts = replace(facts, lang="es" if value == "es" else "en")
            case Do("idea_given", _):
                facts = replace(facts, last_idea=facts.last_idea + 1)
    return facts


def shown(effects: tuple[Effect, ...], lang: Lang) -> Iterator[str]:
    """The effects of one turn as lines, orders first, since nothing is sent before they are rows."""
    for effect in effects:
        match effect:
            case Escalate(level, family):
                yield f"! {level} {family}".rstrip()
            case Save(name, value) | Do(name, value):
                yield f"= {name} {'' if value is None else value}".rstrip()
            case Refer(helplines):
                yield f"* {' '.join(helplines)}"
    says = [effect for effect in effects if isinstance(effect, Say)]
    yield from (f"< {body}" for body in render_turn(says, lang))
