"""Twilio's error codes and what each asks of us: one table, total, for answers and callbacks alike."""

from dataclasses import dataclass

from sms_service.carrier.outcomes import Later, Outcome, Reason, Refused, Unsure


@dataclass(frozen=True, slots=True)
class Treatment:
    """What a code asks for.

    `retries`: how often at most to try the same person and channel again (None: while it makes sense),
    not before `after_s` seconds; `alert`: tell an administrator.
    """

    reason: Reason
    retries: int | None = 0
    after_s: float = 0.0
    alert: bool = False

    @property
    def final(self) -> bool:
        """No second try by this channel can help."""
        return self.retries == 0


CONFIG = Treatment("config", retries=None, after_s=60.0, alert=True)
"""Nothing passes until an administrator has mended it; what is owed waits for that."""
BUSY = Treatment("error", retries=None, after_s=2.0)
QUEUE_FULL = Treatment("error", retries=None, after_s=30.0)
INVALID = Treatment("invalid")
STOPPED = Treatment("stopped")
ROUTE = Treatment("route", alert=True)
SENDER = Treatment("sender", alert=True)
PASSING = Treatment("unreachable", retries=2, after_s=60.0)
FILTERED = Treatment("filtered", alert=True)
EXPIRED = Treatment("expired")
OURS = Treatment("error", alert=True)

_ROWS: tuple[tuple[Treatment, tuple[int, ...]], ...] = (
    (CONFIG, (401, 403, 404, 20003, 20404, 90010, 30002)),
    (BUSY, (429, 20429, 20503, 14107, 30022, 63018)),
    (INVALID, (21211, 21401, 21217, 21614, 30005, 30006)),
    (STOPPED, (21610, 30004)),
    (ROUTE, (21408, 21215, 13227, 21612)),
    (SENDER, (21212, 21606, 21603, 21703, 21704, 21705)),
    (QUEUE_FULL, (21611, 30001)),
    (PASSING, (30003, 30008, 30017)),
    (FILTERED, (30007, 30034, 30032, 30023, 30027, 30450)),
    (EXPIRED, (30036, 30010)),
    (OURS, (11200, 11205, 11750, 12100, 12200, 12300)),
)
TABLE: dict[int, Treatment] = {code: treatment for treatment, codes in _ROWS for code in codes}


def treatment(code: int | None) -> Treatment:
    """What this code asks for. An unknown one is final and an administrator hears of it."""
    return TABLE.get(code or 0, OURS)


def outcome_of(status: int, code: int | None) -> Outcome:
    """What an HTTP answer to a POST that is no success means (TWILIO.md, Outcomes of a POST)."""
    if not 400 <= status < 500 or status == 408:
        return Unsure(f"http {status}")
    shown = code or status
    known = treatment(429 if status == 429 else shown)
    if known.final:
        return Refused(shown, known.reason)
    return Later(shown, known.after_s)
