"""Texts at the same moment: one SID twice, two of one person, two people, a stranger twice."""

import threading
from collections.abc import Callable, Sequence

import pytest
from sqlalchemy import func, select

from sms_service.services.receive import InboundText, receive
from sms_service.store.inbounds import inbounds
from sms_service.store.people import people, person_by_id
from tests.house import ANA, LEO, LINE, SAM, House

NEW = "+12025551001"


def _all_at_once(acts: Sequence[Callable[[], object]]) -> None:
    start = threading.Barrier(len(acts))
    failed: list[Exception] = []

    def run(act: Callable[[], object]) -> None:
        start.wait()
        try:
            act()
        except Exception as error:  # noqa: BLE001  # shown below, in the test's own thread
            failed.append(error)

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []


def _text(house: House, number: str, body: str, sid: str) -> Callable[[], object]:
    return lambda: receive(house.desk, InboundText(sid, number, LINE, body, house.now), house.now)


def _heard(house: House) -> list[str]:
    with house.db.read() as conn:
        return list(conn.scalars(select(inbounds.c.body).order_by(inbounds.c.id)))


def test_the_same_sid_twice_is_heard_and_answered_once(house: House) -> None:
    house.text(ANA, "MOOD 7", sid="SM1")
    house.text(ANA, "MOOD 7", sid="SM1")
    assert _heard(house) == ["MOOD 7"]
    assert len(house.sent(ANA)) == 1


def test_the_same_sid_four_times_at_once_is_heard_and_answered_once(house: House) -> None:
    _all_at_once([_text(house, ANA, "MOOD 2", "SM1")] * 4)
    assert _heard(house) == ["MOOD 2"]
    assert len(house.sent(ANA)) == 1
    assert len(house.cases()) == 1


def test_the_same_sid_of_a_stranger_at_once_makes_one_person_and_one_reply(house: House) -> None:
    _all_at_once([_text(house, NEW, "hello", "SM1")] * 4)
    assert len(house.sent(NEW)) == 1
    assert _people(house, NEW) == 1


def test_two_texts_of_a_stranger_at_once_make_one_person(house: House) -> None:
    _all_at_once([_text(house, NEW, f"MOOD {n}", f"SM{n}") for n in (5, 6, 7, 8)])
    assert _people(house, NEW) == 1
    assert sorted(_heard(house)) == ["MOOD 5", "MOOD 6", "MOOD 7", "MOOD 8"]


def test_two_texts_of_one_person_at_once_are_both_answered_each_seeing_the_other(house: House) -> None:
    """Two answers at once: the first is for the agreement, the second for the question after it."""
    house.text(NEW, "JOIN HOPE")
    house.deliver()
    before = len(house.sent(NEW))
    _all_at_once([_text(house, NEW, "1", "SM1"), _text(house, NEW, "1", "SM2")])
    replies = house.sent(NEW)[before:]
    assert [reply[:12] for reply in replies] == ["Do others re", "When should "]
    assert house.person(NEW).is_member


def test_a_crisis_in_two_pieces_at_once_is_seen_whole(house: House) -> None:
    """Whichever comes second is read together with the first."""
    _all_at_once([_text(house, ANA, "i want to", "SM1"), _text(house, ANA, "kill myself", "SM2")])
    assert [case.kind for case in house.cases()] == ["crisis"]


def test_ten_texts_of_one_person_at_once_lose_nothing(house: House) -> None:
    _all_at_once([_text(house, LEO, f"MOOD {n}", f"SM{n}") for n in range(3, 11)])
    assert sorted(_heard(house)) == sorted(f"MOOD {n}" for n in range(3, 11))
    assert sum("saved" in body for body in house.sent(LEO)) == 8


def test_many_people_at_once_each_get_their_answer(house: House) -> None:
    numbers = [f"+1202555{2000 + n}" for n in range(8)]
    _all_at_once([_text(house, number, "i want to kill myself", f"SM{number}") for number in numbers])
    assert all(len(house.sent(number)) == 1 for number in numbers)
    assert sorted(case.case_no for case in house.cases()) == list(range(1, 9))


def test_one_person_does_not_wait_for_another_on_postgresql(house: House) -> None:
    if house.db.is_sqlite:
        pytest.skip("writers of SQLite queue as a whole")
    ana = house.person(ANA)
    with house.db.write() as conn:
        person_by_id(conn, ana.program_id, ana.id, lock=True)
        waiting = threading.Thread(target=_text(house, ANA, "MOOD 7", "SM1"))
        waiting.start()
        house.text(LEO, "MOOD 7")
        assert len(house.sent(LEO)) == 1
        assert waiting.is_alive()
    waiting.join()
    assert len(house.sent(ANA)) == 1


def test_two_volunteers_who_take_a_case_at_once_are_one_owner_and_one_who_is_told(house: House) -> None:
    house.text(ANA, "i want to kill myself")
    house.pass_time(minutes=2)
    carmen = "+12025550112"
    _all_at_once([_text(house, SAM, "TAKE 1", "SM1"), _text(house, carmen, "TAKE 1", "SM2")])
    (case,) = house.cases()
    assert case.state == "claimed"
    told = sorted(house.sent(number)[-1].split(",")[0][:13] for number in (SAM, carmen))
    assert sum("You have case" in house.sent(number)[-1] for number in (SAM, carmen)) == 1, told


def _people(house: House, number: str) -> int:
    with house.db.read() as conn:
        found = conn.execute(select(people.c.number)).scalars().all()
        assert conn.scalar(select(func.count()).select_from(people)) == len(found)
    return sum(one == number for one in found)


def test_words_to_somebody_who_is_just_writing_do_not_wait_for_them(house: House) -> None:
    """Both sides of a talk write at once: neither holds the other up."""
    if house.db.is_sqlite:
        pytest.skip("writers of SQLite queue as a whole")
    house.text(ANA, "TALK")
    house.text(SAM, "TAKE 1")
    ana = house.person(ANA)
    with house.db.write() as conn:
        person_by_id(conn, ana.program_id, ana.id, lock=True)
        house.text(SAM, "Hi Ana")
        assert house.sent(ANA)[-1] == "Sam: Hi Ana"
