"""late: prompts due over ten minutes on a line of 100/s: how much later than due each was on its handset."""

import sys
import time
from datetime import datetime, timedelta

from scripts.benches.asked import Asked
from scripts.benches.figures import Bar, Outcome, curve, percentile
from scripts.benches.live import Handsets, live
from scripts.benches.numbers import number_of
from scripts.benches.stage import Servers, stage
from scripts.benches.stock import check_ins, filling, line_rate, members, settle
from sms_service import clock

NOON = datetime.fromisoformat("2026-03-04T17:00+00:00")
PROMPTS, OVER = 2_000, timedelta(minutes=10)
RATE = 100.0
SOON = timedelta(seconds=3)
"""Until the first is due, so that all are written down before."""
MOST_S = 2.0
PATIENCE = 60.0


def measure(asked: Asked, servers: Servers) -> Outcome:
    """One run; `scale` shortens the time and the number alike."""
    count, over = max(5, int(PROMPTS * asked.scale)), OVER * asked.scale
    with stage(servers, asked.database, at=NOON.isoformat()) as made, made.stack:
        database = made.database()
        with filling(database) as conn:
            ids = members(conn, count, NOON - timedelta(days=30), 12 * 60)
            line_rate(conn, RATE)
        settle(database)
        with live(made, RATE) as handsets:
            start = clock.now() + SOON + SOON * asked.scale
            due = {number_of(at): start + at * (over / count) for at in range(count)}
            with filling(database) as conn:
                check_ins(conn, ids, due.values())
            late = wait_for(handsets, due, (start + over - clock.now()).total_seconds() + PATIENCE)
    return judged(late, over)


def wait_for(handsets: Handsets, due: dict[str, datetime], seconds: float) -> list[float]:
    """Seconds between due and there, of each; SystemExit when one is missing, came twice, or came too soon."""
    give_up, told = time.monotonic() + seconds, time.monotonic()
    while len(arrived := [one for one in handsets.all() if one.handset in due]) < len(due):
        if time.monotonic() > give_up:
            raise SystemExit(f"Of {len(due)} prompts only {len(arrived)} came.")
        if time.monotonic() - told > 60:
            told = time.monotonic()
            print(f"  {len(arrived)} of {len(due)} are there", file=sys.stderr, flush=True)
        time.sleep(0.5)
    late = [(one.at - due[one.handset]).total_seconds() for one in arrived]
    if len({one.handset for one in arrived}) != len(due) or min(late) < -0.01:
        raise SystemExit("A prompt came twice, or before it was due: that does not count.")
    return late


def judged(late: list[float], over: timedelta) -> Outcome:
    """The figures and the bar of the issue."""
    figures = {f"lateness_p{p}_s": percentile(late, p) for p in (50, 90, 99)}
    figures |= {"lateness_most_s": max(late), "prompts": len(late)}
    bars = [Bar("p99 lateness in seconds", figures["lateness_p99_s"], "<=", MOST_S)]
    notes = [
        f"{len(late)} prompts due over {over.total_seconds() / 60:g} min, line at {RATE:g}/s, parts as `up` runs them",
        "from the moment a check-in is due until it is on the handset (the local Twilio's log)",
    ]
    return Outcome(figures, bars, series={"lateness": curve(late)}, notes=notes)
