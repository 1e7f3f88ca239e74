"""The only place that reads the time. A test may move it for every process at once, or fix it in its own."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path


def now() -> datetime:
    """The present moment, aware UTC; moved by the test clock when one is followed."""
    return _source()


def monotonic() -> float:
    """Seconds that only grow, for waits and time-outs; no test clock moves them."""
    return time.monotonic()


def follow(test_clock: Path | None) -> None:
    """From now on add the seconds that this file holds (SMS_SERVICE_TEST_CLOCK); None: the real time."""
    global _source  # noqa: PLW0603  # the process has one time
    _source = _real if test_clock is None else _MovedBy(test_clock)


@contextmanager
def frozen(at: datetime) -> "Iterator[Frozen]":
    """Within the block, time stands still at `at` (aware) in this process and moves only by hand."""
    global _source  # noqa: PLW0603  # the process has one time
    before = _source
    hand = Frozen(at)
    _source = hand
    try:
        yield hand
    finally:
        _source = before


class Frozen:
    """A stopped clock: `move(timedelta)` or `set(at)`."""

    def __init__(self, at: datetime) -> None:
        self.set(at)

    def __call__(self) -> datetime:
        return self._at

    def set(self, at: datetime) -> None:
        """Stand at another moment. A naive one is a ValueError."""
        if at.tzinfo is None:
            raise ValueError("a time without a zone")
        self._at = at.astimezone(UTC)

    def move(self, by: timedelta) -> None:
        """Go on (or back) by this much."""
        self._at += by


class _MovedBy:
    """The real time plus the file's seconds, read anew at each look so that no process lags behind another.

    Without the file there is no offset; one caught half written leaves the last offset in force.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._offset = timedelta()

    def __call__(self) -> datetime:
        with suppress(OSError, ValueError, OverflowError):
            self._offset = timedelta(seconds=self._seconds())
        return _real() + self._offset

    def _seconds(self) -> float:
        try:
            return float(self._file.read_text(encoding="ascii"))
        except FileNotFoundError:
            return 0.0


def _real() -> datetime:
    return datetime.now(UTC)


_source: Callable[[], datetime] = _real
