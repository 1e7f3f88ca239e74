"""The ladder that finds somebody to take a case: data, and how to read it (CONVERSATION.md 14)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from sms_service.domain.words import CaseKind

Whom = Literal["volunteer", "supervisor", "supervisors", "everybody"]
"""The next volunteer on call, the next supervisor, all supervisors, or whoever is on call and all supervisors."""


@dataclass(frozen=True, slots=True)
class Rung:
    """After so long without an owner, these are paged. A rung with nobody on it is skipped at once."""

    after: timedelta
    whom: Whom


@dataclass(frozen=True, slots=True)
class Comfort:
    """After so long without an owner, the member is told this (a notice), or this flow begins."""

    after: timedelta
    notice: str = ""
    flow: str = ""


@dataclass(frozen=True, slots=True)
class Ladder:
    """Whom to page, what the member hears meanwhile, and how to go on when the last rung was climbed."""

    rungs: tuple[Rung, ...]
    comforts: tuple[Comfort, ...] = ()
    incident: timedelta | None = None
    repeats: bool = False


def _m(minutes: float) -> timedelta:
    return timedelta(minutes=minutes)


CRISIS_STAFFED = Ladder(
    (
        Rung(_m(0), "volunteer"),
        Rung(_m(2), "volunteer"),
        Rung(_m(4), "supervisor"),
        Rung(_m(8), "supervisors"),
    ),
    (Comfort(_m(5), "still_trying"), Comfort(_m(15), "not_reached")),
    incident=_m(15),
    repeats=True,
)
CRISIS_ALONE = Ladder(
    (Rung(_m(0), "supervisor"), Rung(_m(2), "supervisor"), Rung(_m(4), "supervisors")),
    (Comfort(_m(15), "not_reached"),),
    incident=_m(15),
    repeats=True,
)
SUPERVISED = Ladder(
    (Rung(_m(0), "supervisor"), Rung(_m(2), "supervisors"), Rung(_m(4), "supervisors")),
    (Comfort(_m(15), "not_reached"),),
    incident=_m(15),
    repeats=True,
)
"""Families that go to supervisors, never to a peer alone."""
TALK = Ladder(
    (Rung(_m(0), "volunteer"), Rung(_m(3), "volunteer"), Rung(_m(15), "supervisor")),
    (Comfort(_m(5), "still_asking"), Comfort(_m(8), flow="talk_waiting")),
)
CONCERN = Ladder((Rung(_m(0), "volunteer"), Rung(_m(15), "volunteer"), Rung(_m(60), "supervisor")))
WAITING = Ladder(())
"""Nobody on and no crisis: it waits for the next staffed hour."""

SUPERVISOR_FAMILIES = frozenset({"harm_to_others", "violence", "abuse", "minor", "volunteer", "died"})
"""Also a case about one of the team, and a text from a number whose member has died."""
GRAVE_NOW = frozenset({"attempt", "overdose", "medical"})
"""What may kill within the hour."""
QUIET_FAMILIES = frozenset({"violence", "abuse"})
"""Nothing goes to the member that they did not just write for (CONVERSATION.md 23)."""
LOOK_AGAIN = timedelta(minutes=10)
"""A talk or concern that everybody on call has been asked about: is somebody new on?"""
ASKED_FOR = timedelta(hours=8)
"""Whoever was asked about a waiting talk or concern longer ago than this may be asked again."""
REPEATS: Mapping[timedelta, timedelta] = {timedelta(hours=2): _m(15), timedelta.max: timedelta(hours=1)}
"""An untaken crisis: every 15 minutes for two hours, then every hour, until it is taken."""


def ladder_for(kind: CaseKind, family: str, staffed: bool) -> Ladder:
    """Which ladder a case climbs."""
    if kind in ("crisis", "report") and family in SUPERVISOR_FAMILIES:
        return SUPERVISED
    if kind == "crisis":
        return CRISIS_STAFFED if staffed else CRISIS_ALONE
    if family in SUPERVISOR_FAMILIES:
        return Ladder((Rung(_m(0), "supervisor"), Rung(_m(15), "supervisors")))
    if not staffed:
        return WAITING
    return TALK if kind == "talk" else CONCERN


def next_repeat(since_rise: timedelta) -> timedelta:
    """How long until an untaken crisis is paged again."""
    return next(wait for within, wait in REPEATS.items() if since_rise < within)
