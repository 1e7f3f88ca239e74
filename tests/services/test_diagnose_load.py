"""The next day's load: which hour is full, and when there is room."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from sms_service.domain.words import LineId
from sms_service.services.diagnose_load import advice, clock, crowds, next_day, sentence
from sms_service.store.load import LineLoad
from sms_service.store.wakes import Wake, set_wakes
from tests.house import House

ZONE = ZoneInfo("America/New_York")
NOON = datetime(2026, 3, 4, 12, tzinfo=ZONE)


def line(*due: tuple[datetime, int], rate: float = 1.0) -> LineLoad:
    """A line of a New York program with this much due."""
    return LineLoad(LineId(1), "demo", "America/New_York", rate, tuple(sorted(due)))


def at(hour: int, minute: int = 0) -> datetime:
    return NOON.replace(hour=hour, minute=minute)


def test_an_hour_with_more_than_the_line_carries_is_full_and_a_better_time_is_named() -> None:
    (full,) = crowds(line((at(19), 4120)), NOON)
    assert sentence(full).startswith("7 pm is full: 4,120 segments due, the line carries 3,600 an hour; ")
    assert sentence(full).endswith("the last goes out 69 min late")
    assert advice(full) == "move some members to 7:20 pm?"


def test_a_time_that_is_full_itself_is_not_proposed() -> None:
    (full, _next) = crowds(line((at(19), 2000), (at(19, 20), 1000), (at(19, 40), 900), (at(20), 1000)), NOON)
    assert advice(full) == "move some members to 8:20 pm?"


def test_as_much_as_goes_out_in_ten_minutes_is_no_crowd() -> None:
    assert crowds(line((at(19), 600)), NOON) == []
    assert len(crowds(line((at(19), 601)), NOON)) == 1
    assert crowds(line((at(19), 4120), rate=100), NOON) == []


def test_a_crowd_that_is_left_from_the_hour_before_makes_the_next_one_late_too() -> None:
    assert [one.at for one in crowds(line((at(19, 50), 3000), (at(20, 10), 1)), NOON)] == [at(19), at(20)]


def test_what_would_fit_in_an_hour_but_is_due_at_once_is_called_crowded() -> None:
    (one,) = crowds(line((at(19), 1800)), NOON)
    assert sentence(one) == (
        "7 pm is crowded: 1,800 segments due, the line carries 3,600 an hour; the last goes out 30 min late"
    )


def test_hours_are_said_as_people_say_them() -> None:
    assert [clock(at(h, m)) for h, m in ((0, 0), (7, 20), (12, 0), (19, 0))] == ["12 am", "7:20 am", "12 pm", "7 pm"]


@given(st.lists(st.tuples(st.integers(0, 1439), st.integers(1, 500)), max_size=30), st.sampled_from([1.0, 3.0, 100.0]))
def test_what_a_line_can_carry_is_never_called_full(due: list[tuple[int, int]], rate: float) -> None:
    load = line(*((NOON + timedelta(minutes=minute), segments) for minute, segments in due), rate=rate)
    if sum(segments for _minute, segments in due) <= rate * 600:
        assert crowds(load, NOON) == []
    assert all(one.late > timedelta(minutes=10) for one in crowds(load, NOON))


def test_check_ins_and_messages_owed_for_later_count_on_the_line_of_their_people(house: House) -> None:
    house.join("+12025551000")
    owner = house.person("+12025551000").id
    (before, _night) = next_day(house.db, house.now)
    seven = house.now + timedelta(hours=7)
    with house.db.write() as conn:
        set_wakes(conn, [Wake(house.program_id, f"referral:{owner}", "referral", owner, 0, seven)])
        set_wakes(conn, [Wake(house.program_id, "ladder:1", "ladder", 1, 0, seven)])
    house.owe(owner, "scheduled", segments=2, due_at=seven)
    (after, _night) = next_day(house.db, house.now)

    def count(said: str) -> int:
        return int(said.split(": ")[1].split(maxsplit=1)[0])

    assert count(after.what) - count(before.what) == 3


def test_a_full_evening_is_found_in_the_rows(house: House) -> None:
    owners = [house.new_person(f"+1202556{n:04}") for n in range(30)]
    with house.db.write() as conn:
        conn.exec_driver_sql("UPDATE lines SET rate = 0.005")
        due = house.now.replace(hour=23)
        set_wakes(conn, [Wake(house.program_id, f"check_in:{one}", "check_in", one, 0, due) for one in owners])
    found = [one for one in next_day(house.db, house.now) if one.level == "warn"]
    assert "6 pm is full: 31 segments due, the line carries 18 an hour" in found[0].what
