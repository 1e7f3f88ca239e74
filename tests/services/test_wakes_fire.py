"""Alarms: the reply clock, stale ones, two tickers, and what late means."""

import logging
import threading
from datetime import timedelta

import pytest
from sqlalchemy import delete, update

from sms_service.carrier.outcomes import Sent, Unsure
from sms_service.services.settle import sweep_leases
from sms_service.services.wake import fire_due
from sms_service.store.people import person_by_id
from sms_service.store.wakes import Wake, due_wakes, set_wakes, take_wake, wakes
from tests.house import ANA, LEO, House

MOOD_WAITS = timedelta(hours=4)


def _asked(house: House) -> int:
    """MOOD asks a question; its conversation's id."""
    house.text(ANA, "MOOD")
    (row,) = house.rows(ANA)
    assert row.conversation_id is not None
    return int(row.conversation_id)


def test_the_reply_clock_starts_when_the_prompt_is_handed_over(house: House) -> None:
    conversation = _asked(house)
    assert house.alarms("silence") == {f"silence:{conversation}": house.now + MOOD_WAITS}
    house.time.move(timedelta(minutes=50))
    house.deliver()
    assert house.alarms("silence") == {f"silence:{conversation}": house.now + MOOD_WAITS}


@pytest.mark.parametrize("outcome", [Sent("SM1"), Unsure("ReadTimeout")])
def test_a_try_that_may_have_reached_the_phone_starts_it_too(house: House, outcome: Sent | Unsure) -> None:
    conversation = _asked(house)
    house.time.move(timedelta(minutes=50))
    house.claim("reply")
    house.record([outcome])
    assert house.alarms("silence") == {f"silence:{conversation}": house.now + MOOD_WAITS}


def test_so_does_one_whose_sender_vanished(house: House) -> None:
    conversation = _asked(house)
    house.claim("reply")
    house.time.move(timedelta(minutes=50))
    sweep_leases(house.desk, house.now)
    assert house.alarms("silence") == {f"silence:{conversation}": house.now + MOOD_WAITS}


def test_a_prompt_handed_over_late_does_not_move_the_clock_of_a_later_question(house: House) -> None:
    """The text was answered before it was noted as sent: its clock is not the new question's."""
    _asked(house)
    house.claim("reply")
    house.text(ANA, "2")
    before = house.alarms("silence")
    house.time.move(timedelta(minutes=50))
    house.record([Sent("SM1")])
    assert house.alarms("silence") == before


def test_silence_after_the_clock_asks_again(house: House) -> None:
    _asked(house)
    house.deliver()
    house.pass_time(hours=3, minutes=59)
    assert len(house.sent(ANA)) == 1
    house.pass_time(minutes=1)
    assert house.sent(ANA)[-1].startswith("No rush.")


def test_a_wake_of_an_older_turn_does_nothing(house: House) -> None:
    conversation = _asked(house)
    stale = Wake(house.program_id, f"silence:{conversation}", "silence", conversation, 99, house.now)
    with house.db.write() as conn:
        set_wakes(conn, [stale])
    before = house.sent()
    assert fire_due(house.desk, house.now) == 1
    assert house.sent() == before
    assert f"silence:{conversation}" not in house.alarms()


def test_a_wake_whose_owner_is_gone_does_nothing(house: House) -> None:
    with house.db.write() as conn:
        set_wakes(conn, [Wake(house.program_id, "silence:4711", "silence", 4711, 1, house.now)])
    before = house.sent()
    assert fire_due(house.desk, house.now) == 1
    assert house.sent() == before


def test_two_tickers_fire_each_wake_once(house: House) -> None:
    people = [house.new_person(f"+1303555{1000 + n}", check_in_minute=12 * 60) for n in range(20)]
    with house.db.write() as conn:
        conn.execute(delete(wakes))
        set_wakes(conn, [Wake(house.program_id, f"check_in:{p}", "check_in", p, 0, house.now) for p in people])
    house.desk.bell.ring({"urgent"})
    start = threading.Barrier(2)

    def tick() -> None:
        start.wait()
        fire_due(house.desk, house.now)

    threads = [threading.Thread(target=tick) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    asked = [row.person_id for row in house.rows() if row.why == "scheduled"]
    assert sorted(asked) == sorted(people)


def test_only_one_of_two_may_take_a_wake(house: House) -> None:
    wake = Wake(house.program_id, "check_in:1", "check_in", 1, 0, house.now)
    with house.db.write() as conn:
        set_wakes(conn, [wake])
        assert take_wake(conn, wake)
        assert not take_wake(conn, wake)


def test_a_wake_that_was_moved_meanwhile_is_not_taken_by_its_old_date(house: House) -> None:
    wake = Wake(house.program_id, "check_in:1", "check_in", 1, 0, house.now)
    with house.db.write() as conn:
        set_wakes(conn, [wake])
        (read,) = due_wakes(conn, house.program_id, house.now, 10)
        conn.execute(update(wakes).values(due_at=house.now + timedelta(hours=1)))
        assert not take_wake(conn, read)


def test_a_check_in_more_than_two_hours_late_is_skipped_and_the_next_one_is_wound(house: House) -> None:
    """We were away in the evening: nobody is asked in the middle of the night."""
    ana = house.person(ANA)
    due = house.alarms("check_in")[f"check_in:{ana.id}"]
    house.time.set(due + timedelta(hours=2, seconds=1))
    fire_due(house.desk, house.now)
    assert house.sent(ANA) == []
    assert house.alarms("check_in")[f"check_in:{ana.id}"] == due + timedelta(days=1)


def test_within_two_hours_it_is_still_asked(house: House) -> None:
    ana = house.person(ANA)
    due = house.alarms("check_in")[f"check_in:{ana.id}"]
    house.time.set(due + timedelta(hours=2))
    fire_due(house.desk, house.now)
    assert [row.why for row in house.rows(ANA)] == ["scheduled"]
    assert house.alarms("check_in")[f"check_in:{ana.id}"] == due + timedelta(days=1)


def test_one_bad_alarm_is_logged_by_kind_and_the_others_ring(house: House, caplog: pytest.LogCaptureFixture) -> None:
    ana = house.person(ANA)
    with house.db.write() as conn:
        set_wakes(conn, [
            Wake(house.program_id, "nonsense:1", "nonsense", 1, 0, house.now - timedelta(hours=1)),
            Wake(house.program_id, f"check_in:{ana.id}", "check_in", ana.id, 0, house.now),
        ])  # fmt: skip
    with caplog.at_level(logging.ERROR):
        fire_due(house.desk, house.now)
    assert [record.getMessage() for record in caplog.records] == ["a wake failed"]
    assert len(house.sent(ANA)) == 1
    assert "nonsense:1" in house.alarms(), "it is not lost"


def test_an_answer_that_is_being_written_down_wins_over_the_silence_that_waited_for_it(house: House) -> None:
    """The alarm waits for the text's transaction and then reads what that has left."""
    if house.db.is_sqlite:
        pytest.skip("writers of SQLite queue as a whole")
    conversation = _asked(house)
    house.deliver()
    house.time.move(MOOD_WAITS)
    ana = house.person(ANA)
    with house.db.write() as conn:
        person_by_id(conn, ana.program_id, ana.id, lock=True)
        ticker = threading.Thread(target=fire_due, args=(house.desk, house.now))
        ticker.start()
        ticker.join(0.3)
        assert ticker.is_alive(), "it waits for the person"
        from sms_service.store.conversations import conversations

        conn.execute(update(conversations).where(conversations.c.id == conversation).values(turn=7))
    ticker.join()
    assert len(house.sent(ANA)) == 1


def test_alarms_of_every_program_ring(house: House) -> None:
    with house.db.read() as conn:
        night = next(line.program.id for line in house.desk.lines.all(conn, house.now) if line.program.slug == "night")
    with house.db.write() as conn:
        set_wakes(conn, [Wake(night, "silence:1", "silence", 4711, 1, house.now)])
    assert fire_due(house.desk, house.now) == 1
    assert house.person(LEO).id
