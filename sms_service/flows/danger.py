"""What is said at once to a text that reads as danger, by family (SAFETY.md, Who is told)."""

from collections.abc import Mapping
from typing import assert_never

from sms_service.domain.words import Level
from sms_service.flows.effects import Begin, Say
from sms_service.flows.facts import Facts

AT_HOME: Mapping[str, str] = {"violence": "violence", "abuse": "abuse"}
"""Families that are asked first whether it is safe to write (CONVERSATION.md 23); the need of their line."""

STATEMENTS: Mapping[tuple[Level, str], str] = {
    ("crisis", "overdose"): "overdose",
    ("crisis", "attempt"): "overdose",
    ("crisis", "medical"): "medical",
    ("crisis", "someone_else"): "other_danger",
    ("crisis", "harm_to_others"): "harm_to_others",
    ("crisis", "minor"): "minor",
    ("concern", "medical"): "medical",
    ("concern", "harm_to_others"): "harm_to_others",
    ("concern", "minor"): "minor",
}
"""Families that get one statement and no question."""


def danger_reply(level: Level, family: str, facts: Facts) -> Begin | Say:
    """The reply as words or a flow to begin; the caller opens the case first. Any family will do."""
    if family in AT_HOME:
        return Begin("violence", {"need": AT_HOME[family]})
    if (level, family) in STATEMENTS:
        return _notice(STATEMENTS[level, family])
    match level:
        case "crisis":
            return _notice("crisis" if facts.on_call else "crisis_alone")
        case "concern" | "none":
            return Begin("safe_now") if family == "passive" else Begin("concern", {"family": family})
    assert_never(level)


def _notice(name: str) -> Say:
    return Say(f"notice.{name}.say")
