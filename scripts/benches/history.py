"""A program that has run for a month: many members, each with texts, replies, moods and conversations behind them."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, text

from scripts.benches.stock import check_ins, filling, ground, members, microseconds, settle
from sms_service.store.database import Database
from sms_service.store.sealing import keyring

TEXTS = 5
"""Of each member so many texts and as many replies."""
DAYS = 28

_COUNTED = "WITH RECURSIVE k(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM k WHERE n < :upto)"
_FROM = "FROM k CROSS JOIN people p WHERE p.program_id = :program AND p.id BETWEEN :first_id AND :last_id"
_ORDERS = {
    "inbounds": {
        "sid": "'SMi' || k.n || '-' || p.id", "line_id": "p.line_id", "channel": "'sms'", "body": ":body", "media": "0",
        "level": "'none'", "family": "''", "rule": "''", "received_at": "{at}",
    },
    "outbox": {
        "line_id": "p.line_id", "cause": "'h:' || k.n", "position": "0", "why": "'reply'", "lane": "1",
        "channel": "'sms'", "body": ":body", "segments": "1", "state": "'delivered'", "born_at": "{at}",
        "due_at": "{at}", "expires_at": "{at}", "tries": "1", "looks": "0", "sid": "'SMo' || k.n || '-' || p.id",
        "settled_at": "{at}", "chosen": "{no}",
    },
    "checkins": {
        "mood": "3 + (p.id + k.n) % 7", "late": "{no}", "channel": "'sms'", "answered_at": "{at}",
    },
    "conversations": {
        "channel": "'sms'", "status": "'ended'", "place": ":body", "turn": "3", "prompted": "{no}", "began_at": "{at}",
        "ended_at": "{at}",
    },
}  # fmt: skip
"""Of each table its columns and what they hold, in SQL; `p` is a member, `k.n` counts their texts."""


def build(database: Database, count: int, now: datetime) -> None:
    """So many members, 2 × TEXTS messages each over the last weeks, a check-in tomorrow; statements over whole sets."""
    with filling(database) as conn:
        if database.is_sqlite:
            conn.exec_driver_sql("PRAGMA cache_size=-2000000")
        ids = members(conn, count, now - timedelta(days=DAYS + 1), 18 * 60)
        check_ins(conn, ids, (now + timedelta(days=1, seconds=at % 3600) for at in range(count)))
        for table in _ORDERS:
            _write(conn, table, ids, now)
    settle(database)


def _write(conn: Connection, table: str, ids: range, now: datetime) -> None:
    """One table's history: text by text through all members, as time would have written it."""
    columns = {"program_id": "p.program_id", "person_id": "p.id"} | _ORDERS[table]
    lite = conn.dialect.name == "sqlite"
    ago = "((:upto + 1 - k.n) * :apart - p.id % 86400)"
    at = f"(:now - {ago} * 1000000)" if lite else f"(CAST(:now AS timestamptz) - {ago} * interval '1 second')"
    no = "0" if lite else "false"
    values = ", ".join(columns.values()).format(at=at, no=no)
    order = f"INSERT INTO {table} ({', '.join(columns)}) {_COUNTED} SELECT {values} {_FROM} ORDER BY k.n, p.id"
    if not lite:  # PostgreSQL wants the types of what it is given
        order = order.replace(":upto", "CAST(:upto AS integer)").replace(":apart", "CAST(:apart AS integer)")
        order = order.replace(":body", "CAST(:body AS text)")
    given = {
        "program": ground(conn).program_id, "first_id": ids.start, "last_id": ids.stop - 1, "upto": TEXTS - 1,
        "apart": DAYS * 86400 // TEXTS, "now": microseconds(now) if lite else now,
        "body": keyring().seal("Mood 7 saved. Good to hear. Hold on to what helped today."),
    }  # fmt: skip
    wanted = {name: value for name, value in given.items() if f":{name}" in order}
    conn.execute(text(order), wanted)
