"""The heartbeat: called while wakes fire and rows can be claimed, silent otherwise."""

from datetime import timedelta

import pytest
from sqlalchemy.exc import SQLAlchemyError

from sms_service.services.beat import beat
from sms_service.services.wake import fire_due
from tests.hooks import Hook
from tests.house import LEO, House


def minute(house: House, hook: Hook, *, fires: bool = True) -> str:
    """A minute of a ticker: what fires, then the beat."""
    if fires:
        fire_due(house.desk, house.now)
    why = beat(house.desk, hook.url, house.now)
    house.time.move(timedelta(seconds=60))
    return why


def test_a_beat_comes_each_minute_while_wakes_fire(house: House, hook: Hook) -> None:
    assert minute(house, hook) == "no wake fired"
    assert [minute(house, hook) for _ in range(5)] == [""] * 5
    assert hook.gets == 5


def test_the_probe_is_one_alarm_that_is_set_again(house: House, hook: Hook) -> None:
    for _ in range(4):
        minute(house, hook)
    assert list(house.alarms("heartbeat")) == ["heartbeat:0"]


def test_without_wakes_firing_it_falls_silent(house: House, hook: Hook) -> None:
    for _ in range(3):
        minute(house, hook)
    before = hook.gets
    told = [minute(house, hook, fires=False) for _ in range(6)]
    assert told[-1] == "no wake fired"
    assert hook.gets - before <= 2


def test_a_claim_that_finds_nothing_counts_and_takes_nothing(house: House, hook: Hook) -> None:
    house.text(LEO, "MOOD 7")
    later = house.owe(house.person(LEO).id, "scheduled")
    minute(house, hook)
    assert minute(house, hook) == ""
    assert house.row(later).state == "due"
    assert {row.state for row in house.rows(LEO)} == {"due"}


def test_a_claim_that_raises_is_no_heartbeat(house: House, hook: Hook) -> None:
    minute(house, hook)
    fire_due(house.desk, house.now)
    with house.db.write() as conn:
        conn.exec_driver_sql("ALTER TABLE outbox RENAME TO outbox_away")
    with pytest.raises(SQLAlchemyError):
        beat(house.desk, hook.url, house.now)
    assert hook.gets == 0


def test_a_watcher_that_says_no_is_told_of(house: House, hook: Hook) -> None:
    minute(house, hook)
    hook.status = 404
    assert minute(house, hook) == "http 404"
