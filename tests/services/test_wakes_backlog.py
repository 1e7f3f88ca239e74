"""Very many alarms due at once: who rings first, two tickers, and who is being heard meanwhile."""

import threading
from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from sms_service.services.prompt_many import MANY, plan_check_ins
from sms_service.services.wake import fire_due
from sms_service.store.open import open_database
from sms_service.store.people import person_by_id
from sms_service.store.programs import Lines, program_by_id
from sms_service.store.wakes import Wake, due_of_cases, due_wakes, set_wakes, wakes
from tests.house import ANA, House
from tests.services.crowd import Crowd, Member

HOUR = timedelta(hours=1)


def _case_with_a_ladder_due(house: House) -> str:
    """Nobody has taken Ana's case and the next rung is due now; its alarm."""
    house.text(ANA, "TALK")
    (case,) = house.cases()
    key = f"ladder:{case.id}"
    with house.db.write() as conn:
        conn.execute(update(wakes).where(wakes.c.key == key).values(due_at=house.now))
    return key


def _owe_silences(house: House, count: int) -> None:
    """Alarms of conversations long gone, all overdue."""
    gone = range(4000, 4000 + count)
    with house.db.write() as conn:
        set_wakes(conn, [Wake(house.program_id, f"silence:{n}", "silence", n, 1, house.now - HOUR) for n in gone])


def test_a_ladder_is_climbed_before_check_ins_that_were_due_earlier(house: House) -> None:
    Crowd(house.desk, house.now).gather([Member(late_minutes=60)] * 20)
    _case_with_a_ladder_due(house)
    before = len(house.rows())
    fire_due(house.desk, house.now)
    written = house.rows()[before:]
    assert [row.why for row in written] == ["page", *["scheduled"] * 20]


def test_a_ladder_rings_first_of_more_alarms_than_are_looked_at_in_a_beat(house: House) -> None:
    key = _case_with_a_ladder_due(house)
    _owe_silences(house, 30)
    with house.db.read() as conn:
        assert [wake.key for wake in due_wakes(conn, house.program_id, house.now, 1)] == [key]
    fire_due(house.desk, house.now, most=10)
    assert house.alarms()[key] > house.now


def test_between_batches_only_what_open_cases_wait_for_is_looked_for(house: House) -> None:
    key = _case_with_a_ladder_due(house)
    _owe_silences(house, 3)
    with house.db.write() as conn:
        set_wakes(conn, [Wake(house.program_id, "ladder:4711", "ladder", 4711, 100, house.now - HOUR)])
    with house.db.read() as conn:
        assert [wake.key for wake in due_of_cases(conn, house.program_id, house.now, 10)] == [key]


def test_check_ins_do_not_wait_until_every_other_alarm_has_rung(house: House) -> None:
    ids = Crowd(house.desk, house.now).gather([Member()] * 3)
    _owe_silences(house, 30)
    fire_due(house.desk, house.now, most=10)
    assert len(house.alarms("silence")) == 20 + len(ids)
    assert sorted(row.person_id for row in house.rows()) == ids


def test_two_tickers_ask_each_member_once(house: House) -> None:
    ids = Crowd(house.desk, house.now).gather([Member(), Member(language="es"), Member(talks=("parked menu",))] * MANY)
    start, rang = threading.Barrier(2), list[int]()

    def tick() -> None:
        desk = replace(house.desk, db=open_database(house.settings), lines=Lines())
        start.wait()
        while more := fire_due(desk, house.now):
            rang.append(more)
        desk.db.close()

    threads = [threading.Thread(target=tick) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    asked = Counter(row.person_id for row in house.rows())
    assert asked == dict.fromkeys(ids, 1)
    assert not [key for key, due in house.alarms("check_in").items() if due <= house.now]
    assert len(house.alarms("silence")) == len(ids)


def test_who_is_being_heard_right_now_keeps_nobody_else_waiting(house: House) -> None:
    heard, other = Crowd(house.desk, house.now).gather([Member(), Member()])
    with house.db.read() as conn:
        program = program_by_id(conn, house.program_id)
    if house.db.is_sqlite:
        pytest.skip("a text and a batch take turns as a whole")
    with house.db.write() as conn:
        person_by_id(conn, house.program_id, heard, lock=True)
        planned, left = plan_check_ins(house.desk, program, house.now)
    assert planned == 1
    assert [wake.owner_id for wake in left] == [heard]
    assert [row.person_id for row in house.rows()] == [other]
    assert fire_due(house.desk, house.now) == 1
    assert sorted(row.person_id for row in house.rows()) == [heard, other]


def test_an_alarm_that_another_ticker_has_is_left_to_it(house: House) -> None:
    Crowd(house.desk, house.now).gather([Member()])
    with house.db.read() as conn:
        program = program_by_id(conn, house.program_id)
    if house.db.is_sqlite:
        pytest.skip("two tickers take turns as a whole")
    with house.db.write() as conn:
        conn.execute(select(wakes).with_for_update()).all()
        assert plan_check_ins(house.desk, program, house.now) == (0, [])
    assert house.rows() == []
