"""Progress of long work on stderr: a line that counts, for a person who watches."""

import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from sms_service import clock


@contextmanager
def counting(what: str) -> Iterator["Count"]:
    """Shows how many of `what` are done; the line is ended however the work ends."""
    count = Count(what)
    try:
        yield count
    finally:
        count.end()


class Count:
    """Called with a name and how many more."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._done: Counter[str] = Counter()
        self._shown_at = 0.0
        self._watched = sys.stderr.isatty()

    def __call__(self, name: str, more: int) -> None:
        """Counts on; a terminal is told ten times a second at most, a log each five seconds."""
        self._done[name] += more
        if clock.monotonic() - self._shown_at >= (0.1 if self._watched else 5.0):
            self._shown_at = clock.monotonic()
            words = f"{name}: {self._done[name]} {self._what}, {self._done.total()} in all"
            sys.stderr.write(f"\r\x1b[K{words}" if self._watched else f"{words}\n")
            sys.stderr.flush()

    def end(self) -> None:
        """Clears the line."""
        if self._watched:
            sys.stderr.write("\r\x1b[K")
