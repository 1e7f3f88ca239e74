"""Fires what is due until nothing is, in a process of its own: how long it took and how much memory it held at most.

python -m scripts.benches.firing NOW PART     with PART "service", or "orm:2000" for so many by the plain loop
"""

import json
import re
import sys
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from scripts.benches import orm_loop
from sms_service import logs
from sms_service.app import open_desk
from sms_service.services.desk import Desk
from sms_service.services.wake import fire_due
from sms_service.settings import load_settings


def by_the_service(desk: Desk, now: datetime) -> int:
    """As the ticker does, beat after beat without the pause."""
    fired = 0
    while found := fire_due(desk, now):
        fired += found
    return fired


def peak_mb() -> float:
    """The most memory this process has held, MiB. Not getrusage: its figure holds the parent's from before exec."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text("ascii"))
    assert found is not None, "Linux tells it"
    return int(found[1]) / 1024


def main() -> int:
    """One JSON object: fired, seconds, rss_mb."""
    logs.configure()
    now, part = datetime.fromisoformat(sys.argv[1]), sys.argv[2]
    desk = open_desk(load_settings(), 4)
    work: Callable[[], int] = lambda: by_the_service(desk, now)  # noqa: E731  # two words for one of two
    if part.startswith("orm:"):
        work = lambda: orm_loop.fire(desk, now, int(part[4:]))  # noqa: E731  # the other
    began = time.perf_counter()
    fired = work()
    seconds = time.perf_counter() - began
    print(json.dumps({"fired": fired, "seconds": seconds, "rss_mb": peak_mb()}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
