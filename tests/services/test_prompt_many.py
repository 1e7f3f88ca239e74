"""Check-ins of many planned together leave the very rows that one by one would have left."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select

from sms_service.services.prompt_many import MANY, plan_check_ins
from sms_service.services.wake import fire_due, fire_each
from sms_service.store.conversations import conversations
from sms_service.store.outbox import outbox
from sms_service.store.people import people
from sms_service.store.programs import Lines, program_by_id
from sms_service.store.wakes import due_wakes, wakes
from sms_service.store.wordings import wordings
from tests.house import NOON, House
from tests.services.crowd import CASES, Crowd, Member, everything, members

BEFORE_SUMMER = datetime(2026, 3, 8, 4, 30, tzinfo=UTC)
BEFORE_WINTER = datetime(2026, 10, 31, 17, 0, tzinfo=UTC)
EVERY_KIND = [
    Member(), Member(1), Member(language="es"), Member(zone="Pacific/Honolulu", rhythm="weekly"),
    *(Member(state=state) for state in ("paused", "left", "stopped", "died", "unreachable")),
    Member(safe="after"), Member(safe="never"), Member(minute=None), Member(missed=3), Member(state="paused", missed=3),
    *(Member(case=case) for case in CASES), Member(looks_after=True), Member(team="volunteer", is_on=True),
    Member(team="supervisor"), Member(talks=("open check_in",)), Member(talks=("parked menu",)),
    Member(talks=("open suits", "parked menu"), late_minutes=120), Member(sent_hours_ago=(1, 2, 9)),
    Member(sent_hours_ago=(1, 2, 20)), Member(sent_hours_ago=(1, 2, 9), sent_state="withheld"),
    Member(late_minutes=119), Member(late_minutes=121), Member(late_minutes=200, has_waited=True),
]  # fmt: skip


def the_same_either_way(house: House, crowd: list[Member], now: datetime) -> dict[str, list[str]]:
    """What is left when they are planned together, once it is known to equal what is left one by one."""
    house.time.set(now)
    here = Crowd(house.desk, now)
    here.gather(crowd)
    fire_due(house.desk, now)
    together = everything(house.db)
    here.gather(crowd)
    with house.db.read() as conn:
        programs = {line.program.id for line in house.desk.lines.all(conn, now)}
        due = [wake for program in programs for wake in due_wakes(conn, program, now, 1000)]
    assert len(due) == len(crowd)
    assert fire_each(house.desk, due, now) == len(crowd)
    assert everything(house.db) == together
    return together


@pytest.mark.parametrize("now", [NOON, BEFORE_SUMMER, BEFORE_WINTER])
def test_every_kind_of_member_is_left_the_same(house: House, now: datetime) -> None:
    left = the_same_either_way(house, EVERY_KIND, now)
    assert sum("From 0 to 10" in row for row in left["outbox"]) > 5


@settings(
    max_examples=20,
    deadline=None,
    phases=[Phase.reuse, Phase.generate],  # a crowd costs seconds to be made smaller; as found it reads well enough
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(members, min_size=1, max_size=12), st.sampled_from([NOON, BEFORE_SUMMER, BEFORE_WINTER]))
def test_any_crowd_is_left_the_same(house: House, crowd: list[Member], now: datetime) -> None:
    the_same_either_way(house, crowd, now)


def test_so_are_those_of_a_program_with_words_of_its_own(house: House) -> None:
    with house.db.write() as conn:
        own = {
            "program_id": house.program_id,
            "key": "check_in.mood.say",
            "language": "es",
            "text": "{short}: ¿cómo va?",
        }
        conn.execute(insert(wordings), own)
    house.desk = replace(house.desk, lines=Lines())
    left = the_same_either_way(house, [Member(), Member(language="es"), Member(1, language="es")], NOON)
    assert sum("HOPE: ¿cómo va?" in row for row in left["outbox"]) == 1


def test_the_plain_are_planned_together_and_the_others_handed_back(house: House) -> None:
    """Without this the tests above would hold even if nobody were plain."""
    odd = [Member(talks=("open check_in",)), Member(case="concern"), Member(team="volunteer")]
    plain = [Member(), Member(language="es"), Member(state="paused"), Member(missed=3), Member(late_minutes=300)]
    ids = Crowd(house.desk, house.now).gather(odd + plain)
    with house.db.read() as conn:
        program = program_by_id(conn, house.program_id)
    planned, left = plan_check_ins(house.desk, program, house.now)
    assert planned == len(plain)
    assert sorted(wake.owner_id for wake in left) == ids[: len(odd)]


def test_a_hundred_cost_as_many_statements_as_ten(house: House) -> None:
    costs = []
    for count in (10, 100):
        Crowd(house.desk, house.now).gather([Member(language="es"), Member()] * (count // 2))
        with house.statements() as seen:
            assert fire_due(house.desk, house.now) == count
        costs.append(len(seen))
    assert costs[0] == costs[1] <= 20


def test_each_row_is_sealed_and_opens(house: House) -> None:
    Crowd(house.desk, house.now).gather([Member()] * 3)
    fire_due(house.desk, house.now)
    with house.db.read() as conn:
        for column in (outbox.c.body, conversations.c.place):
            kept = list(conn.exec_driver_sql(f"SELECT {column.name} FROM {column.table.name}").scalars())
            assert len(kept) == 3
            assert not any("0 to 10" in value or "check_in" in value for value in kept)
        assert {row.place.split('"')[1] for row in conn.execute(select(conversations))} == {"check_in"}


def test_more_than_one_batch_are_all_asked(house: House) -> None:
    ids = Crowd(house.desk, house.now).gather([Member()] * (MANY + 3))
    rang = 0
    while more := fire_due(house.desk, house.now):
        rang += more
    assert rang == len(ids)
    assert sorted(row.person_id for row in house.rows()) == ids


def test_a_zone_that_does_not_exist_postpones_its_own_member_alone(house: House) -> None:
    lost, *others = Crowd(house.desk, house.now).gather([Member(zone="Mars/Phobos"), Member(), Member()])
    assert fire_due(house.desk, house.now) == len(others)
    assert sorted(row.person_id for row in house.rows()) == others
    assert house.alarms("check_in")[f"check_in:{lost}"] == house.now + timedelta(minutes=1)


def test_a_row_the_database_refuses_postpones_its_own_member_alone(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    ids = Crowd(house.desk, house.now).gather([Member()] * 5)
    _refuse_messages_to(house, ids[2])
    assert fire_due(house.desk, house.now) == len(ids) - 1
    assert sorted(row.person_id for row in house.rows()) == [*ids[:2], *ids[3:]]
    assert house.alarms("check_in")[f"check_in:{ids[2]}"] == house.now + timedelta(minutes=1)
    with house.db.read() as conn:
        assert conn.scalar(select(people.c.missed).where(people.c.id == ids[2])) == 0
    told = [record.getMessage() for record in caplog.records if record.name.startswith("sms_service")]
    assert told == ["check-ins failed together, they go one by one", "a wake failed"]


def test_a_check_in_whose_person_is_gone_holds_nobody_up(house: House) -> None:
    ids = Crowd(house.desk, house.now).gather([Member()] * 2)
    with house.db.write() as conn:
        conn.execute(wakes.update().where(wakes.c.owner_id == ids[0]).values(owner_id=4711))
    assert fire_due(house.desk, house.now) == 1
    assert [row.person_id for row in house.rows()] == ids[1:]


def _refuse_messages_to(house: House, person: int) -> None:
    with house.db.write() as conn:
        if house.db.is_sqlite:
            conn.exec_driver_sql(
                f"CREATE TRIGGER refuse BEFORE INSERT ON outbox WHEN NEW.person_id = {person} "
                "BEGIN SELECT RAISE(ABORT, 'refused'); END"
            )
            return
        conn.exec_driver_sql(
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF NEW.person_id = {person} THEN RAISE EXCEPTION 'refused'; END IF; RETURN NEW; END $$"
        )
        conn.exec_driver_sql("CREATE TRIGGER refuse BEFORE INSERT ON outbox FOR EACH ROW EXECUTE FUNCTION refuse()")
