"""Who hands a case back when nobody else is on: the member is promised nothing that is not so."""

import pytest

from tests.house import ANA, CARMEN, SAM, House


@pytest.mark.parametrize(
    ("need", "hears"), [("TALK", "no volunteer is on now"), ("i want to kill myself", "still trying")]
)
def test_a_talk_handed_back_with_nobody_on_promises_no_search(house: House, need: str, hears: str) -> None:
    house.text(ANA, need)
    house.text(SAM, "TAKE 1")
    house.text(CARMEN, "OFF")
    before = len(house.sent(ANA))
    house.text(SAM, "HAND 1")
    assert hears in " ".join(house.sent(ANA)[before:])


def test_while_somebody_is_on_the_next_volunteer_is_asked(house: House) -> None:
    house.text(ANA, "TALK")
    house.text(SAM, "TAKE 1")
    house.text(SAM, "HAND 1")
    assert "asking the next volunteer" in house.sent(ANA)[-1]
