"""Records what became of messages that were handed over, and what follows from it: one transaction a batch."""

import logging
import random
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import assert_never

from sqlalchemy.exc import SQLAlchemyError

from sms_service import clock
from sms_service.carrier.codes import treatment
from sms_service.carrier.outcomes import Later, NotSent, Outcome, Refused, Sent, Unsure
from sms_service.services.desk import Desk, Work
from sms_service.services.hand_over import Taken
from sms_service.services.settle import after_failure, start_clocks
from sms_service.store.dispatch import Put, Ready, put

log = logging.getLogger(__name__)
PAGE_TRIES = 3
"""After so many tries without a connection a page goes to the next rung as well."""
PAUSES = (0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 30.0)
"""Seconds between the tries to write down what is known and can't be asked again."""


def record(desk: Desk, taken: list[Taken], outcomes: list[Outcome], now: datetime) -> None:
    """Writes down what became of a batch, and what follows from it, in one transaction."""
    pairs = [(one.ready, outcome) for one, outcome in zip(taken, outcomes, strict=True)]

    def act(work: Work) -> None:
        put(work.conn, [outcome_row(ready, outcome, now) for ready, outcome in pairs])
        start_clocks(work, (ready for ready, outcome in pairs if _left(outcome)))
        for ready, outcome in pairs:
            reason = failed_because(ready, outcome)
            if reason:
                after_failure(work, ready.program_id, ready.person_id, ready.why, ready.case_id, ready.id, reason)

    for ready, outcome in pairs:
        sound_alarm(ready, outcome)
    desk.transact(f"sent:{pairs[0][0].id}:{pairs[0][0].tries}", now, act)


def record_at_last(desk: Desk, taken: list[Taken], outcomes: list[Outcome]) -> None:
    """Records, and while the database is away tries again for a minute: Twilio's list may be late or short.

    After that the leases run out and the messages count as unsure.
    """
    for pause in (*PAUSES, None):
        try:
            record(desk, taken, outcomes, clock.now())
        except SQLAlchemyError as error:
            log.warning("the database took no outcomes", extra={"error": type(error).__name__})
        else:
            return
        if pause is not None:
            time.sleep(pause)


def failed_because(ready: Ready, outcome: Outcome) -> str:
    """Why something must follow from this outcome; empty when nothing must. A page never waits for certainty."""
    match outcome:
        case Refused(_, reason):
            return reason
        case Unsure() if ready.why == "page":
            return "unsure"
        case NotSent() | Later() if ready.why == "page" and ready.tries + 1 == PAGE_TRIES:
            return "error"
        case _:
            return ""


def sound_alarm(ready: Ready, outcome: Outcome) -> None:
    """Says by code what an administrator must mend: the account, a sender, a route, a filter."""
    if isinstance(outcome, Refused | Later) and treatment(outcome.code).alert:
        log.error("Twilio takes no message: see the code", extra={"code": outcome.code, "outbox": ready.id})


def _left(outcome: Outcome) -> bool:
    return isinstance(outcome, Sent | Unsure)


def outcome_row(ready: Ready, outcome: Outcome, now: datetime, jitter: Callable[[], float] = random.random) -> Put:
    """One try's outcome as the row's next state. What never reached Twilio is tried until it is not worth sending."""
    match outcome:
        case Sent(sid):
            return Put(ready.program_id, ready.id, "sending", "sent", ready.due_at, now, sid=sid)
        case Unsure():
            return Put(ready.program_id, ready.id, "sending", "unsure", ready.due_at, now)
        case Refused(code):
            return Put(ready.program_id, ready.id, "sending", "failed", ready.due_at, now, error_code=code)
        case Later() | NotSent():
            due_at = now + timedelta(seconds=back_off(ready, outcome, jitter()))
            why = outcome.code if isinstance(outcome, Later) else None  # the operator is told why it waits
            return Put(ready.program_id, ready.id, "sending", "due", due_at, error_code=why)
    assert_never(outcome)


def back_off(ready: Ready, outcome: Later | NotSent, jitter: float) -> float:
    """Seconds until the next try: doubling from half a second, ±25 %; danger waits at most 5 s, the rest 60."""
    least = outcome.after_s if isinstance(outcome, Later) else 0.5
    ceiling = 5.0 if ready.why in ("crisis", "page") else 60.0
    wait: float = min(ceiling, max(least, 0.5 * 2 ** min(ready.tries, 10)))
    return wait * (0.75 + jitter / 2)
