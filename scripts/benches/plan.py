"""plan: many members whose check-in is due in one minute, fired by the service, beside a plain ORM loop."""

import json
import subprocess
import sys
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select, update

from scripts.benches.asked import Asked
from scripts.benches.figures import Bar, Outcome, medians
from scripts.benches.stage import ROOT, Servers, Stage, stage
from scripts.benches.stock import check_ins, filling, members, settle
from sms_service.store.conversations import conversations
from sms_service.store.database import Database
from sms_service.store.outbox import outbox
from sms_service.store.people import people
from sms_service.store.wakes import wakes

NOON = datetime.fromisoformat("2026-03-04T17:00+00:00")
"""12:00 in New York, a Wednesday."""
MINUTE = timedelta(minutes=1)
MEMBERS, PART = 100_000, 2_000
ROWS_A_WAKE = 5
"""The conversation, the message, the next check-in, the silence; the person changed."""
MOST_MB = 200


@dataclass(frozen=True)
class Fired:
    """One run of the firing process."""

    fired: int
    seconds: float
    rss_mb: float

    @property
    def figures(self) -> dict[str, float]:
        """Wakes and rows a second, and the most memory it held."""
        speed = self.fired / self.seconds
        return {
            "wakes_per_second": speed, "rows_per_second": speed * ROWS_A_WAKE, "seconds": self.seconds,
            "peak_rss_mb": self.rss_mb,
        }  # fmt: skip


def measure(asked: Asked, servers: Servers) -> Outcome:
    """All members by the service, a part of them by the loop, in turns; the rows are taken back in between."""
    count, part = max(20, int(MEMBERS * asked.scale)), max(10, int(PART * min(1.0, asked.scale * 5)))
    ours: list[Fired] = []
    loop: list[Fired] = []
    with stage(servers, asked.database, at=NOON.isoformat()) as made, made.stack:
        database = made.database()
        with filling(database) as conn:
            ids = members(conn, count, NOON - timedelta(days=30), 12 * 60)
        for turn in range(asked.rounds):
            for runs, how, most in ((ours, "service", count), (loop, f"orm:{part}", part)):
                rewind(database, ids)
                runs.append(fire(made, how))
                check(database, runs[-1], ids, most)
            tell(turn, ours[-1], loop[-1])
    return judged(ours, loop, count, part)


def rewind(database: Database, ids: range) -> None:
    """As it was before: each of them is due, nothing was asked."""
    with filling(database) as conn:
        for table in (outbox, conversations, wakes):
            conn.execute(delete(table))
        conn.execute(update(people).where(people.c.missed != 0).values(missed=0))
        apart = MINUTE / len(ids)
        check_ins(conn, ids, (NOON + at * apart for at in range(len(ids))))
    settle(database)


def fire(made: Stage, how: str) -> Fired:
    """A process of its own, so that its memory is its own."""
    now = (NOON + MINUTE).isoformat()
    command = [sys.executable, "-m", "scripts.benches.firing", now, how]
    done = subprocess.run(command, env=made.env, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"Nothing was fired: {(done.stdout + done.stderr)[-1500:]}")
    return Fired(**json.loads(done.stdout.splitlines()[-1]))


def check(database: Database, run: Fired, ids: range, most: int) -> None:
    """Each of them was asked once and has two alarms; SystemExit otherwise."""
    with database.read() as conn:
        asked = conn.scalar(select(func.count(outbox.c.person_id.distinct())).where(outbox.c.why == "scheduled"))
        rows: list[Any] = [conn.scalar(select(func.count()).select_from(one)) for one in (outbox, conversations)]
        silent = conn.scalar(select(func.count()).where(wakes.c.kind == "silence"))
        wound = conn.scalar(select(func.count()).where(wakes.c.kind == "check_in", wakes.c.due_at > NOON + MINUTE))
    if {asked, *rows, silent, wound, run.fired} != {most}:
        found = f"{run.fired} fired, {asked} asked, {rows} messages and conversations, {silent} and {wound} alarms"
        raise SystemExit(f"Of {most} members that were due: {found}. That does not count.")


def tell(turn: int, ours: Fired, loop: Fired) -> None:
    """A word of progress."""
    speeds = (one.figures["wakes_per_second"] for one in (ours, loop))
    words = "service {:.0f}/s, loop {:.0f}/s".format(*speeds)
    print(f"  round {turn + 1}: {words}, {ours.rss_mb:.0f} MB", file=sys.stderr, flush=True)


def judged(ours: list[Fired], loop: list[Fired], count: int, part: int) -> Outcome:
    """The figures and the bars of the issue."""
    mine, plain = medians(one.figures for one in ours), medians(one.figures for one in loop)
    ratio = mine["wakes_per_second"] / plain["wakes_per_second"]
    peak = max(one.rss_mb for one in ours)
    bars = [
        Bar("wakes fired per second ÷ the ORM loop's", ratio, ">=", 10),
        Bar("peak memory of the firing process, MB", peak, "<=", MOST_MB),
    ]
    series = {
        "service": [one.figures["wakes_per_second"] for one in ours],
        "loop": [one.figures["wakes_per_second"] for one in loop],
    }
    notes = [
        f"{count} members due in one minute; the loop is measured on {part} of them",
        f"{ROWS_A_WAKE} rows a wake: conversation, message, two alarms, the person",
    ]
    return Outcome(mine, bars, plain, ratio, series, notes)
