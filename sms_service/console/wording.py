"""The board's small words: what a state, a code or a role is called on the page."""

import re

from sms_service.carrier.codes import treatment
from sms_service.carrier.outcomes import Reason
from sms_service.store.board import WentWrong

KINDS = {
    "crisis": "Crisis",
    "concern": "Concern",
    "talk": "Wants to talk",
    "callback": "Call back",
    "report": "Report",
}
WHYS = {
    "crisis": "crisis reply",
    "page": "page to a volunteer",
    "reply": "reply",
    "scheduled": "planned text",
    "bulk": "group text",
}
LANGUAGES = {"en": "English", "es": "Spanish"}
GONE = {"stopped": "sent STOP", "unreachable": "number takes no texts"}
_STATES = {
    "withheld": "the person may not be texted now",
    "expired": "came too late to be of use",
    "unsure": "may have been sent; we are looking",
}
_REASONS: dict[Reason, str] = {
    "stopped": "the person has stopped texts",
    "invalid": "the number takes no texts",
    "unreachable": "the phone could not be reached",
    "config": "our Twilio account refuses",
    "route": "Twilio does not send to this country or route",
    "sender": "our own number is refused",
    "filtered": "filtered by the phone company",
    "expired": "waited too long at Twilio",
    "error": "Twilio could not take it",
}
_A_NUMBER = re.compile(r"\+?\d(?:[\s().-]*\d){6,}")


def reason(sent: WentWrong) -> str:
    """Why a message did not go out, in words."""
    return _STATES.get(sent.state) or _REASONS[treatment(sent.error_code).reason]


def shown_name(name: str | None, role: str, person_id: int) -> str:
    """A name, or "member 12" for none; somebody who gave a phone number as a name is shown without it."""
    return _A_NUMBER.sub("…", (name or "").strip()) or f"{role} {person_id}"
