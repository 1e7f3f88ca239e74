"""What triage answers, and which of two answers is the graver."""

from dataclasses import dataclass

from sms_service.domain.words import Lang, Level

GRAVITY: dict[Level, int] = {"none": 0, "concern": 1, "crisis": 2}
LEVELS: tuple[Level, ...] = ("none", "concern", "crisis")
FAMILIES: tuple[str, ...] = (
    "overdose",
    "attempt",
    "medical",
    "plan",
    "farewell",
    "violence",
    "abuse",
    "harm_to_others",
    "suicide",
    "self_harm",
    "someone_else",
    "minor",
    "passive",
    "unsafe",
    "relapse",
)
"""At equal level the earlier family is answered: what can kill soonest comes first."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """One text judged; `rule` may be logged, the text may not (SAFETY.md "Is this text a crisis?" 6)."""

    level: Level
    family: str
    rule: str
    lang: Lang
    first_person: bool
    minor: bool = False
    """The writer says they are under 18, whatever else the text says."""


def lower(level: Level, steps: int) -> Level:
    """The level that many steps down, never below none."""
    return LEVELS[max(0, GRAVITY[level] - steps)]


def graver(one: Verdict, other: Verdict) -> Verdict:
    """The verdict that must be acted on; the first one when they weigh the same."""
    return other if _weight(other) > _weight(one) else one


def _weight(verdict: Verdict) -> tuple[int, int]:
    rank = FAMILIES.index(verdict.family) if verdict.family else len(FAMILIES)
    return GRAVITY[verdict.level], -rank
