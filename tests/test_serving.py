"""gunicorn's own records go through our log: ids only, whatever they hold."""

import json
import logging
from collections.abc import Iterator

import pytest
from gunicorn.config import Config

from sms_service.serving import JsonLog

SECRET = "Ana +12025550121 i want to die"


@pytest.fixture(autouse=True)
def _logging_as_before() -> Iterator[None]:
    """A web process sets logging up for itself; the test run's own is put back."""
    loggers = [logging.getLogger(name) for name in ("", "gunicorn.error", "gunicorn.access")]
    before = [(one, one.handlers[:], one.level, one.propagate) for one in loggers]
    yield
    for one, handlers, level, propagate in before:
        one.handlers[:], one.level, one.propagate = handlers, level, propagate


def fail() -> None:
    """Something in a request fails and says too much."""
    raise ValueError(SECRET)


def test_a_request_that_fails_in_gunicorn_is_one_line_without_its_words(capsys: pytest.CaptureFixture[str]) -> None:
    log = JsonLog(Config())
    try:
        fail()
    except ValueError:
        log.exception("Error handling request %s", SECRET)
    (line,) = capsys.readouterr().err.splitlines()
    said = json.loads(line)
    assert (said["logger"], said["level"], said["error"]) == ("gunicorn.error", "error", "ValueError")
    assert [word for word in ("Ana", "2025550121", "want", "die") if word in line] == []


def test_a_line_for_each_request_would_hold_no_address_either(capsys: pytest.CaptureFixture[str]) -> None:
    log = JsonLog(Config())
    log.access_log.info('127.0.0.1 "POST /webhooks/sms?%s"', SECRET)
    (line,) = capsys.readouterr().err.splitlines()
    assert [word for word in ("Ana", "2025550121", "want", "die") if word in line] == []


def test_a_reload_says_nothing_twice(capsys: pytest.CaptureFixture[str]) -> None:
    log = JsonLog(Config())
    log.setup(Config())
    log.error("worker timeout")
    assert len(capsys.readouterr().err.splitlines()) == 1
