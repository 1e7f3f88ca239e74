"""One part of the service as a child process: its own group, its own log, gone when its parent is gone."""

import ctypes
import os
import signal
import subprocess
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from sms_service import clock

LOG_LIMIT = 10_000_000
_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None, use_errno=True)


@dataclass
class Part:
    """A command that must be running. A death is answered by a new start, later each time: 0.5 s .. 30 s."""

    name: str
    command: list[str]
    log: Path
    process: "subprocess.Popen[bytes] | None" = None
    started_at: float = 0.0
    due_at: float = 0.0
    deaths: int = field(default=0)

    def start(self) -> None:
        """Run the command. Its output goes to the log; it dies with us, however we die."""
        self.started_at = clock.monotonic()
        with self.log.open("ab") as out:
            self.process = subprocess.Popen(  # noqa: S603  # our own commands
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=die_with(os.getpid()),  # noqa: PLW1509  # `up` starts parts from its one thread
            )

    def exit_code(self) -> int | None:
        """The code of a part that has ended, None while it runs."""
        return self.process.poll() if self.process else None

    def bury(self) -> float:
        """After a death: end what is left of its group, and say in how many seconds it starts again."""
        self.kill()
        lived = clock.monotonic() - self.started_at
        self.deaths = 1 if lived > 30 else self.deaths + 1
        wait: float = min(0.5 * 2 ** (self.deaths - 1), 30.0)
        self.due_at = clock.monotonic() + wait
        self.process = None
        return wait

    def ask_to_end(self) -> None:
        """SIGTERM to the part itself; it ends its own children."""
        if self.process and self.process.poll() is None:
            self.process.terminate()

    def kill(self) -> None:
        """SIGKILL to the part and whatever it started."""
        if self.process:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def trim_log(self) -> None:
        """Past 10 MB the log begins anew; the old one is kept once."""
        if self.log.exists() and self.log.stat().st_size > LOG_LIMIT:
            self.log.with_suffix(".log.1").write_bytes(self.log.read_bytes())
            os.truncate(self.log, 0)

    def last_words(self) -> str:
        """The last line of the log that says anything, for a sentence about a death."""
        lines = self.log.read_text("utf-8", "replace").splitlines() if self.log.exists() else []
        return next((line.strip().removeprefix("Error: ") for line in reversed(lines) if line.strip()), "")


def die_with(parent: int) -> Callable[[], None]:
    """For use between fork and exec: let the kernel kill this process when `parent` ends."""

    def between_fork_and_exec() -> None:
        _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)

    return between_fork_and_exec
