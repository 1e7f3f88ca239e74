"""The way of one text: everything that happened to it, and not a word or number of anybody."""

import pytest

from sms_service.carrier.outcomes import Refused
from sms_service.services.settle import hear_status
from sms_service.services.trace import trace
from tests.house import ANA, LEO, SAM, House


def way(house: House, name: str) -> str:
    """What trace says, as one text."""
    with house.db.read() as conn:
        return "\n".join(trace(conn, name))


def test_a_crisis_is_told_from_its_words_to_the_volunteer_who_took_it(house: House) -> None:
    sid = house.text(ANA, "i want to kill myself with purple elephants")
    house.deliver()
    house.pass_time(seconds=30)
    house.text(SAM, "TAKE 1")
    told = way(house, sid)
    assert told.startswith(f"{sid} heard 2026-03-04 17:00:00.000Z, program demo, line 1, person ")
    assert "judged crisis, family " in told
    assert "c:demo:1 crisis" in told
    assert "taken 2026-03-04 17:00:30.000Z by person" in told
    assert "case.take by person:" in told
    assert "crisis, lane urgent, sms: sent" in told
    assert "page, lane urgent, sms: sent" in told


def test_no_word_and_no_number_is_told(house: House) -> None:
    sid = house.text(ANA, "i want to kill myself with purple elephants")
    house.deliver()
    told = "\n".join(way(house, name) for name in (sid, "c:demo:1", f"o:{house.rows(ANA)[0].id}"))
    assert [word for word in (ANA[1:], SAM[1:], "Ana", "Sam", "elephants", "TAKE", "988") if word in told] == []


def test_a_message_is_found_by_its_id_and_by_twilios(house: House) -> None:
    sid = house.text(LEO, "MOOD 7")
    (one,) = house.deliver()
    by_id, by_sid = way(house, f"o:{one}"), way(house, house.row(one).sid)
    assert by_id == by_sid
    assert f"o:{one} reply, lane reply, sms: sent" in by_id
    assert f"cause in:{sid}" in by_id
    assert "1 try" in by_id


def test_a_callbacks_code_is_told(house: House) -> None:
    house.text(LEO, "MOOD 7")
    (one,) = house.deliver()
    hear_status(house.desk, one, house.row(one).sid, "undelivered", 30005, house.now)
    assert "failed" in way(house, f"o:{one}")
    assert "code 30005" in way(house, f"o:{one}")


def test_a_refusal_is_told_with_its_code(house: House) -> None:
    house.text(LEO, "MOOD 7")
    (one,) = house.deliver(lambda _id: Refused(30007, "filtered"))
    assert "code 30007" in way(house, f"o:{one}")


def test_a_case_tells_its_pages_and_its_next_rung(house: House) -> None:
    house.text(ANA, "i want to kill myself")
    told = way(house, "c:demo:1")
    assert told.splitlines()[0].endswith(": open")
    assert "page, lane urgent, sms: due" in told
    assert "next ladder 2026-03-04 17:02:00.000Z" in told


@pytest.mark.parametrize("name", ["SM" + "f" * 32, "o:4711", "c:demo:99", "c:none:1", "o:999999999999999999"])
def test_an_unknown_id_tells_nothing(house: House, name: str) -> None:
    assert way(house, name) == ""


@pytest.mark.parametrize("name", ["", "hello there", "+12025550121", "o:x", "c:demo", "12"])
def test_what_is_no_id_is_refused_by_its_forms(house: House, name: str) -> None:
    with pytest.raises(ValueError, match="o:123 for a message of ours"):
        way(house, name)
