"""One part: how it is started, buried, and what its log keeps."""

import sys
from pathlib import Path

import pytest

from sms_service.up import part as parts
from sms_service.up.part import Part
from sms_service.up.ports import is_free
from tests.servers import a_free_port


def a_part(log: Path, code: str) -> Part:
    return Part("tester", [sys.executable, "-c", code], log)


def test_a_part_writes_to_its_log_and_its_last_words_are_known(tmp_path: Path) -> None:
    part = a_part(tmp_path / "x.log", "print('first'); print(); raise SystemExit('Error: it broke.')")
    part.start()
    assert part.process
    assert part.process.wait(10) == 1
    assert part.exit_code() == 1
    assert part.last_words() == "it broke."


def test_each_early_death_doubles_the_wait_up_to_half_a_minute(tmp_path: Path) -> None:
    part = a_part(tmp_path / "x.log", "")
    waits = []
    for _ in range(8):
        part.start()
        assert part.process
        part.process.wait(10)
        waits.append(part.bury())
    assert waits == [0.5, 1, 2, 4, 8, 16, 30, 30]
    assert part.exit_code() is None


def test_a_log_that_grew_too_long_begins_anew_and_is_kept_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "LOG_LIMIT", 10)
    part = a_part(tmp_path / "x.log", "")
    part.log.write_text("short")
    part.trim_log()
    assert part.log.read_text() == "short"
    part.log.write_text("longer than ten")
    part.trim_log()
    assert part.log.read_text() == ""
    assert (tmp_path / "x.log.1").read_text() == "longer than ten"


def test_a_part_without_a_log_has_no_last_words(tmp_path: Path) -> None:
    assert a_part(tmp_path / "none.log", "").last_words() == ""


def test_a_part_that_never_ran_can_be_asked_to_end(tmp_path: Path) -> None:
    part = a_part(tmp_path / "x.log", "")
    part.ask_to_end()
    part.kill()
    assert part.exit_code() is None


def test_a_port_is_free_until_somebody_listens() -> None:
    import socket

    port = a_free_port()
    assert is_free(port)
    with socket.create_server(("127.0.0.1", port)):
        assert not is_free(port)
