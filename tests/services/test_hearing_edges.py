"""What is kept of a text and of whoever sent it, and how texts of the same minutes are read together."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from sms_service.domain.words import LineId
from sms_service.store.inbounds import inbounds
from sms_service.store.programs import add_line
from tests.house import ANA, NIGHT, House

STRANGER = "+12025554444"
SECOND = "+12025550109"


def kept(house: House) -> list[tuple[str, str, str]]:
    """Level, family and rule of every text, oldest first."""
    with house.db.read() as conn:
        found = conn.execute(select(inbounds).order_by(inbounds.c.id))
        return [(row.level, row.family, row.rule) for row in found]


def second_line(house: House) -> LineId:
    with house.db.write() as conn:
        return LineId(add_line(conn, house.program_id, SECOND, 100.0, house.now))


@pytest.mark.parametrize(
    ("number", "country", "zone"),
    [
        ("+12125550123", "US", "America/New_York"),
        ("+14155550123", "US", "America/Los_Angeles"),
        ("+18005550123", "US", "America/New_York"),
        ("+442071838750", "GB", "Europe/London"),
        ("+16045550123", "CA", "America/Vancouver"),
        ("+88213300000", "US", "America/New_York"),
    ],
)
def test_of_a_stranger_the_number_says_country_and_zone_else_the_program(
    house: House, number: str, country: str, zone: str
) -> None:
    house.text(number, "TALK")
    person = house.person(number)
    assert (person.country, person.zone, person.line_id) == (country, zone, house.line.id)
    assert (person.state, person.is_member) == ("stranger", False)


def test_who_writes_to_another_line_of_the_program_is_answered_from_it_from_then_on(house: House) -> None:
    line = second_line(house)
    house.pass_time(minutes=2)
    house.text(ANA, "MENU", to=SECOND)
    assert [row.line_id for row in house.rows(ANA)] == [line]
    assert house.person(ANA).line_id == line
    house.owe(house.person(ANA).id)
    house.text(ANA, "MENU")
    assert house.person(ANA).line_id == house.line.id


def test_one_number_is_two_people_in_two_programs(house: House) -> None:
    house.text(ANA, "i want to", to=NIGHT)
    house.text(ANA, "die")
    assert [level for level, _family, _rule in kept(house)] == ["none", "none"]


def test_a_crisis_in_two_pieces_is_written_at_the_second(house: House) -> None:
    house.text(ANA, "i want to")
    house.text(ANA, "die")
    first, second = kept(house)
    assert first == ("none", "", "")
    assert (second[0], second[1]) == ("crisis", "suicide")
    assert second[2].startswith("en.suicide")
    assert house.cases()[0].kind == "crisis"


def test_pieces_are_read_together_for_ten_minutes(house: House) -> None:
    for wait, level in ((timedelta(minutes=10), "crisis"), (timedelta(minutes=10, seconds=1), "none")):
        number = f"+1202555{4000 + wait.seconds}"
        house.text(number, "i want to")
        house.time.move(wait)
        house.text(number, "die")
        assert kept(house)[-1][0] == level


def test_what_came_before_a_flagged_text_completes_nothing_any_more(house: House) -> None:
    for body in ("i want to", "die", "pizza", "die"):
        house.text(ANA, body)
    assert [level for level, _family, _rule in kept(house)] == ["none", "crisis", "none", "none"]


@pytest.mark.parametrize("body", ["7", "?!", "😢", ""])
def test_what_has_no_letters_is_read_alone(house: House, body: str) -> None:
    house.text(ANA, "i want to")
    house.text(ANA, body)
    assert [level for level, _family, _rule in kept(house)] == ["none", "none"]


def test_texts_read_together_never_lower_what_one_says_alone(house: House) -> None:
    house.text(ANA, "lol jk just kidding")
    house.text(ANA, "i am going to kill myself tonight")
    assert kept(house)[-1][0] == "crisis"


@pytest.mark.parametrize(("minutes", "answered"), [(10, True), (11, False)])
def test_a_text_caught_up_later_than_ten_minutes_is_kept_and_not_answered(
    house: House, minutes: int, answered: bool
) -> None:
    said = house.says(ANA, "MENU", at=house.now - timedelta(minutes=minutes))
    assert (said != []) is answered
    assert len(kept(house)) == 1


def test_a_text_in_spanish_is_answered_in_spanish_once(house: House) -> None:
    """The member's own language stays as it was chosen."""
    (spanish,) = house.says(ANA, "HABLAR")
    assert "voluntario" in spanish
    assert house.person(ANA).language == "en"
    assert "volunteer" in house.says(ANA, "HELP")[0].lower()


@pytest.mark.parametrize("word", ["TALK", "HELPLINE", "i want to die"])
def test_who_asks_for_help_in_a_flood_of_texts_is_answered(house: House, word: str) -> None:
    for _ in range(21):
        house.text(ANA, "MENU")
    assert house.says(ANA, "MENU") == []
    assert house.says(ANA, word) != []
