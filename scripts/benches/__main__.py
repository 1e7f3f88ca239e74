"""Runs cases one after the other: a JSON line each on stdout, progress on stderr, results kept for the page."""

import argparse
import json
import os
import signal
import sys
import tempfile
import time
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

from scripts.benches.asked import Asked
from scripts.benches.figures import keep_line
from scripts.benches.machine import machine, versions
from scripts.benches.stage import Servers, redis_version

CASES = ("webhook", "deliver", "plan", "urgent", "growth", "late")
DATABASES = ("sqlite", "postgresql")
KEPT = Path("docs/performance.jsonl")


def options(words: list[str] | None = None) -> argparse.Namespace:
    """What was asked for on the command line."""
    parser = argparse.ArgumentParser(prog="scripts/bench", description="Measures the service beside plain baselines.")
    parser.add_argument("cases", nargs="*", metavar="CASE", help=f"of {', '.join(CASES)} (all)")
    parser.add_argument("--database", choices=[*DATABASES, "both"], default="both")
    parser.add_argument("--scale", type=float, default=1.0, help="size of each case; 1 is what the bars are about")
    parser.add_argument("--rounds", type=int, default=5, help="rounds where ours and a baseline take turns (5)")
    parser.add_argument("--render", action="store_true", help="write docs/performance.md from the kept results")
    parser.add_argument("--kept", type=Path, default=KEPT, help=f"where results are kept ({KEPT})")
    asked = parser.parse_args(words)
    unknown = [case for case in asked.cases if case not in CASES]
    if unknown:
        parser.error(f"there is no case {unknown[0]}; cases are {', '.join(CASES)}")
    if asked.scale <= 0 or asked.rounds < 1:
        parser.error("--scale must be above 0 and --rounds at least 1")
    return asked


def work_folder() -> Path:
    """Where databases live that several runs of a session share."""
    folder = Path(tempfile.gettempdir()) / f"sms-bench-{os.getuid()}"
    folder.mkdir(exist_ok=True)
    folder.chmod(0o755)  # PostgreSQL runs as its own user when we are root
    return folder


def run(case: str, asked: Asked, servers: Servers) -> dict[str, Any]:
    """One case on one database, as its line."""
    print(f"{case} on {asked.database}, scale {asked.scale:g} ...", file=sys.stderr, flush=True)
    began = time.monotonic()
    outcome = import_module(f"scripts.benches.{case}").measure(asked, servers)
    return {
        "case": case, "database": asked.database, **outcome.as_json(), "rounds": asked.rounds, "scale": asked.scale,
        "took_s": round(time.monotonic() - began), "at": datetime.now(UTC).isoformat(timespec="minutes"),
        "machine": machine(), "versions": versions(servers.postgres_version(), redis_version()),
    }  # fmt: skip


def main() -> int:
    """0 when every bar of every case was met, 1 otherwise."""
    asked = options()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that no server is left behind
    cases = asked.cases or ([] if asked.render else list(CASES))
    databases = DATABASES if asked.database == "both" else (asked.database,)
    servers, passed = Servers(work_folder()), True
    for case in cases:
        for database in databases:
            line = run(case, Asked(database, asked.scale, asked.rounds), servers)
            print(json.dumps(line), flush=True)
            keep_line(asked.kept, line)
            passed = passed and line["pass"]
    if asked.render or not asked.cases:
        from scripts.benches.page import write

        write(asked.kept)
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
