"""The ticker: fires, rings, sweeps, catches up; while Redis is away it drains what cannot wait."""

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import cast

import pytest
from redis import Redis
from sqlalchemy import select

from sms_service.jobs.ticker import Ticker
from sms_service.store.bell import Bell, bell_key
from sms_service.store.inbounds import inbounds
from tests.house import ANA, LEO, SAM, House
from tests.jobs.conftest import Phones
from tests.servers import a_free_port


@pytest.fixture
def tick(house: House, phones: Phones) -> Callable[[], None]:
    """One beat of one and the same ticker, at the house's moment, with the desk the house has then."""
    ticker = Ticker(house.desk, phones.carrier)

    def beat() -> None:
        ticker._desk = house.desk
        ticker.tick(house.now)
        ticker.settle_down()

    return beat


@pytest.fixture
def no_redis(house: House) -> None:
    house.desk = replace(house.desk, bell=Bell.at(f"redis://127.0.0.1:{a_free_port()}/0"))


@pytest.mark.usefixtures("no_redis")
def test_without_redis_it_sends_danger_and_replies_itself(
    house: House, phones: Phones, tick: Callable[[], None]
) -> None:
    house.text(ANA, "i want to kill myself")
    house.text(LEO, "MOOD 7")
    tick()
    assert len(phones.got(ANA)) == 1
    assert len(phones.got(LEO)) == 1
    assert phones.got(SAM)[0].startswith("HOPE: case 1")


@pytest.mark.usefixtures("no_redis")
def test_without_redis_what_can_wait_waits(house: House, tick: Callable[[], None]) -> None:
    scheduled = house.owe(house.person(ANA).id, "scheduled")
    tick()
    assert house.row(scheduled).state == "due"


def test_with_redis_it_rings_and_leaves_the_sending_to_the_workers(
    house: House, phones: Phones, tick: Callable[[], None], redis_url: str
) -> None:
    one = house.owe(house.person(ANA).id, "reply")
    tick()
    with Redis.from_url(redis_url) as client:
        assert client.exists(bell_key("reply")) == 1
    assert house.row(one).state == "due"


def test_it_fires_what_is_due(house: House, tick: Callable[[], None]) -> None:
    house.time.move(timedelta(hours=6))
    tick()
    assert house.sent(ANA) == ["Hi from HOPE. From 0 to 10, how are you today?"]


def test_a_text_that_arrived_while_we_were_away_is_answered(
    house: House, phones: Phones, tick: Callable[[], None]
) -> None:
    phones.text(ANA, "MOOD 7")
    house.time.move(timedelta(seconds=60))
    tick()
    assert house.sent(ANA)[0].startswith("Mood 7 saved")
    with house.db.read() as conn:
        assert list(conn.scalars(select(inbounds.c.body))) == ["MOOD 7"]


def test_an_answer_that_got_lost_on_its_way_back_is_found_in_the_list_and_not_sent_again(
    house: House, phones: Phones, tick: Callable[[], None], no_redis: None
) -> None:
    """Twilio took the text, we never heard so."""
    phones.turn(p_500_after=1)
    house.text(LEO, "MOOD 7")
    tick()
    assert [row.state for row in house.rows(LEO)] == ["unsure"]
    phones.turn(p_500_after=0)
    house.time.move(timedelta(seconds=61))
    tick()
    assert [row.state for row in house.rows(LEO)] == ["sent"]
    assert len(phones.got(LEO)) == 1


def test_a_sender_that_vanished_is_swept_up(house: House, tick: Callable[[], None]) -> None:
    one = house.owe(house.person(ANA).id)
    house.claim("reply")
    house.time.move(timedelta(seconds=31))
    tick()
    assert house.row(one).state == "unsure"


def test_a_duty_that_fails_is_logged_without_words_and_the_others_are_done(
    house: House, tick: Callable[[], None], caplog: pytest.LogCaptureFixture
) -> None:
    with house.db.write() as conn:
        conn.exec_driver_sql("ALTER TABLE wakes RENAME TO wakes_away")
    one = house.owe(house.person(ANA).id, "reply", "PLANTED WORDS")
    house.claim("reply")
    house.time.move(timedelta(seconds=31))
    with caplog.at_level(logging.WARNING):
        tick()
    assert house.row(one).state == "unsure"
    assert "a duty of the ticker failed" in caplog.text
    assert "PLANTED" not in caplog.text


def test_even_a_bug_in_one_duty_does_not_stop_the_others(
    house: House, tick: Callable[[], None], caplog: pytest.LogCaptureFixture
) -> None:
    house.desk = replace(house.desk, bell=cast("Bell", None))
    house.owe(house.person(ANA).id)
    lost = house.owe(house.person(LEO).id)
    house.put(lost, "sending", lease_until=house.now - timedelta(seconds=1))
    tick()
    assert house.row(lost).state == "unsure"
    assert "bell" in [r.__dict__["duty"] for r in caplog.records if "duty" in r.__dict__]


def test_two_tickers_do_everything_once(house: House, phones: Phones, no_redis: None) -> None:
    house.text(LEO, "MOOD 7")
    house.time.move(timedelta(hours=6))
    for ticker in (Ticker(house.desk, phones.carrier), Ticker(house.desk, phones.carrier)):
        ticker.tick(house.now)
        ticker.settle_down()
    assert len(house.sent(ANA)) == 1
    assert len(phones.got(LEO)) == 1
