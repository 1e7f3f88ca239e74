"""The bell and what it wakes: one job a ring, a dead Redis that costs little, a worker that drains."""

import json
import threading
import time
import zlib
from collections.abc import Iterator
from dataclasses import replace
from signal import SIGINT, SIGTERM, getsignal, signal

import pytest
from redis import Redis
from rq import Queue, SimpleWorker
from rq.serializers import JSONSerializer

from sms_service.domain.words import LANES, Lane
from sms_service.jobs import drain
from sms_service.services import deliver
from sms_service.services.hand_over import SPARE, Connections
from sms_service.store.bell import DRAIN, Bell, bell_key, connect
from tests.house import ANA, SAM, House
from tests.jobs.conftest import Phones, SilentRedis
from tests.servers import a_free_port


@pytest.fixture
def redis(redis_url: str) -> Iterator["Redis"]:
    with Redis.from_url(redis_url) as client:
        yield client


@pytest.fixture
def bell(redis_url: str) -> Bell:
    return Bell.at(redis_url)


def _jobs(redis: "Redis", lane: Lane) -> list[str]:
    return list(Queue(lane, connection=redis, serializer=JSONSerializer).job_ids)


def test_one_ring_is_one_job_of_that_lane_and_no_other(bell: Bell, redis: "Redis") -> None:
    assert bell.ring({"urgent"})
    assert {lane: len(_jobs(redis, lane)) for lane in LANES} == {"urgent": 1, "reply": 0, "scheduled": 0, "bulk": 0}


def test_a_lane_that_was_rung_is_not_rung_again_until_its_drain_began(bell: Bell, redis: "Redis") -> None:
    for _ in range(3):
        bell.ring({"reply"})
    assert len(_jobs(redis, "reply")) == 1
    bell.silence("reply")
    bell.ring({"reply"})
    assert len(_jobs(redis, "reply")) == 2


def test_a_ring_that_got_lost_is_repeated_after_a_second(bell: Bell, redis: "Redis") -> None:
    bell.ring({"reply"})
    assert 0 < redis.pttl(bell_key("reply")) <= 1000


def test_several_lanes_are_rung_at_once_those_that_rang_before_left_out(bell: Bell, redis: "Redis") -> None:
    bell.ring({"reply"})
    bell.ring({"urgent", "reply", "bulk"})
    assert [len(_jobs(redis, lane)) for lane in LANES] == [1, 1, 0, 1]


def test_many_who_ring_at_once_make_one_job(redis_url: str, redis: "Redis") -> None:
    bells = [Bell.at(redis_url) for _ in range(8)]
    threads = [threading.Thread(target=one.ring, args=({"urgent"},)) for one in bells]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(_jobs(redis, "urgent")) == 1


def test_a_job_holds_the_name_of_its_lane_and_nothing_else_in_json(bell: Bell, redis: "Redis") -> None:
    bell.ring({"urgent"})
    (job,) = Queue("urgent", connection=redis, serializer=JSONSerializer).jobs
    assert (job.func_name, job.args, job.kwargs) == (DRAIN, ["urgent"], {})
    assert f"{drain.drain.__module__}.{drain.drain.__qualname__}" == DRAIN
    raw = redis.hget(job.key, "data")
    assert isinstance(raw, bytes)
    assert json.loads(zlib.decompress(raw))[2] == ["urgent"]


def test_nothing_to_ring_is_no_trouble(silent_redis: SilentRedis) -> None:
    assert Bell.at(silent_redis.url).ring(set())
    assert silent_redis.taken == []


@pytest.mark.parametrize("away", ["refuses", "is silent"])
def test_a_dead_redis_costs_one_short_wait_and_is_then_left_alone(away: str, silent_redis: SilentRedis) -> None:
    url = silent_redis.url if away == "is silent" else f"redis://127.0.0.1:{a_free_port()}/0"
    bell = Bell.at(url)
    began = time.monotonic()
    assert not bell.ring({"urgent"})
    assert time.monotonic() - began < 0.5
    time.sleep(0.06)
    asked, began = len(silent_redis.taken), time.monotonic()
    assert not bell.ring({"urgent"})
    assert time.monotonic() - began < 0.02
    assert len(silent_redis.taken) == asked, "it was not even asked"
    assert not bell.answers()


def test_a_web_process_waits_for_redis_at_most_fifty_milliseconds_for_each_answer() -> None:
    known = Bell.at("redis://127.0.0.1:1/0")._redis.connection_pool.connection_kwargs
    assert (known["socket_timeout"], known["socket_connect_timeout"]) == (0.05, 0.05)
    assert known["retry"].get_retries() == 0


def test_when_its_rest_is_over_redis_is_asked_again(
    redis_url: str, redis: "Redis", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sms_service.store.bell.SKIP_AFTER_FAILURE", 0.05)
    dead = Bell(connect(f"redis://127.0.0.1:{a_free_port()}/0", 0.05))
    assert not dead.ring({"urgent"})
    alive = Bell.at(redis_url)
    alive._quiet_until = dead._quiet_until
    assert not alive.ring({"urgent"})
    time.sleep(0.06)
    assert alive.ring({"urgent"})
    assert len(_jobs(redis, "urgent")) == 1


def test_a_redis_that_forgot_the_script_is_told_it_again(bell: Bell, redis: "Redis") -> None:
    bell.ring({"urgent"})
    redis.flushall()
    redis.script_flush()
    assert bell.ring({"urgent"})
    assert len(_jobs(redis, "urgent")) == 1


def test_without_redis_a_text_is_kept_and_its_answer_waits_in_the_outbox(house: House) -> None:
    house.desk = replace(house.desk, bell=Bell.at(f"redis://127.0.0.1:{a_free_port()}/0"))
    house.text(ANA, "MOOD 7")
    assert [row.state for row in house.rows(ANA)] == ["due"]


@pytest.fixture
def worker(house: House, phones: Phones, redis: "Redis") -> Iterator[SimpleWorker]:
    """A real RQ worker of all lanes, equipped as jobs/worker.py does it."""
    before = {number: getsignal(number) for number in (SIGINT, SIGTERM)}
    with Connections(4) as sending:
        drain.equip(drain.Equipment(house.desk, phones.carrier, sending))
        queues = [Queue(lane, connection=redis, serializer=JSONSerializer) for lane in LANES]
        yield SimpleWorker(queues, connection=redis, serializer=JSONSerializer)
    for number, handler in before.items():
        signal(number, handler)


def _work(worker: SimpleWorker) -> None:
    worker.work(burst=True, with_scheduler=False, logging_level="WARNING")


def test_a_worker_sends_what_was_rung_for(house: House, phones: Phones, worker: SimpleWorker) -> None:
    house.text(ANA, "MOOD 7")
    _work(worker)
    (row,) = house.rows(ANA)
    assert phones.got(ANA) == [row.body]
    assert (row.state, row.sid[:2]) == ("sent", "SM")


def test_it_takes_danger_first(house: House, phones: Phones, worker: SimpleWorker) -> None:
    house.text(ANA, "MOOD 7")
    house.text(ANA, "i want to kill myself")
    _work(worker)
    crisis = next(row for row in house.rows(ANA) if row.why == "crisis")
    assert phones.got(ANA, 2)[0] == crisis.body
    assert len(phones.got(SAM)) == 1


def test_a_drain_that_runs_out_of_time_rings_for_the_rest(
    house: House, phones: Phones, worker: SimpleWorker, redis: "Redis"
) -> None:
    people = [house.new_person(f"+1303555{1000 + n}") for n in range(30)]
    house.owe_all(people, "crisis")
    with Connections(8) as sending:
        gone = deliver.drain(house.desk, phones.carrier, sending, "urgent", budget_s=0.001)
    assert gone == 2 * 8 + SPARE
    assert len(_jobs(redis, "urgent")) == 1
    _work(worker)
    assert {row.state for row in house.rows()} == {"sent"}


def test_a_drain_that_fails_leaves_no_words_in_redis_and_the_rows_for_the_next(
    house: House, worker: SimpleWorker, redis: "Redis"
) -> None:
    house.owe(house.person(ANA).id, "reply", "PLANTED WORDS", line_id=house.line.id)
    with house.db.write() as conn:
        conn.exec_driver_sql("ALTER TABLE marks RENAME TO marks_away")
    house.desk.bell.ring({"reply"})
    _work(worker)
    with house.db.write() as conn:
        conn.exec_driver_sql("ALTER TABLE marks_away RENAME TO marks")
    held = b"\n".join(redis.dump(key) or b"" for key in redis.scan_iter("*"))
    assert b"PLANTED" not in held
    assert [row.state for row in house.rows(ANA)] == ["due"]
    house.desk.bell.ring({"reply"})
    _work(worker)
    assert [row.state for row in house.rows(ANA)] == ["sent"]
