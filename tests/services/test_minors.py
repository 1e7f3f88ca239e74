"""Somebody under 18 is told 988 and 741741, and a supervisor hears of it, never a peer (SAFETY.md)."""

from tests.house import CARMEN, RUTH, SAM, House

TEEN = "+12025551090"


def test_a_minor_in_danger_goes_to_a_supervisor_and_to_no_peer(house: House) -> None:
    house.text(TEEN, "im 15 and i want to die")
    assert "741741" in house.sent(TEEN)[-1]
    assert "volunteer" not in house.sent(TEEN)[-1]
    assert "TAKE" in house.sent(RUTH)[-1]
    assert house.sent(SAM) == house.sent(CARMEN) == []


def test_what_kills_soonest_is_still_answered_first(house: House) -> None:
    house.text(TEEN, "im 15 and i took all my pills")
    assert house.sent(TEEN)[-1].startswith("Call 911 now")
    assert "TAKE" in house.sent(RUTH)[-1]
    assert house.sent(SAM) == []
