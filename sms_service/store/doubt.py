"""What a restored database must not simply do: whatever the lost service may have done after the backup.

Between the backup and the restore messages went out, alarms rang and texts came in that the restored database knows
nothing of. So whatever was owed or due by then is *in doubt*: written down as unsure, compared with Twilio's list, and
sent only when it is not there (docs/adr/0010).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, and_, bindparam, func, or_, select, text, update

from sms_service.store.marks import read_mark, set_mark
from sms_service.store.outbox import outbox
from sms_service.store.types import metadata
from sms_service.store.unsettled import Unfinished
from sms_service.store.wakes import FIRST, wakes

MARK = "restored"
HEAR_FIRST = timedelta(minutes=1)
"""So long alarms wait after a restore, for what members wrote meanwhile to be fetched first; danger does not wait."""
JUMP = 1_000_000
"""Ids given out after the backup are known to Twilio as addresses of callbacks: no new row may have one of them."""


@dataclass(frozen=True, slots=True)
class Past:
    """The time that a restored database does not know."""

    made_at: datetime
    restored_at: datetime

    def holds(self, at: datetime) -> bool:
        """Whether what arrived or was due then may have been acted on already."""
        return at <= self.restored_at + HEAR_FIRST


def read_past(conn: Connection) -> Past | None:
    """When this database was restored and from when; None when it never was."""
    mark = read_mark(conn, MARK)
    return Past(*map(datetime.fromisoformat, mark.split())) if mark else None


def keep_past(conn: Connection, past: Past) -> None:
    """Remembers it."""
    set_mark(conn, MARK, f"{past.made_at.isoformat()} {past.restored_at.isoformat()}")


_OWED = or_(
    outbox.c.state.in_(("sending", "unsure")),
    and_(outbox.c.state == "due", outbox.c.due_at <= bindparam("b_now")),
)
_QUESTIONS = select(*(outbox.c[name] for name in Unfinished.__slots__)).where(
    _OWED, outbox.c.conversation_id.is_not(None)
)
_DOUBT = update(outbox).where(_OWED).values(state="unsure", looks=0, settled_at=bindparam("b_now"), lease_until=None)
_WAIT = (
    update(wakes)
    .where(wakes.c.kind.not_in(FIRST), wakes.c.due_at <= bindparam("b_until"))
    .values(due_at=bindparam("b_until"))
)


def doubt_everything_owed(conn: Connection, now: datetime) -> tuple[int, list[Unfinished]]:
    """Whatever may have gone out is unsure: how many rows, and the questions among them, whose clocks start now."""
    questions = [Unfinished(*row) for row in conn.execute(_QUESTIONS, {"b_now": now})]
    return int(conn.execute(_DOUBT, {"b_now": now}).rowcount), questions


def let_alarms_wait(conn: Connection, now: datetime) -> None:
    """Alarms that are due wait until what arrived meanwhile is heard; those of a case do not."""
    conn.execute(_WAIT, {"b_until": now + HEAR_FIRST})


def jump_ids(conn: Connection) -> None:
    """The next ids stand far beyond any the lost service can have given out.

    PostgreSQL counts in sequences. SQLite counts from the highest row, so the newest message moves ahead: what is still
    reported of it finds no row, and it was looked up or sent before.
    """
    if conn.dialect.name == "sqlite":
        newest = select(func.max(outbox.c.id)).scalar_subquery()
        conn.execute(update(outbox).where(outbox.c.id == newest).values(id=outbox.c.id + JUMP))
        return
    for name, key in _counted():
        sequence = f"pg_get_serial_sequence('{name}', '{key}')"
        highest = f'(SELECT coalesce(max("{key}"), 0) FROM "{name}")'  # noqa: S608  # our own names
        conn.execute(text(f"SELECT setval({sequence}, {highest} + {JUMP})"))


def _counted() -> Iterator[tuple[str, str]]:
    """Tables whose ids the database gives out."""
    for table in metadata.sorted_tables:
        if table.autoincrement_column is not None and not table.autoincrement_column.foreign_keys:
            yield table.name, table.autoincrement_column.name
