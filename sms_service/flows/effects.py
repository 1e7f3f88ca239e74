"""What a conversation orders: effects, imperative. Values only; services/apply.py carries each one out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal, TypeAlias

Json: TypeAlias = str | int | bool | None


@dataclass(frozen=True, slots=True)
class Say:
    """Words owed to the person: a catalogue key `flow.step.part` and the values of its placeholders."""

    key: str
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Save:
    """Keep an answer. `name` is one of SAVES; the value is already parsed."""

    name: str
    value: Json


@dataclass(frozen=True, slots=True)
class WakeAt:
    """Let the open question hear Silence this long after its prompt was sent."""

    after: timedelta


@dataclass(frozen=True, slots=True)
class Escalate:
    """Open a case (or raise the open one) before anything is sent."""

    level: Literal["crisis", "concern", "talk"]
    family: str = ""


@dataclass(frozen=True, slots=True)
class Refer:
    """Helplines (ids of the directory) were given; the next day asks whether the person got through."""

    helplines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Begin:
    """This conversation is over and another flow begins in its place."""

    flow: str
    slots: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Do:
    """An order to the service itself. `what` is one of ORDERS."""

    what: str
    arg: Json = None


Effect: TypeAlias = Say | Save | WakeAt | Escalate | Refer | Begin | Do

SAVES = frozenset(
    {
        "mood",  # int 0..10, answered now
        "late_mood",  # int 0..10, answering a prompt that lapsed
        "check_in_minute",  # minutes after local midnight, 360..1439
        "language",  # "en" | "es"
        "name",  # str <= 40 characters
        "zone",  # IANA zone
        "rhythm",  # "daily" | "weekdays" | "weekly"
        "safe_to_write",  # "free" | "after" | "never"
        "referral_outcome",  # "through" | "not_through" | "not_tried"
        "outcome",  # of a case, by its volunteer: "reached" | "not_reached" | "handed_988" | "false_alarm"
    }
)
ORDERS = frozenset(
    {
        "join",  # arg: group id; membership and consent ("1" to the agreement)
        "decline",  # the agreement was refused: nothing is kept but the refusal
        "pause",  # arg: days, None = until RESUME
        "resume",
        "leave",  # arg: None = all groups of the program
        "stop",  # as STOP
        "send_my_data",
        "delete_me",
        "wrong_number",  # revoke and block
        "leave_talk",  # the member leaves the claimed talk
        "note_for_volunteer",  # arg: the words the member left (T0, 2)
        "write_when_open",  # T0, 1
        "relay_held",  # a volunteer's held text goes to the member of case `arg`
        "close_case",  # arg: case number
        "self_crisis",  # ME
        "cancel_siren",  # OK after a concern
        "idea_given",  # arg: id of the coping idea
        "mood_lapsed",  # a mood prompt ran out, or was given up after one re-ask
    }
)
