"""What can happen to a conversation: events, past tense."""

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Began:
    """The flow was started; its first step speaks."""


@dataclass(frozen=True, slots=True)
class Heard:
    """The person said or texted something."""

    text: str


@dataclass(frozen=True, slots=True)
class Pressed:
    """A key on a call."""

    digits: str


@dataclass(frozen=True, slots=True)
class Silence:
    """The open question's own silence clock ran out."""


Event: TypeAlias = Began | Heard | Pressed | Silence
