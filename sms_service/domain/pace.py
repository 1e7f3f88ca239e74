"""How fast a line is handed messages, so that danger reaches a handset in time (DESIGN.md §5).

Twilio sends what one number was handed first in, first out, each segment taking 1/rate seconds. A crisis text asks for
two messages on one line, the reply and, one segment behind it, the page. Whatever stands before them adds its own
segments, so the page is on the handset (what stands before + 1) / rate seconds after Twilio had it. On a line of one
segment a second a single text before them makes that the whole two seconds of the bar: nothing may be handed over
ahead there, and a text handed over in the moment between a webhook and the reply to it already costs the bar. How
often that happens is (the length of that moment) x (messages a second), so on such a line bulk goes out less often.
"""

from sms_service.domain.words import Lane

BAR = 2.0
"""Seconds within which a crisis reply and its page are on the handset."""
MOMENT = 0.05
"""Seconds from a webhook until Twilio has both, on a small machine."""
RISK = 0.005
"""The share of pages that bulk may make late: half of what the 99th percentile leaves."""
LEAST = 0.05
"""The share of a line that bulk gets however long its messages are."""
MOST = 0.8
"""The share of a line that bulk never exceeds."""
AHEAD: dict[Lane, float] = {"urgent": float("inf"), "reply": 1.0, "scheduled": 0.9, "bulk": MOST}
"""How many seconds ahead of a line's own pace rows are handed over at most; danger may overdraw."""


def may_go(lane: Lane, rate: float, segments: int, wait: float) -> bool:
    """Whether a line that is busy for `wait` seconds may be handed one message more of this lane."""
    if wait <= 0:
        return True
    return wait < (AHEAD[lane] if lane in ("urgent", "reply") else min(AHEAD[lane], slack(rate, segments)))


def slack(rate: float, segments: int) -> float:
    """Seconds left of the bar when a page has to wait behind these segments and its own crisis reply."""
    return BAR - MOMENT - (segments + 1) / rate


def is_tight(rate: float) -> bool:
    """Whether one segment before a crisis reply already costs its page the bar."""
    return slack(rate, 1) <= 0


def busy_for(lane: Lane, rate: float, segments: int) -> float:
    """Seconds a message keeps its line busy; bulk a quarter longer, which leaves a fifth of the line to the others."""
    return segments / rate / (MOST if lane == "bulk" else 1)


def rest_after_bulk(rate: float, segments: int) -> float:
    """Seconds from one bulk message to the next one on the same line.

    At a rate of 1: 10 s for one segment, 40 s for two, which can't be kept within the bar. At 3 and above: the fifth.
    """
    late = max(0.0, -slack(rate, segments))
    return max(busy_for("bulk", rate, segments), min(late / RISK, segments / rate / LEAST))
