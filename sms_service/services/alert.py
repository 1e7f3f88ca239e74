"""Tells the operator that the service is unwell: once, again after an hour, and once when it is mended.

What was told stands in `marks`, taken by compare-and-set, so that two tickers tell once between them. While the
database is away it is kept in memory and handed over when the database is back.
"""

import json
import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Literal, Protocol

from sqlalchemy.exc import SQLAlchemyError

from sms_service.carrier.hook import call
from sms_service.carrier.outcomes import Outcome, Sent, Unsure
from sms_service.services.desk import Desk
from sms_service.services.watch import Ailment
from sms_service.store.marks import change_mark, marks_under, read_mark

log = logging.getLogger(__name__)
PREFIX = "alert:"
AGAIN = timedelta(hours=1)
RETRY = timedelta(minutes=1)
"""When nobody could be told, it is tried again after this."""
CALM = timedelta(seconds=60)
"""So long no ticker has seen it: then it is mended."""
SEEN = timedelta(seconds=10)
WORTH_S = 3600
State = Literal["unwell", "mended"]


@dataclass(frozen=True, slots=True)
class Told:
    """What was said of one ailment, as its mark keeps it."""

    kind: str
    what: str
    since: datetime
    told: datetime
    seen: datetime
    program: str = ""
    ids: tuple[str, ...] = ()

    def as_mark(self) -> str:
        """JSON."""
        return json.dumps({name: _plain(getattr(self, name)) for name in self.__slots__})

    @classmethod
    def from_mark(cls, mark: str) -> "Told":
        """The reverse."""
        kept = json.loads(mark)
        times = {name: datetime.fromisoformat(kept[name]) for name in ("since", "told", "seen")}
        return cls(**kept | times | {"ids": tuple(kept["ids"])})


@dataclass(frozen=True, slots=True)
class Change:
    """A mark's next value, good only if it is still as it was; `say` follows when this one made the change."""

    key: str
    was: str | None
    value: str | None
    about: Told
    say: State | None = None


def decide(known: Mapping[str, str], found: list[Ailment], now: datetime) -> Iterator[Change]:
    """What must be noted and said, from what was said before and what ails us now."""
    for one in {one.key: one for one in found}.values():
        was = known.get(one.key)
        if was is None:
            new = Told(one.kind, one.what, one.since, now, now, one.program, one.ids)
            yield Change(one.key, None, new.as_mark(), new, "unwell")
            continue
        before = Told.from_mark(was)
        new = replace(before, what=one.what, ids=one.ids, seen=now)
        if _long(now, before.told, AGAIN):
            new = replace(new, told=now)
            yield Change(one.key, was, new.as_mark(), new, "unwell")
        elif _long(now, before.seen, SEEN):
            yield Change(one.key, was, new.as_mark(), new)
    for key in known.keys() - {one.key for one in found}:
        before = Told.from_mark(known[key])
        if _long(now, before.seen, CALM):
            yield Change(key, known[key], None, before, "mended")


def _long(now: datetime, before: datetime, wait: timedelta) -> bool:
    """Whether that is long ago; a moment that has not come yet was written by a wrong clock."""
    return not timedelta(0) <= now - before < wait


class Texter(Protocol):
    """What sends a text straight to Twilio: the carrier."""

    def send_sms(self, to: str, from_: str, body: str, status_callback: str, validity_s: int) -> Outcome:
        """One try."""
        ...


@dataclass(slots=True)
class Alerts:
    """Whom to tell, and what this process remembers while the database is away."""

    desk: Desk
    carrier: Texter
    name: str
    url: str | None = None
    phone: str | None = None
    _line: str = ""
    _memory: dict[str, str | None] = field(default_factory=dict)

    def tell(self, found: list[Ailment], now: datetime) -> None:
        """Notes and says what is new, still so after an hour, or mended."""
        for change in decide(self._known(now), found, now):
            if self._note(change.key, change.was, change.value) and change.say:
                self._say(change, now)

    def _say(self, change: Change, now: datetime) -> None:
        about, state = change.about, change.say or "unwell"
        log.error("the service is unwell or mended", extra={"kind": about.kind, "reason": state})
        words = text_of(self.name, about, state)
        tries = []
        if self.url:
            tries.append(("ALERT_URL", call(self.url, _body(about, state, words))))
        if self.phone:
            tries.append(("ALERT_PHONE", self._text(words)))
        for way, why in tries:
            if why:
                log.error("an alert could not be handed over", extra={"kind": way, "reason": why})
        if tries and all(why for _way, why in tries) and change.value is not None:
            soon = replace(about, told=now - AGAIN + RETRY).as_mark()
            self._note(change.key, change.value, soon)

    def _text(self, words: str) -> str:
        if not self._line:
            return "no line known"
        outcome = self.carrier.send_sms(self.phone or "", self._line, words, "", WORTH_S)
        return "" if isinstance(outcome, Sent | Unsure) else type(outcome).__name__

    def _known(self, now: datetime) -> dict[str, str]:
        """What was told so far: the marks, with what they could not be told in the meantime."""
        kept: dict[str, str | None] = {}
        try:
            self._hand_over()
            with self.desk.db.read() as conn:
                kept.update(marks_under(conn, PREFIX))
                lines = self.desk.lines.all(conn, now)
                self._line = lines[0].number if lines else ""
        except (SQLAlchemyError, OSError):
            pass
        return {key: value for key, value in (kept | self._memory).items() if value is not None}

    def _hand_over(self) -> None:
        while self._memory:
            key, value = next(iter(self._memory.items()))
            with self.desk.db.write() as conn:
                change_mark(conn, PREFIX + key, read_mark(conn, PREFIX + key), value)
            del self._memory[key]

    def _note(self, key: str, was: str | None, value: str | None) -> bool:
        """True when it was this one that noted it."""
        if key not in self._memory:
            try:
                with self.desk.db.write() as conn:
                    return change_mark(conn, PREFIX + key, was, value)
            except (SQLAlchemyError, OSError):
                pass
        self._memory[key] = value
        return True


def text_of(name: str, about: Told, state: State) -> str:
    """One SMS part: who, what, since when."""
    since = f"{about.since:%d %b %H:%M} UTC"
    if state == "mended":
        return f"{name}: mended: {about.what} (since {since})"[:160]
    where = f" {about.program}:" if about.program else ""
    return f"{name}:{where} {about.what} Since {since}. See runbook: {about.kind}"[:160]


def _body(about: Told, state: State, words: str) -> dict[str, Any]:
    body: dict[str, Any] = {
        "kind": about.kind, "state": state, "what": about.what, "since": about.since.isoformat(), "ids": about.ids,
        "text": words,
    }  # fmt: skip
    return body | ({"program": about.program} if about.program else {})


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
