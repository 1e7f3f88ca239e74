"""Real worker processes: nothing twice, everyone's texts in order, and back by themselves when Redis is."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from redis import Redis
from sqlalchemy import update

from sms_service.domain.words import LANES
from sms_service.store.bell import Bell, bell_key
from sms_service.store.programs import lines
from tests.house import ANA, LEO, House
from tests.jobs.conftest import Phones
from tests.jobs.processes import MortalRedis, until, worker


@pytest.fixture
def mortal(short_folder: Path) -> Iterator[MortalRedis]:
    server = MortalRedis(short_folder)
    server.start()
    yield server
    server.kill()


def _ring_until_all_is_sent(house: House) -> None:
    def all_sent() -> bool:
        house.desk.bell.ring(LANES)
        return {row.state for row in house.rows()} == {"sent"}

    until(all_sent)


def test_two_workers_send_each_text_once_and_everyones_in_order(house: House, phones: Phones, redis_url: str) -> None:
    with house.db.write() as conn:
        conn.execute(update(lines).values(rate=1000))
    people = [house.new_person(f"+1303555{1000 + n}") for n in range(25)]
    for body in "abcd":
        house.owe_all(people, "reply", body)
    phones.turn(rate=1000)
    with (
        worker(house, phones, redis_url, "--connections", "3"),
        worker(house, phones, redis_url, "--lanes", "urgent,reply", "--connections", "3"),
    ):
        _ring_until_all_is_sent(house)
    for n in range(25):
        assert phones.got(f"+1303555{1000 + n}", 4) == ["a", "b", "c", "d"]
    assert {row.tries for row in house.rows()} == {1}


def test_a_worker_survives_a_redis_that_is_killed_and_comes_back_empty(
    house: House, phones: Phones, mortal: MortalRedis
) -> None:
    house.desk = replace(house.desk, bell=Bell.at(mortal.url))
    with worker(house, phones, mortal.url, "--connections", "2") as process:
        house.owe(house.person(ANA).id, "reply", "before")
        _ring_until_all_is_sent(house)
        mortal.kill()
        until(lambda: "Redis is away" in (house.settings.home / "worker.log").read_text())
        assert process.poll() is None
        mortal.start()
        house.owe(house.person(LEO).id, "reply", "after")
        _ring_until_all_is_sent(house)
    assert phones.got(LEO) == ["after"]


def test_other_peoples_keys_and_an_emptied_redis_keep_nobody_waiting(
    house: House, phones: Phones, redis_url: str
) -> None:
    with Redis.from_url(redis_url) as redis, worker(house, phones, redis_url, "--connections", "2"):
        for lane in LANES:
            redis.set(bell_key(lane), "somebody else's")
        redis.set("rq:suspended", 1)
        house.owe(house.person(ANA).id, "reply", "first")
        _ring_until_all_is_sent(house)
        redis.flushall()
        redis.script_flush()
        house.owe(house.person(LEO).id, "reply", "second")
        _ring_until_all_is_sent(house)
    assert (phones.got(ANA), phones.got(LEO)) == (["first"], ["second"])


def test_a_worker_that_is_told_to_end_while_redis_is_away_ends(
    house: House, phones: Phones, mortal: MortalRedis
) -> None:
    with worker(house, phones, mortal.url) as process:
        until(lambda: bool(Redis.from_url(mortal.url).keys("rq:worker:*")))
        mortal.kill()
        until(lambda: "Redis is away" in (house.settings.home / "worker.log").read_text())
    assert process.returncode == 0
