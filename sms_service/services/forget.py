"""MY DATA and DELETE ME: what is kept, and its end."""

from sqlalchemy import delete, update

from sms_service.services import enrol
from sms_service.services.turn import Turn
from sms_service.store.audit import note
from sms_service.store.checkins import checkins
from sms_service.store.conversations import conversations
from sms_service.store.groups import memberships
from sms_service.store.inbounds import inbounds
from sms_service.store.outbox import outbox
from sms_service.store.referrals import referrals
from sms_service.store.wakes import drop_wake


def note_asked(turn: Turn) -> None:
    """Somebody asked what is kept about them."""
    person = f"person:{turn.who.person.id}"
    note(turn.work.conn, turn.program.id, person, "person.my_data", person, turn.now)


def forget(turn: Turn) -> None:
    """Deletes the person's moods, texts, name and places; an open case ends first, consent stays for five years."""
    turn.changes["delete_asked_at"] = turn.now
    if turn.own_case is None:
        erase(turn)


def erase(turn: Turn) -> None:
    """Now: words are blanked, moods and memberships deleted; the number stays, for the consent log and for STOP."""
    person, conn = turn.who.person, turn.work.conn
    enrol.leave(turn)
    for table in (checkins, referrals, memberships):
        conn.execute(delete(table).where(table.c.program_id == person.program_id, table.c.person_id == person.id))
    for table, blank in ((inbounds, {"body": ""}), (conversations, {"place": ""}), (outbox, {"body": ""})):
        done = (table.c.program_id == person.program_id) & (table.c.person_id == person.id)
        if table is outbox:
            done &= outbox.c.state.not_in(("due", "sending", "unsure"))
        conn.execute(update(table).where(done).values(blank))
    for kind in ("check_in", "referral", "resume"):
        drop_wake(conn, person.program_id, f"{kind}:{person.id}")
    turn.changes |= {
        "name": "",
        "check_in_minute": None,
        "last_idea": -1,
        "referred_at": None,
        "mood_lapsed_at": None,
    }
    turn.changes |= {"zone": turn.program.zone, "delete_asked_at": None}
    note(conn, person.program_id, f"person:{person.id}", "person.deleted", f"person:{person.id}", turn.now)
