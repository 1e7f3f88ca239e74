"""Times as a person reads them: how long ago, and the clock on the wall of the program's town."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

_MINUTE, _HOUR, _DAY = 60, 3600, 86400


def lasted(span: timedelta) -> str:
    """A length of time: "under a minute", "5 min", "3 h", "2 days"."""
    seconds = int(span.total_seconds())
    if seconds < _MINUTE:
        return "under a minute"
    if seconds < 2 * _HOUR:
        return f"{seconds // _MINUTE} min"
    if seconds < 2 * _DAY:
        return f"{seconds // _HOUR} h"
    return f"{seconds // _DAY} days"


def ago(at: datetime, now: datetime) -> str:
    """How long ago, "just now" for the last minute (and for clocks that disagree)."""
    return "just now" if now - at < timedelta(minutes=1) else f"{lasted(now - at)} ago"


def on_the_wall(at: datetime, zone: str, now: datetime) -> str:
    """ "14:05" today, "Mon 14:05" within a week, else "3 Mar 14:05", by the clock of this IANA zone."""
    local, today = at.astimezone(ZoneInfo(zone)), now.astimezone(ZoneInfo(zone))
    days = (today.date() - local.date()).days
    if days == 0:
        return f"{local:%H:%M}"
    return f"{local:%a %H:%M}" if 0 < days < 7 else f"{local.day} {local:%b %H:%M}"
