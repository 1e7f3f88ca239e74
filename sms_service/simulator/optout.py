"""Twilio's own opt-out words (https://www.twilio.com/docs/messaging/tutorials/advanced-opt-out)."""

from threading import Lock
from typing import Literal, TypeAlias

Keyword: TypeAlias = Literal["STOP", "START", "HELP"]

_WORDS: dict[str, Keyword] = {
    **dict.fromkeys(("STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"), "STOP"),
    **dict.fromkeys(("START", "YES", "UNSTOP"), "START"),
    **dict.fromkeys(("HELP", "INFO"), "HELP"),
}
_REPLIES: dict[Keyword, str] = {
    "STOP": "You have successfully been unsubscribed. You will not receive any more messages from this "
    "number. Reply START to resubscribe.",
    "START": "You have successfully been re-subscribed to messages from this number. Reply HELP for help. "
    "Reply STOP to unsubscribe. Msg&Data Rates May Apply.",
    "HELP": "Reply STOP to unsubscribe. Msg&Data Rates May Apply.",
}


def keyword_of(body: str) -> Keyword | None:
    """A word Twilio acts on: the whole text, any case, spaces around it ignored."""
    return _WORDS.get(body.strip().upper())


class OptOuts:
    """Who has stopped which line."""

    def __init__(self) -> None:
        self._stopped: set[tuple[str, str]] = set()
        self._lock = Lock()

    def __contains__(self, pair: tuple[str, str]) -> bool:
        """pair: (line, handset)."""
        return pair in self._stopped

    def all(self) -> list[tuple[str, str]]:
        """(line, handset), sorted."""
        with self._lock:
            return sorted(self._stopped)

    def act(self, line: str, handset: str, keyword: Keyword, *, advanced: bool) -> str | None:
        """Stop or start; the sentence Twilio answers with, or None.

        By default a second STOP, and a START or YES of somebody not stopped, are ordinary texts;
        with Advanced Opt-Out (`OptOutType` is sent) Twilio always answers.
        """
        with self._lock:
            stopped = (line, handset) in self._stopped
            if keyword == "STOP":
                self._stopped.add((line, handset))
            elif keyword == "START":
                self._stopped.discard((line, handset))
        changed = {"STOP": not stopped, "START": stopped, "HELP": True}[keyword]
        return _REPLIES[keyword] if changed or advanced else None
