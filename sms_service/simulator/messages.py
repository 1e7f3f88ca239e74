"""The messages Twilio knows of, newest first on demand, found by sid or by number."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from typing import Literal, TypeAlias

Direction: TypeAlias = Literal["inbound", "outbound-api", "outbound-reply"]
Status: TypeAlias = Literal["accepted", "queued", "sent", "delivered", "undelivered", "failed", "received"]

UNFINISHED = frozenset({"accepted", "queued"})
"""A message in one of these can be neither redacted nor deleted."""


@dataclass(slots=True, eq=False)
class Message:
    """One text between a line and a handset; `status` moves while it travels."""

    sid: str
    direction: Direction
    line: str
    handset: str
    body: str
    created_at: datetime
    segments: int
    status: Status = "queued"
    media: tuple[str, ...] = ()
    service_sid: str | None = None
    status_callback: str = ""
    validity_s: int = 36_000
    past_opt_out: bool = False
    sent_at: datetime | None = None
    updated_at: datetime | None = None
    error_code: int | None = None
    deleted: bool = field(default=False, repr=False)

    @property
    def sender(self) -> str:
        """The number it comes from."""
        return self.handset if self.direction == "inbound" else self.line

    @property
    def recipient(self) -> str:
        """The number it goes to."""
        return self.line if self.direction == "inbound" else self.handset

    @property
    def listed_at(self) -> datetime:
        """The moment its list filters look at, in whole seconds as the API shows it."""
        return (self.sent_at or self.created_at).replace(microsecond=0)


@dataclass(frozen=True, slots=True)
class Filter:
    """What a list asks for; None asks for all. Both times inclusive; `created_by` makes the list lag."""

    to: str | None = None
    sender: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    created_by: datetime | None = None

    def fits(self, message: Message) -> bool:
        """Deleted messages fit nothing."""
        return not (
            message.deleted
            or (self.to is not None and message.recipient != self.to)
            or (self.sender is not None and message.sender != self.sender)
            or (self.since is not None and message.listed_at < self.since)
            or (self.until is not None and message.listed_at > self.until)
            or (self.created_by is not None and message.created_at > self.created_by)
        )


class Messages:
    """All of them, kept until the process ends."""

    def __init__(self) -> None:
        self._by_sid: dict[str, Message] = {}
        self._all: list[Message] = []
        self._by_number: dict[str, list[Message]] = {}
        self._lock = Lock()

    def add(self, message: Message) -> None:
        """A sid is added once."""
        with self._lock:
            self._by_sid[message.sid] = message
            self._all.append(message)
            for number in (message.line, message.handset):
                self._by_number.setdefault(number, []).append(message)

    def get(self, sid: str) -> Message | None:
        """None when there is none or it was deleted."""
        message = self._by_sid.get(sid)
        return None if message is None or message.deleted else message

    def page(self, wanted: Filter, size: int, older_than: str | None = None) -> tuple[list[Message], bool]:
        """Up to `size`, newest first, after the message `older_than`; and whether more follow."""
        found: list[Message] = []
        for message in self._newest_first(wanted, older_than):
            if len(found) == size:
                return found, True
            found.append(message)
        return found, False

    def _newest_first(self, wanted: Filter, older_than: str | None) -> Iterator[Message]:
        with self._lock:
            numbers = [n for n in (wanted.to, wanted.sender) if n is not None]
            lists: list[list[Message]] = sorted((self._by_number.get(n, []) for n in numbers), key=len)
            candidates = list(lists[0] if lists else self._all)
        passed = older_than is None
        for message in reversed(candidates):
            if passed and wanted.fits(message):
                yield message
            passed = passed or message.sid == older_than
