"""How many texts a member gets in a day without having asked for them (CONVERSATION.md 11)."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Literal, TypeAlias
from zoneinfo import ZoneInfo

from sms_service.domain.wall_clock import instants

Kind: TypeAlias = Literal["cancellation", "reminder", "check_in", "referral", "survey"]
RANKS: tuple[Kind, ...] = ("cancellation", "reminder", "check_in", "referral", "survey")
"""What goes first when there is not room for all."""
MOST_A_DAY = 3


def has_room(kind: Kind, sent: int, still_due: Iterable[Kind] = ()) -> bool:
    """Whether one more may go today after `sent` others; what ranks above it and is still due keeps its place."""
    kept = sum(1 for other in still_due if RANKS.index(other) < RANKS.index(kind))
    return sent + kept < MOST_A_DAY


def day_of(at: datetime, zone: str) -> tuple[datetime, datetime]:
    """The first instant of the zone's day in which `at` lies, and that of the next."""
    today = at.astimezone(ZoneInfo(zone)).date()
    return instants(today, 0, zone)[0], instants(today + timedelta(days=1), 0, zone)[0]
