"""One transaction: everything or nothing, again when two clashed, the bell only after the commit."""

from datetime import timedelta

import pytest
from redis import Redis
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError, OperationalError

from sms_service.services.desk import EXPIRES, Work, line_for
from sms_service.store.bell import bell_key
from sms_service.store.consents import consents
from sms_service.store.outbox import outbox
from tests.house import ANA, LEO, House


def _owe(house: House, work: Work, body: str = "words", number: str = ANA, why: str = "reply") -> None:
    person = house.person(number)
    work.owe(house.program_id, person.id, house.line.id, why, body)  # type: ignore[arg-type]  # a Why by its name


def test_what_it_owes_is_there_after_it_and_its_lane_has_been_rung(house: House, redis_url: str) -> None:
    house.desk.transact("in:1", house.now, lambda work: _owe(house, work))
    assert house.sent(ANA) == ["words"]
    with Redis.from_url(redis_url) as client:
        assert client.exists(bell_key("reply")) == 1
        assert client.exists(bell_key("urgent")) == 0


def test_whatever_is_raised_nothing_of_it_stays_and_no_bell_rings(house: House, redis_url: str) -> None:
    def act(work: Work) -> None:
        _owe(house, work)
        work.write_down()
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        house.desk.transact("in:1", house.now, act)
    assert house.sent(ANA) == []
    with Redis.from_url(redis_url) as client:
        assert client.dbsize() == 0


def test_when_two_clashed_it_is_done_again_from_the_start(house: House) -> None:
    tries: list[int] = []

    def act(work: Work) -> None:
        _owe(house, work, f"try {len(tries)}")
        tries.append(1)
        if len(tries) < 3:
            raise IntegrityError("statement", None, Exception("two at once"))

    house.desk.transact("in:1", house.now, act)
    assert house.sent(ANA) == ["try 2"]


def test_it_does_not_try_for_ever(house: House) -> None:
    tries: list[int] = []

    def act(work: Work) -> None:
        tries.append(1)
        raise IntegrityError("statement", None, Exception("two at once"))

    with pytest.raises(IntegrityError):
        house.desk.transact("in:1", house.now, act)
    assert len(tries) == 4


def test_a_database_that_is_away_is_not_tried_again_here(house: House) -> None:
    """The caller answers 503 and Twilio comes back."""
    tries: list[int] = []

    def act(work: Work) -> None:
        tries.append(1)
        raise OperationalError("statement", None, Exception("away"))

    with pytest.raises(OperationalError):
        house.desk.transact("in:1", house.now, act)
    assert len(tries) == 1


def test_the_same_cause_owes_a_person_each_message_once(house: House) -> None:
    def act(work: Work) -> None:
        _owe(house, work, "one")
        _owe(house, work, "two")

    for _ in range(2):
        house.desk.transact("in:1", house.now, act)
    assert house.sent(ANA) == ["one", "two"]


def test_positions_count_for_each_person(house: House) -> None:
    def act(work: Work) -> None:
        for number in (ANA, LEO, ANA):
            _owe(house, work, number=number)

    house.desk.transact("in:1", house.now, act)
    assert [row.position for row in house.rows(ANA)] == [0, 1]
    assert [row.position for row in house.rows(LEO)] == [0]


@pytest.mark.parametrize("why", list(EXPIRES))
def test_each_message_knows_how_long_it_is_worth_sending(house: House, why: str) -> None:
    house.desk.transact("in:1", house.now, lambda work: _owe(house, work, why=why))
    (row,) = house.rows(ANA)
    assert row.expires_at - row.due_at == EXPIRES[why]  # type: ignore[index]  # a Why by its name
    assert timedelta(0) < row.expires_at - row.due_at <= timedelta(days=1)


def test_what_is_due_later_rings_nothing_now(house: House, redis_url: str) -> None:
    def act(work: Work) -> None:
        person = house.person(ANA)
        later = house.now + timedelta(hours=1)
        work.owe(house.program_id, person.id, house.line.id, "scheduled", "words", due_at=later)

    house.desk.transact("in:1", house.now, act)
    with Redis.from_url(redis_url) as client:
        assert client.dbsize() == 0


def test_replies_leave_by_the_line_last_written_to_else_by_the_first(house: House) -> None:
    with house.db.write() as conn:
        work = Work(conn, house.now, "in:1", house.desk.lines)
        line = house.desk.lines.all(conn, house.now)[0]
        assert line_for(work, line.program, line.id) == line
        assert line_for(work, line.program, None) == line


def test_no_words_are_in_what_an_error_would_show(house: House) -> None:
    def act(work: Work) -> None:
        _owe(house, work, "PLANTED WORDS")
        assert "PLANTED" not in repr(work.owed)
        conn = work.conn
        conn.execute(select(func.count()).select_from(consents))
        conn.execute(outbox.insert(), {"body": "PLANTED WORDS"})

    with pytest.raises(IntegrityError) as caught:
        house.desk.transact("in:1", house.now, act)
    assert "PLANTED" not in str(caught.value)
