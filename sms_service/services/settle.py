"""What became of a message after it was handed over: callbacks, failures, and the ones we are unsure of."""

import logging
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol

from sms_service.carrier.outcomes import Reason
from sms_service.carrier.twilio import CarrierError
from sms_service.domain.delivery import REPORTED, next_state
from sms_service.domain.words import CaseId, OutboxId, PersonId, ProgramId, Why
from sms_service.services.claim import hand_on
from sms_service.services.desk import Desk, Work
from sms_service.services.escalate import page_failed
from sms_service.store.cases import owned_cases
from sms_service.store.consents import log_consent
from sms_service.store.conversations import mark_asked
from sms_service.store.dispatch import LEASE, Put, Ready, put
from sms_service.store.doubt import read_past
from sms_service.store.outbox import withhold_scheduled
from sms_service.store.people import change_person, person_by_id
from sms_service.store.programs import program_by_id
from sms_service.store.unsettled import (
    Unfinished,
    expired_leases,
    looked,
    message_by_id,
    owned_sids,
    unsure_messages,
)
from sms_service.store.wakes import redate_wakes

log = logging.getLogger(__name__)
FIRST_LOOK = {True: timedelta(seconds=5), False: timedelta(seconds=60)}  # urgent, or not (DESIGN.md §5)
NEXT_LOOK = timedelta(seconds=30)
AGAIN_IN = timedelta(seconds=5)
RETRIED = frozenset({30003, 30008, 30017})
"""Twilio's passing failures: tried again at most twice (TWILIO.md)."""
_STOPPED = frozenset({21610, 30004})
_NEVER = frozenset({21211, 21401, 21217, 21614, 30005, 30006})


class Listing(Protocol):
    """Twilio's list of what it was handed."""

    def list_sms(
        self, since: datetime, direction: Any, *, to: str | None = None, from_: str | None = None
    ) -> Sequence[Any]:
        """Texts since then."""
        ...


def start_clocks(work: Work, handed: Iterable[Ready | Unfinished]) -> None:
    """Of the questions among these: asked now, and silence so many seconds from now."""
    asked: list[dict[str, object]] = []
    moved: list[dict[str, object]] = []
    for message in handed:
        if message.conversation_id is not None:
            own = {"b_program_id": message.program_id, "b_turn": message.turn}
            silence = work.now + timedelta(seconds=message.silence_s or 0)
            asked.append(own | {"b_id": message.conversation_id, "b_asked_at": work.now})
            moved.append(own | {"b_key": f"silence:{message.conversation_id}", "b_due_at": silence})
    mark_asked(work.conn, asked)
    redate_wakes(work.conn, moved)


def after_failure(
    work: Work,
    program_id: ProgramId,
    person_id: PersonId,
    why: Why,
    case_id: int | None,
    outbox_id: OutboxId,
    reason: Reason | str,
) -> None:
    """What follows when a message can't arrive: a stopped or unreachable person, and the next rung for a page."""
    program = program_by_id(work.conn, program_id)
    if reason in ("stopped", "invalid"):
        person = person_by_id(work.conn, program_id, person_id, lock=True)
        if person.state not in ("died", "stopped", "left"):
            state = "stopped" if reason == "stopped" else "unreachable"
            change_person(work.conn, person, state=state, state_at=work.now)
            withhold_scheduled(work.conn, program_id, person_id, work.now)
            for case in owned_cases(work.conn, program_id, person_id):
                hand_on(work, program, case)
        if reason == "stopped" and person.state != "stopped":
            log_consent(work.conn, program_id, person_id, "revoked", "21610", work.now, source="carrier")
    if why == "page" and case_id:
        page_failed(work, program, CaseId(case_id), outbox_id)


def hear_status(desk: Desk, outbox_id: OutboxId, sid: str, status: str, code: int | None, now: datetime) -> bool:
    """One status callback; late, doubled or out of order it changes nothing back. False: no such message."""
    known: list[bool] = []

    def act(work: Work) -> None:
        row = message_by_id(work.conn, outbox_id)
        known.append(row is not None)
        if row is not None and status in REPORTED and _of_this_try(row, sid):
            _report(work, row, sid, status, code)

    desk.transact(f"status:{outbox_id}:{status}", now, act)
    return known[-1]


def _of_this_try(row: Any, sid: str) -> bool:
    """A row that is under way again keeps the SID of its failed try, whose late callbacks are old news."""
    settled = row.state not in ("due", "sending", "unsure")
    return row.sid is None or (row.sid == sid) is settled


def _report(work: Work, row: Any, sid: str, status: str, code: int | None) -> None:
    state = next_state(row.state, REPORTED[status])
    if state == row.state:
        return
    again = state == "failed" and code in RETRIED and row.tries <= 2 and row.why != "bulk"
    if again:
        put(work.conn, [Put(row.program_id, row.id, row.state, "due", work.now + AGAIN_IN, sid=sid)])
    else:
        put(
            work.conn,
            [Put(row.program_id, row.id, row.state, state, row.due_at, work.now, sid=sid, error_code=code)],
        )
    if state == "failed":
        after_failure(work, row.program_id, row.person_id, row.why, row.case_id, row.id, reason_of(code))


def reason_of(code: int | None) -> str:
    """Why a callback's failure came, as far as it has consequences for the person."""
    if code in _STOPPED:
        return "stopped"
    return "invalid" if code in _NEVER else "unreachable"


def sweep_leases(desk: Desk, now: datetime) -> int:
    """Rows whose sender vanished may have reached Twilio: unsure since they were leased, when the try began."""
    with desk.db.read() as conn:
        lost = expired_leases(conn, now)
    if not lost:
        return 0

    def act(work: Work) -> None:
        put(work.conn, [Put(one.program_id, one.id, "sending", "unsure", now, now - LEASE) for one in lost])
        start_clocks(work, lost)
        for one in lost:
            if one.why == "page":
                after_failure(work, one.program_id, one.person_id, one.why, one.case_id, one.id, "unsure")

    desk.transact(f"lost:{lost[0].id}:{int(now.timestamp())}", now, act)
    return len(lost)


def sweep_unsure(desk: Desk, carrier: Listing, now: datetime) -> int:
    """Looks unsure rows up at Twilio: found → sent; absent in two looks → due again (a crisis after one)."""
    with desk.db.read() as conn:
        rows = unsure_messages(conn, now - FIRST_LOOK[True], now - FIRST_LOOK[False], now - NEXT_LOOK)
    for row in rows:
        try:
            found = _found(desk, carrier, row)
        except CarrierError as error:
            log.warning("an unsure message could not be looked up", extra={"outbox": row.id, "code": error.code})
            continue
        with desk.db.write() as conn:
            _settle(conn, row, found, now)
    return len(rows)


def _found(desk: Desk, carrier: Listing, row: Any) -> str | None:
    """A SID with these words that no row of ours owns, or None."""
    since = _since(desk, row) - timedelta(seconds=5)
    listed = [
        sms.sid
        for sms in carrier.list_sms(since, "outbound", to=row.number, from_=row.line_number)
        if sms.body == row.body
    ]
    with desk.db.read() as conn:
        owned = owned_sids(conn, row.program_id, listed)
    return next((sid for sid in listed if sid not in owned), None)


def _since(desk: Desk, row: Any) -> datetime:
    """From when Twilio may have it: one we never tried was sent, if at all, by the service before a restore."""
    born_at: datetime = row.born_at
    if row.tries:
        return born_at
    with desk.db.read() as conn:
        past = read_past(conn)
    return min(born_at, past.made_at) if past else born_at


def _settle(conn: Any, row: Any, found: str | None, now: datetime) -> None:
    if found:
        put(conn, [Put(row.program_id, row.id, "unsure", "sent", now, now, sid=found)])
    elif now >= row.expires_at:
        put(conn, [Put(row.program_id, row.id, "unsure", "expired", now, now)])
    elif row.looks >= 1 or row.why == "crisis":
        put(conn, [Put(row.program_id, row.id, "unsure", "due", now)])
    else:
        looked(conn, row.program_id, row.id, now)
