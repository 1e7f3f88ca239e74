"""The language of somebody nobody knows yet decides who is asked first."""

import pytest

from tests.house import CARMEN, SAM, House

STRANGER = "+12025554444"


@pytest.mark.parametrize(
    ("words", "first", "language"),
    [("necesito hablar con alguien", CARMEN, "es"), ("HABLAR", CARMEN, "es"), ("i need to talk to someone", SAM, "en")],
)
def test_a_strangers_first_text_finds_a_volunteer_who_speaks_it(
    house: House, words: str, first: str, language: str
) -> None:
    house.text(STRANGER, words)
    assert [row.number for row in house.rows() if row.why == "page"] == [first]
    assert house.person(STRANGER).language == language
