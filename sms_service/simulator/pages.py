"""Twilio's way of paging: PageSize, Page, PageToken in, next_page_uri out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from sms_service.simulator.errors import ApiError
from sms_service.simulator.messages import Filter

_LARGEST = 1000
_USUAL = 50


@dataclass(frozen=True, slots=True)
class PageWanted:
    """Which part of a list, and under which address it was asked for."""

    path: str
    args: Mapping[str, str]

    @property
    def size(self) -> int:
        """Rows of a page."""
        return min(_LARGEST, max(1, self._whole("PageSize", _USUAL)))

    @property
    def number(self) -> int:
        """Which page, from 0."""
        return self._whole("Page", 0)

    @property
    def older_than(self) -> str | None:
        """The sid the page before ended with."""
        return self.args.get("PageToken", "").removeprefix("PA") or None

    def json(self, key: str, items: list[dict[str, Any]], next_after: str | None) -> dict[str, Any]:
        """The list's envelope; `next_after` is the last sid when more follow."""
        start = self.number * self.size
        following = {"Page": str(self.number + 1), "PageToken": f"PA{next_after}"}
        return {
            "end": start + max(0, len(items) - 1),
            "first_page_uri": self._uri({"Page": "0"}, without="PageToken"),
            "next_page_uri": None if next_after is None else self._uri(following),
            "page": self.number,
            "page_size": self.size,
            "previous_page_uri": None,
            "start": start,
            "uri": self._uri({}),
            key: items,
        }

    def _uri(self, changed: dict[str, str], without: str = "") -> str:
        args = {key: value for key, value in self.args.items() if key != without}
        return f"{self.path}?{urlencode(args | {'PageSize': str(self.size)} | changed)}"

    def _whole(self, name: str, default: int) -> int:
        given = self.args.get(name, "")
        if given and not given.isdecimal():
            raise ApiError(20001)
        return int(given) if given else default


def filter_of(args: Mapping[str, str], now: datetime, lag_s: float) -> Filter:
    """To, From, DateSent, DateSent> and DateSent< (both inclusive, a date or a date and time in GMT)."""
    since, until = _moment(args.get("DateSent>")), _last_moment(args.get("DateSent<"))
    if "DateSent" in args:
        since, until = _moment(args["DateSent"]), _last_moment(args["DateSent"])
    return Filter(
        to=args.get("To") or None,
        sender=args.get("From") or None,
        since=since,
        until=until,
        created_by=now - timedelta(seconds=lag_s) if lag_s else None,
    )


def _moment(given: str | None) -> datetime | None:
    if not given:
        return None
    try:
        moment = datetime.fromisoformat(given)
    except ValueError:
        raise ApiError(20001) from None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _last_moment(given: str | None) -> datetime | None:
    """A bare date stands for its whole day."""
    moment = _moment(given)
    if moment is not None and given is not None and len(given) == len("2026-11-23"):
        return moment + timedelta(days=1, seconds=-1)
    return moment
