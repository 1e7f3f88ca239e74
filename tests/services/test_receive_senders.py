"""Who and what a text comes from: unknown lines, numbers that can't be answered, old keys, loops, odd words."""

import logging

import pytest
from sqlalchemy import func, select

from sms_service.services.desk import Desk
from sms_service.services.receive import LOOP
from sms_service.store.database import Database
from sms_service.store.inbounds import inbounds
from sms_service.store.people import people, person_by_number
from sms_service.store.programs import Lines
from sms_service.store.sealing import Keyring
from tests.house import ANA, KEYS, NIGHT, SAM, House

OLD_KEY = KEYS["LOOKUP_KEYS"].removeprefix("1:")
NEW_DATA_KEY = "bmV3LW5ldy1uZXctbmV3LW5ldy1uZXctbmV3LW5ldy0="


def _count(house: House, table: object) -> int:
    with house.db.read() as conn:
        return int(conn.scalar(select(func.count()).select_from(table)) or 0)  # type: ignore[arg-type]  # any table


def test_a_text_to_a_number_that_is_no_line_is_logged_and_left(house: House, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        house.text(ANA, "help me please", to="+12025559999", sid="SM1")
    assert _count(house, inbounds) == 0
    assert [(r.getMessage(), r.__dict__["sid"]) for r in caplog.records] == [
        ("a text for a number that is no line of ours", "SM1")
    ]
    assert "help me" not in caplog.text


@pytest.mark.parametrize(
    "sender", ["12345", "+266696687", "anonymous", "", "ACME", "+1202555", "whatsapp:+12025550121"]
)
def test_a_sender_that_cannot_be_answered_is_left(house: House, sender: str) -> None:
    house.text(sender, "hello")
    assert (_count(house, inbounds), house.sent()) == (0, [])


def test_the_line_tells_the_program(house: House) -> None:
    house.text(ANA, "hello", to=NIGHT)
    (row,) = house.rows(ANA)
    assert row.program_id != house.program_id
    assert "NIGHT" in row.body


@pytest.mark.parametrize("body", ["", " ", "\u200f\u202bشكرا", "😀" * 500, "x" * 1600, "\x00nul", "1" * 400, "?!"])
def test_whatever_the_words_the_text_is_kept(house: House, body: str) -> None:
    house.text(ANA, body)
    with house.db.read() as conn:
        assert conn.scalar(select(inbounds.c.body)) == body


def test_a_person_asking_for_help_is_no_loop(house: House) -> None:
    for n in range(22):
        house.text(ANA, f"hmm {n} things")
    before = len(house.sent(ANA))
    house.text(ANA, "TALK")
    assert "volunteer" in house.sent(ANA)[before]
    assert house.sent(SAM)


def test_the_21st_text_in_five_minutes_is_kept_but_not_answered(house: House) -> None:
    for n in range(LOOP):
        house.text(ANA, f"MOOD {n % 5 + 5}")
    answered = len(house.sent(ANA))
    assert answered >= LOOP
    house.text(ANA, "MOOD 7")
    assert len(house.sent(ANA)) == answered
    assert _count(house, inbounds) == LOOP + 1


def test_even_then_danger_is_heard(house: House) -> None:
    for _ in range(LOOP):
        house.text(ANA, "MOOD 7")
    house.text(ANA, "i want to kill myself")
    assert [case.kind for case in house.cases()] == ["crisis"]


def _with_keys(house: House, data_keys: list[str], lookup_keys: dict[int, str]) -> House:
    """The same database in a process with other keys."""
    ring = Keyring(data_keys, lookup_keys)
    desk = Desk(Database(house.settings.database_url, ring), house.desk.bell, Lines())
    return House(desk, house.time, house.settings, house.sids)


def test_somebody_filed_under_an_old_look_up_key_is_found(house: House) -> None:
    before = _count(house, people)
    later = _with_keys(house, [KEYS["DATA_KEYS"]], {2: "n" * 32, 1: OLD_KEY})
    assert later.says(ANA, "MOOD 7")[0].startswith("Mood 7 saved")
    assert _count(later, people) == before
    later.text("+12025551001", "hello")
    with later.db.read() as conn:
        keys = dict(conn.execute(select(people.c.number, people.c.lookup_key)).all())
    later.db.close()
    assert (keys[ANA], keys["+12025551001"]) == (1, 2)


def test_a_repeated_sid_of_somebody_filed_under_an_old_key_makes_nobody_new(house: House) -> None:
    house.text(ANA, "MOOD 7", sid="SM1")
    before = _count(house, people)
    later = _with_keys(house, [KEYS["DATA_KEYS"]], {2: "n" * 32, 1: OLD_KEY})
    later.text(ANA, "MOOD 7", sid="SM1")
    assert _count(later, people) == before
    later.db.close()


def test_without_the_old_key_nobody_is_found(house: House) -> None:
    later = _with_keys(house, [KEYS["DATA_KEYS"]], {2: "n" * 32})
    with later.db.read() as conn:
        assert person_by_number(conn, house.program_id, ANA) is None
    later.db.close()


def test_rows_sealed_under_an_old_data_key_are_read_and_new_ones_use_the_new(house: House) -> None:
    house.text(ANA, "i feel so alone today")
    later = _with_keys(house, [NEW_DATA_KEY, KEYS["DATA_KEYS"]], {1: OLD_KEY})
    assert later.person(ANA).name == "Ana"
    later.text(ANA, "MOOD 7")
    newest = Keyring([NEW_DATA_KEY], {1: OLD_KEY})
    with later.db.read() as conn:
        raw = [str(row[0]) for row in conn.exec_driver_sql("SELECT body FROM inbounds ORDER BY id")]
    later.db.close()
    assert newest.open(raw[-1]) == "MOOD 7"
