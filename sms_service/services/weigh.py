"""Whether a question of ours may be asked now: pure rules, the same for one person and for many at once.

1. Not from a crisis until a day after it, not where texts are not safe (CONVERSATION.md 23, 27).
2. One question at a time: the next waits up to two hours and then gives up; a check-in takes the place of one
   that matters less. While on duty a person is busy (2, 18).
3. At most three texts a day that nobody asked for; what weighs more and is still due today keeps its place (11).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, Protocol, TypeAlias
from zoneinfo import ZoneInfo

from sms_service.domain.unprompted import Kind
from sms_service.domain.words import PersonId, PersonState, ProgramId, Safe
from sms_service.services import enrol
from sms_service.services.desk import Work
from sms_service.store.wakes import Wake

WAITS = timedelta(minutes=1)
QUESTION_FREE = timedelta(hours=2)
MISSED = 3
"""So many check-ins without an answer, and the member is asked once whether the rhythm suits."""
WAITING = 1  # the turn of a wake that waits for another question

Asked: TypeAlias = Literal["asked", "waits", "not"]
Next: TypeAlias = Literal["nothing", "wind", "suits", "ask"]


@dataclass(frozen=True, slots=True)
class Prompt:
    """A question: its flow, its weight, whether its hour was chosen, over which questions it goes in the end."""

    flow: str
    kind: Kind
    chosen: bool = False
    over: frozenset[str] = frozenset()


CHECK_IN = Prompt("check_in", "check_in", chosen=True, over=frozenset({"referral_check", "suits"}))
SUITS = Prompt("suits", "check_in", chosen=True, over=frozenset({"referral_check"}))
REFERRAL = Prompt("referral_check", "referral")


@dataclass(frozen=True, slots=True)
class Stand:
    """How somebody stands when a question of ours is due. `has_room` is asked last."""

    state: PersonState
    safe: Safe
    in_crisis: bool
    in_talk: bool
    on_duty: bool
    open_flow: str | None
    has_room: Callable[[], bool]


class WithHour(Protocol):
    """Somebody who may be asked at an hour of their own: a Person, or one of many."""

    @property
    def id(self) -> PersonId:
        """Who."""

    @property
    def state(self) -> PersonState:
        """Active, paused ..."""

    @property
    def check_in_minute(self) -> int | None:
        """Local minutes after midnight."""

    @property
    def zone(self) -> str:
        """IANA."""

    @property
    def rhythm(self) -> str:
        """On which days."""

    @property
    def missed(self) -> int:
        """Check-ins asked since the last mood."""


def weigh(prompt: Prompt, stand: Stand, wake: Wake, now: datetime) -> Asked:
    """Asked now, again when the open question is over, or not at all."""
    if stand.state != "active" or stand.safe != "free" or stand.in_crisis:
        return "not"
    if stand.open_flow is not None or stand.in_talk or stand.on_duty:
        if now < deadline(wake):
            return "waits"
        if stand.open_flow not in prompt.over or stand.on_duty:
            return "not"
    return "asked" if stand.has_room() else "not"


def next_step(person: WithHour, wake: Wake, now: datetime) -> Next:
    """What a due check-in does: nothing any more, only the next one, a word about the rhythm, or the question."""
    if person.state not in ("active", "paused") or person.check_in_minute is None:
        return "nothing"
    if wake.is_late(now):
        return "wind"
    return "suits" if person.missed == MISSED and person.state == "active" else "ask"


def wind_again(work: Work, program_id: ProgramId, person: WithHour, wake: Wake) -> None:
    """The next check-in; of one that came too late it may have been due a moment ago."""
    assert person.check_in_minute is not None, "asked before"
    after = work.now - enrol.LATEST if wake.is_late(work.now) else None
    weekday = _first_due(wake).astimezone(ZoneInfo(person.zone)).weekday()
    enrol.wind(work, program_id, person.id, person.check_in_minute, person.zone, person.rhythm, weekday, after)


def ask_if_it_suits(work: Work, program_id: ProgramId, person: WithHour) -> None:
    """A word about the rhythm in the check-in's place, now."""
    work.wake(program_id, "suits", person.id, work.now, until=enrol.LATEST)


def _first_due(wake: Wake) -> datetime:
    """When it was due before it had to wait."""
    return wake.due_at if wake.until_at is None else deadline(wake) - QUESTION_FREE


def deadline(wake: Wake) -> datetime:
    """Until when it waits for another question; a wake that waits has its `until_at` so much later."""
    until = wake.until_at or wake.due_at + QUESTION_FREE
    return until - QUESTION_FREE if wake.turn == WAITING else until
