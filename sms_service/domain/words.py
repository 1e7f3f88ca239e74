"""The project's small closed vocabularies, shared by every layer."""

from typing import Literal, NewType, TypeAlias

ProgramId = NewType("ProgramId", int)
PersonId = NewType("PersonId", int)
LineId = NewType("LineId", int)
CaseId = NewType("CaseId", int)
OutboxId = NewType("OutboxId", int)

Lang: TypeAlias = Literal["en", "es"]
Channel: TypeAlias = Literal["sms", "voice"]
Safe: TypeAlias = Literal["free", "after", "never"]
"""Safe to write: freely, only after the person writes, never (CONVERSATION.md 23)."""
PersonState: TypeAlias = Literal["stranger", "active", "paused", "left", "stopped", "unreachable", "died"]
Level: TypeAlias = Literal["crisis", "concern", "none"]
CaseKind: TypeAlias = Literal["crisis", "concern", "talk", "callback", "report"]
Why: TypeAlias = Literal["crisis", "page", "reply", "scheduled", "bulk"]
Lane: TypeAlias = Literal["urgent", "reply", "scheduled", "bulk"]

LANE_OF: dict[Why, Lane] = {
    "crisis": "urgent",
    "page": "urgent",
    "reply": "reply",
    "scheduled": "scheduled",
    "bulk": "bulk",
}
LANES: tuple[Lane, ...] = ("urgent", "reply", "scheduled", "bulk")
