"""Lets a thousand members talk while everything is killed and fails at random, and compares every handset.

Web, workers and ticker are killed with kill -9, also between Twilio's 201 and our commit; Redis is emptied and killed,
the database is away for 30 s, a tenth each of Twilio's answers is 429, 500, no answer before and no answer after the
work; callbacks are dropped, doubled, shuffled and late, its list lags. What each handset must have got is worked out
by replaying the texts through the pure engine. Prints one JSON object and one sentence; ends with 1 unless nothing was
lost, nothing came twice (a crisis reply may, and is counted) and all was done 120 s after the last fault.
"""

import argparse
import json
import random
import shutil
import signal
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from storm.faults import Weather
from storm.run import SETTLE_WITHIN, Asked, starts_at, storm
from storm.stage import stage

SMALL = Weather(seconds=22, kills=2, redis_empty=1, redis_away_s=3, database_away_s=4, hang_s=1.5)


def options() -> argparse.Namespace:
    """What was asked for on the command line."""
    what, _, how = str(__doc__).partition("\n\n")
    parser = argparse.ArgumentParser(prog="scripts/chaos", description=what, epilog=how)
    small = "40 members, 22 seconds, each process killed twice; then the test clock runs 5 times as fast"
    parser.add_argument("--small", action="store_true", help=small)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--hosts", type=int, choices=(1, 2), default=1, help="two need PostgreSQL")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10_000))
    parser.add_argument("--members", type=int, help="how many (1000)")
    parser.add_argument("--minutes", type=float, help="how long things go wrong (4)")
    parser.add_argument("--kills", type=int, help="of each process (20)")
    parser.add_argument("--think", type=float, help="seconds between a reply and the next text, on average")
    parser.add_argument("--keep", action="store_true", help="leave the folder with its logs and say where it is")
    given = parser.parse_args()
    if given.hosts == 2 and given.database != "postgresql":
        parser.error("two hosts cannot share a SQLite file: add --database postgresql")
    if (given.members is not None and not 20 <= given.members <= 4000) or (given.minutes or 1) <= 0:
        parser.error("members are 20 to 4000, minutes more than 0")
    return given


def asked_for(given: argparse.Namespace) -> Asked:
    """The storm these options mean."""
    if given.small:
        weather, members, think, team, most, hurry = SMALL, given.members or 40, 1.0, 4, 5, 5
    else:
        seconds = 60 * (given.minutes or 4)
        weather, members = Weather(seconds, given.kills or 20), given.members or 1000
        think, team, most = given.think or members / 40, max(6, members // 30), max(4, members // 40)
        hurry = 1
    return Asked(given.database, given.hosts, given.seed, members, weather, think, team, most, hurry, _tell)


def _tell(line: str) -> None:
    print(line.rstrip(), file=sys.stderr, flush=True)


def main() -> int:
    """0 when nothing was lost, nothing came twice and all was settled in time."""
    given = options()
    asked, began = asked_for(given), time.monotonic()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    folder = Path(tempfile.mkdtemp(prefix="sms-storm-", dir="/tmp"))
    folder.chmod(0o755)  # PostgreSQL runs as its own user when we are root
    try:
        with stage(folder, asked.database, asked.hosts, asked.seed, starts_at(asked)) as ready:
            _tell(f"seed {asked.seed}: {asked.members} members, {ready.network}, {asked.database}")
            verdict = storm(ready, asked)
    finally:
        if given.keep:
            _tell(f"kept: {folder}")
        else:
            shutil.rmtree(folder, ignore_errors=True)
    print(json.dumps(verdict | {"took_s": round(time.monotonic() - began)}))
    print(sentence(verdict))
    return 0 if kept(verdict) else 1


def kept(verdict: dict[str, Any]) -> bool:
    """Whether what DESIGN.md §5 promises was kept."""
    settled = verdict["settled_s"]
    nothing = not any(verdict[name] for name in ("lost", "duplicate", "wrong", "crossed"))
    return nothing and settled is not None and settled <= SETTLE_WITHIN


def sentence(verdict: dict[str, Any]) -> str:
    """The verdict in one line."""
    kills = ", ".join(f"{name} {count}" for name, count in verdict["kills"].items() if name != "redis")
    settled = "never settled" if verdict["settled_s"] is None else f"settled after {verdict['settled_s']:g} s"
    return (
        f"chaos: seed {verdict['seed']}, {verdict['database']}, {verdict['hosts']} host(s): "
        f"{verdict['members']} members, {verdict['texts']} texts in, {verdict['owed']} messages owed, "
        f"{verdict['lost']} lost, {verdict['duplicate']} duplicate ({verdict['licensed']} licensed), "
        f"{settled}, kills {kills}"
    )


if __name__ == "__main__":
    sys.exit(main())
