"""The last look at a message before it is sent: may it still go, and now? (CONVERSATION.md 11, 13, 31)"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sms_service.domain.quiet import next_allowed
from sms_service.store.dispatch import Ready
from sms_service.store.programs import Program

OWN_TEXT_COUNTS = timedelta(hours=1)
CHOSEN_FROM, CHOSEN_UNTIL = 6 * 60, 24 * 60
"""An hour the person chose is consent to it, from 6:00 to 23:59 local (SAFETY.md)."""


@dataclass(frozen=True, slots=True)
class Permit:
    """`send` it, put it off (`due`, with the new time), or end it as `withheld`, `expired` or `failed`."""

    state: Literal["send", "due", "withheld", "expired", "failed"]
    due_at: datetime | None = None


SEND, WITHHELD, EXPIRED, UNREADABLE = Permit("send"), Permit("withheld"), Permit("expired"), Permit("failed")


def permit(message: Ready, program: Program, now: datetime) -> Permit:
    """Danger and pages always go; a reply to the last hour's text goes; the rest asks consent, state and hour."""
    if not (message.body and message.number):
        return UNREADABLE
    if now >= message.expires_at:
        return EXPIRED
    if message.person_state == "died" and message.born_at < message.person_state_at:
        return WITHHELD
    if message.why in ("crisis", "page"):
        return SEND
    if message.why == "reply" and now - message.born_at <= OWN_TEXT_COUNTS:
        return SEND
    if message.person_state in ("stopped", "died") or message.safe == "never":
        return WITHHELD
    if message.why == "reply":
        return _at_a_fit_hour(message, program, now)
    if message.person_state != "active" or message.safe != "free":
        return WITHHELD
    return _at_a_fit_hour(message, program, now)


def _at_a_fit_hour(message: Ready, program: Program, now: datetime) -> Permit:
    start, end = (CHOSEN_FROM, CHOSEN_UNTIL) if message.chosen else (program.quiet_from, program.quiet_until)
    fit = next_allowed(now, (message.zone,), start, end)
    if fit <= now:
        return SEND
    return Permit("due", fit) if fit < message.expires_at else EXPIRED
