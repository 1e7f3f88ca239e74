"""The machine and the programs that a figure was measured on."""

import os
import platform
import re
import sqlite3
from importlib.metadata import version
from pathlib import Path

LIBRARIES = ("flask", "gunicorn", "sqlalchemy", "psycopg", "redis", "rq", "twilio")


def machine() -> dict[str, str]:
    """Cores, processor, memory, kernel."""
    cores = len(os.sched_getaffinity(0))
    memory = re.search(r"MemTotal:\s+(\d+)", Path("/proc/meminfo").read_text())
    return {
        "cores": str(cores),
        "cpu": _cpu(),
        "memory": f"{int(memory[1]) / 1024 / 1024:.0f} GiB" if memory else "unknown",
        "kernel": f"{platform.system()} {platform.release()}",
    }


def versions(postgresql: str = "", redis: str = "") -> dict[str, str]:
    """Python, databases and the libraries that do the work."""
    known = {"python": platform.python_version(), "sqlite": sqlite3.sqlite_version}
    known |= {name: found for name, found in (("postgresql", postgresql), ("redis-server", redis)) if found}
    return known | {name: version(name) for name in LIBRARIES}


def _cpu() -> str:
    named = re.search(r"model name\s*:\s*(.+)", Path("/proc/cpuinfo").read_text())
    return named[1].strip() if named else platform.processor() or platform.machine()
