"""The life of an owed message: a total table of states, never backwards (DESIGN.md §5)."""

from typing import Literal, TypeAlias

MessageState: TypeAlias = Literal["due", "sending", "unsure", "sent", "delivered", "failed", "expired", "withheld"]

REPORTED: dict[str, MessageState] = {
    "accepted": "sent",
    "scheduled": "sent",
    "queued": "sent",
    "sending": "sent",
    "sent": "sent",
    "delivered": "delivered",
    "read": "delivered",
    "undelivered": "failed",
    "failed": "failed",
    "canceled": "failed",
}
"""Twilio's word for a message's state, as ours."""

_RANK: dict[MessageState, int] = {
    "due": 0, "unsure": 1, "sending": 2, "sent": 3, "failed": 4, "delivered": 5, "expired": 6, "withheld": 6,
}  # fmt: skip


def next_state(now_in: MessageState, reported: MessageState) -> MessageState:
    """What a row becomes when this is heard of it: forward or unchanged, for every pair.

    A report about a row that is due again (it was looked for and not found) is believed: it was sent after all.
    """
    if now_in in ("expired", "withheld") or reported in ("expired", "withheld", "due"):
        return now_in
    return reported if _RANK[reported] > _RANK[now_in] else now_in


def settled(state: MessageState) -> bool:
    """Whether nothing more is owed."""
    return _RANK[state] >= _RANK["sent"]
