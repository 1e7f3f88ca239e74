"""The clock: real, frozen for one process, or moved for all by a file."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from sms_service import clock

AT = datetime(2026, 3, 8, 6, 59, tzinfo=UTC)


@pytest.fixture
def file(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path / "offset"
    clock.follow(None)


def ahead() -> timedelta:
    return clock.now() - datetime.now(UTC)


def test_now_is_the_real_time_in_utc() -> None:
    assert clock.now().tzinfo is UTC
    assert abs(ahead()) < timedelta(seconds=1)


def test_the_files_seconds_are_added_at_once_each_time_they_change(file: Path) -> None:
    clock.follow(file)
    for offset in (86_400, -3600.5, 86_401):
        file.write_text(f"{offset}\n")
        assert abs(ahead() - timedelta(seconds=offset)) < timedelta(seconds=1)


@pytest.mark.parametrize("caught", ["", "half", "1e999", "nan", "é"])
def test_a_file_caught_half_written_leaves_the_last_offset(file: Path, caught: str) -> None:
    clock.follow(file)
    file.write_text("3600")
    clock.now()
    file.write_text(caught)
    assert abs(ahead() - timedelta(hours=1)) < timedelta(seconds=1)


def test_without_the_file_the_time_is_real(file: Path) -> None:
    file.write_text("3600")
    clock.follow(file)
    assert ahead() > timedelta(minutes=59)
    file.unlink()
    assert abs(ahead()) < timedelta(seconds=1)


def test_no_test_clock_moves_waits(file: Path) -> None:
    before = clock.monotonic()
    file.write_text("86400")
    clock.follow(file)
    assert 0 <= clock.monotonic() - before < 60


def test_a_frozen_clock_stands_still_and_moves_by_hand() -> None:
    with clock.frozen(AT) as hand:
        assert clock.now() == clock.now() == AT
        hand.move(timedelta(minutes=2))
        assert clock.now() == AT + timedelta(minutes=2)
        hand.set(AT.astimezone(timezone(timedelta(hours=-5))))
        assert clock.now() == AT
        assert clock.now().tzinfo is UTC
    assert abs(ahead()) < timedelta(seconds=1)


def test_frozen_clocks_nest() -> None:
    with clock.frozen(AT):
        with clock.frozen(AT + timedelta(days=1)):
            pass
        assert clock.now() == AT


def test_a_naive_time_is_refused() -> None:
    with pytest.raises(ValueError, match="without a zone"), clock.frozen(AT.replace(tzinfo=None)):
        pass
