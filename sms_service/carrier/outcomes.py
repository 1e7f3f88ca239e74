"""What became of one try to send: typed, total, and free of numbers and words."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

Reason: TypeAlias = Literal[
    "stopped", "invalid", "unreachable", "config", "route", "sender", "filtered", "expired", "error"
]


@dataclass(frozen=True, slots=True)
class Sent:
    """Twilio took it under this SID."""

    sid: str


@dataclass(frozen=True, slots=True)
class Refused:
    """Twilio said no and will say no again. `code` is Twilio's, or the HTTP status."""

    code: int
    reason: Reason


@dataclass(frozen=True, slots=True)
class Later:
    """Twilio certainly did not process it; try again no sooner than `after_s` seconds (plus jitter)."""

    code: int
    after_s: float


@dataclass(frozen=True, slots=True)
class NotSent:
    """It certainly never reached Twilio: no connection came about."""

    reason: str


@dataclass(frozen=True, slots=True)
class Unsure:
    """It may have reached Twilio: settle by callback or list, never by a blind second try."""

    reason: str


Outcome: TypeAlias = Sent | Refused | Later | NotSent | Unsure
