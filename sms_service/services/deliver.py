"""Works one lane of the outbox off: claim under a lease, hand to Twilio, record what became of it.

1. Claim: of each person the next message that is due, as far as the line's rate allows; end what must not go.
2. Close the transaction, then send on a small pool of connections.
3. Record every outcome in one transaction; the clocks of the questions that went out start here.
4. Rows left after a second? Ring again.
"""

import logging
import random
from collections.abc import Callable, Iterable
from concurrent.futures import Executor
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol, assert_never

from sqlalchemy import Connection

from sms_service import clock
from sms_service.carrier.codes import treatment
from sms_service.carrier.outcomes import Later, NotSent, Outcome, Refused, Sent, Unsure
from sms_service.domain.words import Lane, LineId
from sms_service.services.desk import Desk, Work
from sms_service.services.permit import permit
from sms_service.services.settle import after_failure, start_clocks
from sms_service.store.dispatch import (
    LineRate,
    Put,
    Ready,
    heads,
    keep_rates,
    lease,
    line_rates,
    put,
    waiting_lanes,
)
from sms_service.store.marks import read_mark
from sms_service.store.programs import Program, all_programs

log = logging.getLogger(__name__)
BATCH = 8
"""Messages claimed at once: one for each connection, so that none waits in the pool while its lease runs out."""
AHEAD: dict[Lane, timedelta | None] = {
    "urgent": None,  # a crisis may overdraw the line
    "reply": timedelta(seconds=1),
    "scheduled": timedelta(seconds=0.9),
    "bulk": timedelta(seconds=0.8),
}
"""How far ahead of a line's own pace rows are handed over: what Twilio queues stands before a crisis text."""
BULK_COST = 1.25  # bulk gets at most 80 % of a line
PAGE_TRIES = 3
"""After so many tries without a connection a page goes to the next rung as well."""
VALIDITY = timedelta(hours=2)


class Sender(Protocol):
    """What hands a text over: the carrier."""

    def send_sms(self, to: str, from_: str, body: str, status_callback: str, validity_s: int) -> Outcome:
        """One try."""
        ...


@dataclass(frozen=True, slots=True)
class Taken:
    """One claimed message and the number it leaves by."""

    ready: Ready
    from_number: str


def drain(desk: Desk, carrier: Sender, pool: Executor, lane: Lane, budget_s: float = 1.0) -> int:
    """Works a lane off for about a second or until nothing may go; how many messages were handed over."""
    until, sent = clock.monotonic() + budget_s, 0
    while clock.monotonic() < until:
        taken = claim(desk, lane, clock.now())
        if not taken:
            return sent
        outcomes = list(pool.map(lambda one: hand_over(carrier, one, desk.callback_base), taken))
        record(desk, taken, outcomes, clock.now())
        sent += len(taken)
    desk.bell.ring({lane})
    return sent


def claim(desk: Desk, lane: Lane, now: datetime, most: int = BATCH) -> list[Taken]:
    """Leases what may go now, of every program in turn; nothing of a lane that is on hold."""
    with desk.db.read() as conn:
        if lane not in waiting_lanes(conn, now) or lane in held_lanes(read_mark(conn, "hold")):
            return []
    taken: list[Taken] = []
    with desk.db.write() as conn:
        for program in all_programs(conn):
            rates = line_rates(conn, program.id)
            free = [line.id for line in rates.values() if has_room(line.next_free_at, lane, now)]
            allowed = sifted(conn, program, lane, free, now, most)
            within, free_at = within_rate(allowed, rates, lane, now)
            lease(conn, (one.ready for one in within), now)
            keep_rates(conn, program.id, free_at)
            taken += within
    return taken


def held_lanes(mark: str | None) -> set[str]:
    """The lanes an operator has put on hold; a crisis is never held."""
    return set((mark or "").split(",")) - {"", "urgent"}


def sifted(conn: Connection, program: Program, lane: Lane, free: list[LineId], now: datetime, most: int) -> list[Ready]:
    """The heads that may go; those that must not are ended, so that what stands behind them is not kept waiting."""
    allowed: list[Ready] = []
    while not allowed and (ready := heads(conn, program.id, lane, free, now, most)):
        allowed, ended = sift(ready, program, now)
        put(conn, ended)
    return allowed


def sift(ready: list[Ready], program: Program, now: datetime) -> tuple[list[Ready], list[Put]]:
    """Which may go, and what becomes of the others."""
    allowed: list[Ready] = []
    ended: list[Put] = []
    for message in ready:
        verdict = permit(message, program, now)
        if verdict.state == "send":
            allowed.append(message)
            continue
        settled_at = None if verdict.state == "due" else now
        due_at = verdict.due_at or message.due_at
        ended.append(Put(message.program_id, message.id, "due", verdict.state, due_at, settled_at))
    return allowed, ended


def has_room(next_free_at: datetime, lane: Lane, now: datetime) -> bool:
    """Whether a line that is busy until then may be handed one more message of this lane."""
    ahead = AHEAD[lane]
    return ahead is None or next_free_at - now < ahead


def within_rate(
    ready: Iterable[Ready], rates: dict[LineId, LineRate], lane: Lane, now: datetime
) -> tuple[list[Taken], dict[LineId, datetime]]:
    """As many as each line may be handed now, and until when it is then busy."""
    taken: list[Taken] = []
    free_at: dict[LineId, datetime] = {}
    for message in ready:
        line = rates[message.line_id]
        start = max(now, free_at.get(line.id, line.next_free_at))
        if not has_room(start, lane, now):
            continue
        cost = message.segments / line.rate * (BULK_COST if lane == "bulk" else 1)
        free_at[line.id] = start + timedelta(seconds=cost)
        taken.append(Taken(message, line.number))
    return taken, free_at


def hand_over(carrier: Sender, one: Taken, callback_base: str) -> Outcome:
    """One try of one message; never raises."""
    message = one.ready
    worth = min(message.expires_at - clock.now(), VALIDITY)
    return carrier.send_sms(
        to=message.number,
        from_=one.from_number,
        body=message.body,
        status_callback=f"{callback_base}/webhooks/sms/status/{message.id}",
        validity_s=max(60, int(worth.total_seconds())),
    )


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
            wait = back_off(ready, outcome, jitter())
            return Put(ready.program_id, ready.id, "sending", "due", now + timedelta(seconds=wait))
    assert_never(outcome)


def back_off(ready: Ready, outcome: Later | NotSent, jitter: float) -> float:
    """Seconds until the next try: doubling from half a second, ±25 %; danger waits at most 5 s, the rest 60."""
    least = outcome.after_s if isinstance(outcome, Later) else 0.5
    ceiling = 5.0 if ready.why in ("crisis", "page") else 60.0
    wait: float = min(ceiling, max(least, 0.5 * 2 ** min(ready.tries, 10)))
    return wait * (0.75 + jitter / 2)
