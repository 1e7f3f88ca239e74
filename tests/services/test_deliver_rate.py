"""How fast a line is handed messages: segments a second, kept in SQL, little ahead (DESIGN.md §5)."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from sms_service.carrier.outcomes import Sent
from sms_service.domain.words import Lane, LineId, Why
from sms_service.store.programs import add_line, lines
from tests.house import House


def _pace(house: House, rate: float, line_id: LineId | None = None) -> None:
    with house.db.write() as conn:
        conn.execute(update(lines).where(lines.c.id == (line_id or house.line.id)).values(rate=rate))


def _owe(house: House, how_many: int, why: Why = "reply", **known: object) -> None:
    people = [house.new_person(f"+1303555{next(house.sids):04}") for _ in range(how_many)]
    house.owe_all(people, why, **known)  # type: ignore[arg-type]  # passed on as it is


def test_a_line_is_handed_replies_for_one_second_and_no_more(house: House) -> None:
    _pace(house, 2)
    _owe(house, 10)
    assert len(house.claim("reply")) == 2
    assert house.claim("reply") == []
    house.time.move(timedelta(milliseconds=500))
    assert len(house.claim("reply")) == 1


def test_the_pace_counts_segments(house: House) -> None:
    _pace(house, 2)
    _owe(house, 10, segments=2)
    assert len(house.claim("reply")) == 1


@pytest.mark.parametrize(
    ("why", "lane", "rate", "handed"),
    [("reply", "reply", 4, 80), ("scheduled", "scheduled", 1, 20), ("bulk", "bulk", 4, 64), ("bulk", "bulk", 1, 2)],
)
def test_over_twenty_seconds_a_lane_gets_its_share_of_the_line(
    house: House, why: Why, lane: Lane, rate: float, handed: int
) -> None:
    """Replies may fill the line; bulk leaves a fifth of it for the others, and nine tenths of a slow one."""
    _pace(house, rate)
    _owe(house, 90, why)
    sum_of = 0
    for _ in range(200):
        sum_of += len(house.claim(lane))
        house.time.move(timedelta(milliseconds=100))
    assert abs(sum_of - handed) <= rate


def test_danger_overdraws_the_line_and_the_others_wait_until_it_is_free(house: House) -> None:
    _pace(house, 1)
    _owe(house, 10, "crisis")
    _owe(house, 1, "reply")
    assert len(house.claim("urgent")) == 10
    assert house.claim("reply") == []
    house.time.move(timedelta(seconds=8))
    assert house.claim("reply") == []
    house.time.move(timedelta(seconds=1.1))
    assert len(house.claim("reply")) == 1


def test_bulk_never_stands_before_a_reply_by_more_than_a_second(house: House) -> None:
    _pace(house, 1)
    _owe(house, 30, "bulk")
    for _ in range(5):
        house.claim("bulk")
    _owe(house, 1, "reply")
    house.time.move(timedelta(seconds=1))
    assert len(house.claim("reply")) == 1


def test_a_line_that_is_busy_does_not_hold_up_another(house: House) -> None:
    """However many rows wait for the slow one, and however much older they are."""
    _pace(house, 0.01)
    _owe(house, 70)
    with house.db.write() as conn:
        other = add_line(conn, house.program_id, "+12025550101", 10, house.now)
    assert len(house.claim("reply")) == 1
    house.time.move(timedelta(seconds=1))
    _owe(house, 3, line_id=other)
    assert len(house.claim("reply")) == 3


def test_what_was_idle_for_long_gets_no_credit(house: House) -> None:
    _pace(house, 1)
    house.time.move(timedelta(hours=1))
    _owe(house, 10)
    assert len(house.claim("reply")) == 1


def test_rows_leave_by_the_line_they_are_owed_on(house: House) -> None:
    with house.db.write() as conn:
        other = add_line(conn, house.program_id, "+12025550101", 10, house.now)
    _owe(house, 1, line_id=other)
    house.claim("reply")
    assert [one.from_number for one in house.taken] == ["+12025550101"]
    house.record([Sent("SM1")])
