"""The threads and lists behind it all."""

import json
import logging
import time
from threading import Event

import pytest

from sms_service.simulator.journal import Journal
from sms_service.simulator.keyed import KeyedPool
from sms_service.simulator.timer import Timer
from tests.simulator.conftest import until


def _fail() -> None:
    raise RuntimeError("on purpose")


def test_a_journal_keeps_the_newest_and_its_numbers_go_on() -> None:
    journal = Journal(keep=3)
    for number in range(1, 11):
        assert journal.append({"what": number}) == number
    kept = [json.loads(line) for line in journal.since(0)]
    assert 3 <= len(kept) <= 6
    assert [entry["n"] for entry in kept] == [entry["what"] for entry in kept]
    assert [json.loads(line)["n"] for line in journal.since(8)] == [9, 10]


def test_a_job_that_fails_is_logged_and_the_next_of_its_key_still_runs(
    caplog: pytest.LogCaptureFixture,
) -> None:
    flowing, done = Event(), Event()
    flowing.set()
    pool = KeyedPool("test", 2, flowing)
    with caplog.at_level(logging.ERROR):
        pool.submit("key", _fail)
        pool.submit("key", done.set)
        assert done.wait(2)
    pool.stop()
    assert "a background job failed" in caplog.text


def test_jobs_of_one_key_keep_their_order_and_never_overlap() -> None:
    flowing, order, running = Event(), list[int](), list[int]()
    pool = KeyedPool("test", 8, flowing)

    def job(number: int) -> None:
        running.append(number)
        assert len(running) == 1
        time.sleep(0.001)
        running.remove(number)
        order.append(number)

    for number in range(30):
        pool.submit("key", lambda number=number: job(number))  # type: ignore[misc]
    assert order == []
    flowing.set()
    until(lambda: len(order) == 30)
    pool.stop()
    assert order == list(range(30))


def test_a_timer_runs_by_time_not_by_order_of_asking_and_survives_a_failure(
    caplog: pytest.LogCaptureFixture,
) -> None:
    timer, order, done = Timer(), list[str](), Event()
    with caplog.at_level(logging.ERROR):
        timer.after(0.06, done.set)
        timer.after(0.04, lambda: order.append("late"))
        timer.after(0.02, _fail)
        timer.after(0.0, lambda: order.append("soon"))
        assert done.wait(2)
    timer.stop()
    assert order == ["soon", "late"]
    assert "a timed job failed" in caplog.text


def test_a_stopped_timer_runs_nothing_more() -> None:
    timer, ran = Timer(), Event()
    timer.after(0.05, ran.set)
    timer.stop()
    assert not ran.wait(0.1)
