"""The processes of the service, watched by us instead of by `up`: what is killed comes back after a random pause."""

import os
import random
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Lock, Thread

from sms_service.up.part import die_with

PAUSE = (0.1, 2.0)
"""Seconds a killed process stays away."""


@dataclass
class Part:
    """One command in a group of its own, and its log."""

    name: str
    command: list[str]
    env: Mapping[str, str]
    log: Path
    process: "subprocess.Popen[bytes] | None" = None
    back_at: float = 0.0
    exits: list[int] = field(default_factory=list)

    def start(self) -> None:
        """Runs it; its words are added to the log."""
        with self.log.open("ab") as said:
            self.process = subprocess.Popen(
                self.command, env=dict(self.env), stdin=subprocess.DEVNULL, stdout=said, stderr=subprocess.STDOUT,
                start_new_session=True, preexec_fn=die_with(os.getpid()),  # noqa: PLW1509 - nothing else forks here
            )  # fmt: skip

    def kill(self) -> bool:
        """SIGKILL to its whole group; False when it was away."""
        if self.process is None or self.process.poll() is not None:
            return False
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        return True

    def pids(self) -> list[int]:
        """Its processes that run now."""
        if self.process is None or self.process.poll() is not None:
            return []
        running = (int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit())
        return [pid for pid in running if _session(pid) == self.process.pid]


class Parts:
    """All of them. `keep` starts again whatever has ended until `stop`; deaths that were not ours are counted."""

    def __init__(self, dice: random.Random) -> None:
        self.all: list[Part] = []
        self.kills: Counter[str] = Counter()
        self.own_deaths: Counter[str] = Counter()
        self._dice = dice
        self._over = Event()
        self._lock = Lock()
        self._watch = Thread(target=self._keep, name="watch", daemon=True)

    def add(self, part: Part) -> Part:
        """Started now and kept."""
        part.start()
        with self._lock:
            self.all.append(part)
        return part

    def keep(self) -> None:
        """From now on what ends comes back."""
        self._watch.start()

    def named(self, name: str) -> Part:
        """The part of this name."""
        return next(part for part in self.all if part.name == name)

    def kill(self, name: str) -> bool:
        """kill -9, counted when it hit; the part comes back after a pause."""
        part = self.named(name)
        with self._lock:
            if part.process is None:
                return False
            part.back_at = time.monotonic() + self._dice.uniform(*PAUSE)
            hit = part.kill()
        self.kills[name] += hit
        return hit

    def kill_one(self, name: str) -> bool:
        """kill -9 of one process of a part that has several: its children are the ones to serve."""
        part = self.named(name)
        pids = part.pids()
        children = [pid for pid in pids if part.process and pid != part.process.pid]
        if not children:
            return self.kill(name)
        with suppress(ProcessLookupError):
            os.kill(self._dice.choice(children), signal.SIGKILL)
        self.kills[name] += 1
        return True

    def stop(self) -> None:
        """Ends all, the last one started first."""
        self._over.set()
        if self._watch.is_alive():
            self._watch.join()
        for part in reversed(self.all):
            part.kill()

    def _keep(self) -> None:
        while not self._over.wait(0.05):
            with self._lock:
                for part in self.all:
                    self._look_after(part)

    def _look_after(self, part: Part) -> None:
        now = time.monotonic()
        if part.process is not None and (code := part.process.poll()) is not None:
            part.process = None
            if part.back_at <= now:  # nobody meant it
                part.exits.append(code)
                self.own_deaths[part.name] += 1
                part.back_at = now + 0.5
        if part.process is None and now >= part.back_at:
            part.start()


def _session(pid: int) -> int:
    try:
        return os.getsid(pid)
    except ProcessLookupError:
        return 0


def owner_of(port: int, to: int, parts: list[Part]) -> Part | None:
    """The part whose process holds the TCP connection from `port` of its own network to `to`, or None."""
    for part in parts:
        for pid in part.pids():
            with suppress(OSError):
                inode = _inode(Path(f"/proc/{pid}/net/tcp").read_text("ascii"), port, to)
                if inode and any(_is_socket(fd, inode) for fd in Path(f"/proc/{pid}/fd").iterdir()):
                    return part
    return None


def _inode(table: str, port: int, to: int) -> str:
    for line in table.splitlines()[1:]:
        words = line.split()
        if words[1].endswith(f":{port:04X}") and words[2].endswith(f":{to:04X}") and words[9] != "0":
            return words[9]
    return ""


def _is_socket(fd: Path, inode: str) -> bool:
    with suppress(OSError):
        return str(fd.readlink()) == f"socket:[{inode}]"
    return False
