"""The simulated time: the real one plus an offset that tests may move. Rates and latencies stay real."""

import contextlib
import time
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path


class Clock:
    """Reads the offset (seconds, in a file) anew each time; an absent or empty file means none."""

    def __init__(self, file: Path | None = None) -> None:
        self._file = file
        self._offset = 0.0

    def now(self) -> datetime:
        """Aware, UTC."""
        return datetime.fromtimestamp(time.time() + self._read(), UTC)

    def _read(self) -> float:
        """A file caught half-written keeps the offset read before."""
        if self._file is None:
            return 0.0
        try:
            text = self._file.read_text(encoding="ascii").strip()
        except FileNotFoundError:
            self._offset = 0.0
        except (OSError, UnicodeDecodeError):
            pass
        else:
            with contextlib.suppress(ValueError):
                self._offset = float(text) if text else 0.0
        return self._offset


def rfc2822(at: datetime) -> str:
    """`Mon, 23 Nov 2026 06:12:00 +0000`, as Twilio's API writes dates."""
    return format_datetime(at)
