"""MY DATA and DELETE ME: what is kept, and its end."""

from typing import Any

from sqlalchemy import delete, select, update

from sms_service.services.desk import Work
from sms_service.services.turn import Turn
from sms_service.store.audit import note
from sms_service.store.cases import cases
from sms_service.store.checkins import checkins
from sms_service.store.consents import log_consent
from sms_service.store.conversations import conversations
from sms_service.store.groups import memberships
from sms_service.store.inbounds import inbounds
from sms_service.store.outbox import outbox, withhold_scheduled
from sms_service.store.people import Person
from sms_service.store.programs import Program
from sms_service.store.referrals import referrals
from sms_service.store.wakes import drop_wake


def note_asked(turn: Turn) -> None:
    """Somebody asked what is kept about them."""
    person = f"person:{turn.who.person.id}"
    note(turn.work.conn, turn.program.id, person, "person.my_data", person, turn.now)


def forget(turn: Turn) -> None:
    """Deletes the person's moods, texts, name and places; an open case ends first, consent stays for five years."""
    if turn.own_case is not None:
        turn.changes["delete_asked_at"] = turn.now
        return
    turn.forget_places()
    turn.changes |= erase(turn.work, turn.program, turn.who.person)


def erase(work: Work, program: Program, person: Person) -> dict[str, Any]:
    """Now: words are blanked, moods and memberships deleted; the number stays, for the consent log and for STOP.

    Returns what is to be set in the person's own row.
    """
    conn = work.conn
    log_consent(conn, program.id, person.id, "revoked", "DELETE ME", work.now, language=person.language)
    withhold_scheduled(conn, program.id, person.id, work.now)
    for table in (checkins, referrals, memberships):
        conn.execute(delete(table).where(table.c.program_id == program.id, table.c.person_id == person.id))
    _blank_words(work, person)
    for kind in ("check_in", "suits", "referral", "resume"):
        drop_wake(conn, program.id, f"{kind}:{person.id}")
    note(conn, program.id, f"person:{person.id}", "person.deleted", f"person:{person.id}", work.now)
    staying = {} if person.state in ("stopped", "died") else {"state": "left", "state_at": work.now}
    return staying | {
        "is_member": False, "name": "", "check_in_minute": None, "last_idea": -1, "referred_at": None,
        "mood_lapsed_at": None, "zone": program.zone, "delete_asked_at": None,
    }  # fmt: skip


def _blank_words(work: Work, person: Person) -> None:
    """Texts from and to the person, where they were in conversation, and what was relayed of their cases."""
    own = {"program_id": person.program_id, "person_id": person.id}
    theirs = select(cases.c.id).where(cases.c.program_id == person.program_id, cases.c.member_id == person.id)
    gone = outbox.c.state.not_in(("due", "sending", "unsure"))
    relayed = update(outbox).filter_by(program_id=person.program_id).where(outbox.c.case_id.in_(theirs), gone)
    for statement in (
        update(inbounds).filter_by(**own).values(body=""),
        update(conversations).filter_by(**own).values(place="", status="ended", ended_at=work.now),
        update(outbox).filter_by(**own).where(gone).values(body=""),
        relayed.values(body=""),
    ):
        work.conn.execute(statement)
