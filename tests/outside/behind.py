"""Behind the doors of a running service: its database file, its secrets, its processes."""

import json
import os
import re
import signal
import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

from tests.outside.world import World


def number_in(page: str) -> int:
    """The case a page speaks of."""
    found = re.search(r"TAKE (\d+)", page)
    assert found, f"no case in {page!r}"
    return int(found[1])


def rows(world: World, question: str, *given: Any) -> list[tuple[Any, ...]]:
    """What the database file answers."""
    with closing(sqlite3.connect(world.home / "var" / "sms_service.db", timeout=10)) as conn:
        return conn.execute(question, given).fetchall()


def change(world: World, order: str, *given: Any) -> int:
    """Changes rows behind the service's back; how many."""
    with closing(sqlite3.connect(world.home / "var" / "sms_service.db", timeout=10)) as conn, conn:
        return conn.execute(order, given).rowcount


def secret(world: World, name: str) -> str:
    """One of the secrets a local home keeps."""
    kept = json.loads((world.home / "var" / "secrets.json").read_text())
    return str(kept[name])


def part(world: World, name: str) -> int | None:
    """The process of one part of the service ("ticker"), None while it is down."""
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            words = (folder / "cmdline").read_bytes().split(b"\0")
            if parent == world.process.pid and name.encode() in words:
                return int(folder.name)
    return None


def kill(world: World, name: str) -> None:
    """kill -9 of one part, found by its id as a child of this world's own process."""
    process = part(world, name)
    assert process is not None, f"{name} is not running"
    os.kill(process, signal.SIGKILL)
