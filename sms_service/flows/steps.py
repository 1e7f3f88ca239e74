"""The kinds of step a conversation is written with: frozen values that read aloud as their script."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from types import MappingProxyType
from typing import TypeAlias

from sms_service.flows.effects import Effect, Json
from sms_service.flows.listen_for import Parser

PLACEHOLDER = re.compile(r"\{(\w+)\}")


def hours(n: float) -> timedelta:
    """So many hours."""
    return timedelta(hours=n)


def minutes(n: float) -> timedelta:
    """So many minutes."""
    return timedelta(minutes=n)


@dataclass(frozen=True, slots=True)
class Notice:
    """The words of a single statement (flows/notices.py), said from inside a flow."""

    name: str


Text: TypeAlias = str | Notice


@dataclass(frozen=True, slots=True)
class Keep:
    """An order whose value is not written in the table: `Save(name, <the slot or derived value of>)`."""

    name: str
    of: str


@dataclass(frozen=True, slots=True)
class DoWith:
    """As `Do(what, ...)`, its argument taken from the slot or derived value `of`."""

    what: str
    of: str


@dataclass(frozen=True, slots=True)
class ReferTo:
    """As `Refer(...)`, the ids taken from the derived value `of`."""

    of: str


Order: TypeAlias = Effect | Keep | DoWith | ReferTo


@dataclass(frozen=True, slots=True)
class Again:
    """Not understood: say this, wait again, and after so many times go on to `then`. `told` as for Ask."""

    text: str
    times: int
    then: str
    told: bool = False


@dataclass(frozen=True, slots=True)
class After:
    """Nothing heard for `wait` since the prompt was sent: go on to `then`."""

    wait: timedelta
    then: str


@dataclass(frozen=True, slots=True)
class Answer:
    """One choice: its key, its label, where it leads; also its words, whether a plain yes or no means it."""

    key: str
    label: str
    goto: str
    words: tuple[str, ...] = ()
    es: tuple[str, ...] = ()
    yes: bool = False
    no: bool = False
    value: Json = None
    does: tuple[Order, ...] = ()


@dataclass(frozen=True, slots=True)
class Ask:
    """A question with closed choices. `told`: the text itself names them; `also` is a second text."""

    text: Text
    answers: tuple[Answer, ...]
    otherwise: Again | str
    silence: After
    save: str = ""
    keep: str = ""
    first: tuple[Order, ...] = ()
    also: Text = ""
    told: bool = False


@dataclass(frozen=True, slots=True)
class Listen:
    """A question with an open answer. `save` keeps it for good, `keep` for this conversation alone."""

    parser: Parser
    text: Text
    goto: str
    otherwise: Again | str
    silence: After
    save: str = ""
    keep: str = ""
    first: tuple[Order, ...] = ()


@dataclass(frozen=True, init=False)
class Fork:
    """The way goes on by a named fact (flows/derive.py)."""

    fact: str
    branches: Mapping[str, str]

    def __init__(self, fact: str, /, **branches: str) -> None:
        object.__setattr__(self, "fact", fact)
        object.__setattr__(self, "branches", MappingProxyType(branches))


@dataclass(frozen=True, init=False)
class Tell:
    """Words and orders on the way to the next step."""

    text: Text
    goto: str
    effects: tuple[Order, ...]

    def __init__(self, text: Text, goto: str, /, *effects: Order) -> None:
        object.__setattr__(self, "text", text)
        object.__setattr__(self, "goto", goto)
        object.__setattr__(self, "effects", effects)


@dataclass(frozen=True, init=False)
class End:
    """Last words (or none) and orders; a `Begin` among them goes on in another flow."""

    text: Text
    effects: tuple[Order, ...]

    def __init__(self, text: Text, /, *effects: Order) -> None:
        object.__setattr__(self, "text", text)
        object.__setattr__(self, "effects", effects)


Waiting: TypeAlias = Ask | Listen
Step: TypeAlias = Ask | Listen | Fork | Tell | End


@dataclass(frozen=True)
class Flow:
    """One conversation. `slots` are what `begin` hands it, `scheduled` says that it may speak first."""

    name: str
    start: str
    steps: Mapping[str, Step]
    slots: tuple[str, ...] = ()
    scheduled: bool = False
    renamed: Mapping[str, str] = field(default_factory=dict)
    version: str = field(init=False)

    def __post_init__(self) -> None:
        table = repr((self.start, sorted(self.steps.items(), key=lambda item: item[0])))
        object.__setattr__(self, "version", sha256(table.encode()).hexdigest()[:12])
