"""One of the team in need, or gone: off the rota, cases handed on, supervisors alone are told."""

import pytest

from sms_service.carrier.outcomes import Refused, Sent
from tests.house import ANA, CARMEN, LEO, RUTH, SAM, House


def owned(house: House) -> dict[int, str]:
    """Each case's state by its number."""
    return {case.case_no: case.state for case in house.cases()}


def two_talks(house: House) -> None:
    """Sam talks with Ana and Leo."""
    for number, case_no in ((ANA, 1), (LEO, 2)):
        house.text(number, "TALK")
        house.text(SAM, f"TAKE {case_no}")


def test_a_volunteer_who_stops_is_told_what_was_passed_on(house: House) -> None:
    two_talks(house)
    (told,) = house.says(SAM, "OPT OUT")
    assert told.startswith("Your phone sent STOP")
    assert "Cases 1 and 2 are passed on" in told
    assert owned(house) == {1: "open", 2: "open"}
    assert "Sam has to go" in house.sent(ANA)[-1]
    house.pass_time(seconds=1)
    assert [row.body.count("TAKE") for row in house.rows(CARMEN)] == [1, 1]


def test_twilios_own_stop_is_not_answered_yet_the_case_goes_on(house: House) -> None:
    two_talks(house)
    assert house.says(SAM, "STOP", opt_out="STOP") == []
    assert owned(house) == {1: "open", 2: "open"}


def test_start_and_on_bring_a_volunteer_back(house: House) -> None:
    house.text(SAM, "STOP")
    house.text(ANA, "TALK")
    assert house.rows(SAM)[1:] == []
    house.text(SAM, "START")
    assert house.person(SAM).state == "active"
    house.text(LEO, "TALK")
    assert not any("TAKE 2" in words for words in house.sent(SAM)), "START alone does not put them on"
    house.text(SAM, "ON")
    house.pass_time(minutes=11)
    assert any("TAKE" in words for words in house.sent(SAM))


def test_a_volunteer_whom_twilio_will_not_text_any_more_loses_their_talks_to_the_next(house: House) -> None:
    """21610 says what a STOP would have said."""
    two_talks(house)
    house.text(ANA, "hello?")
    sams = {row.id for row in house.rows(SAM)}
    house.deliver(lambda one: Refused(21610, "stopped") if one in sams else Sent(f"SM{one:032x}"))
    assert owned(house) == {1: "open", 2: "open"}
    house.pass_time(seconds=1)
    assert len([row for row in house.rows(CARMEN) if row.why == "page"]) == 2


@pytest.mark.parametrize("words", ["i want to kill myself", "ME"])
def test_a_volunteers_own_need_is_told_to_supervisors_alone(house: House, words: str) -> None:
    told = " ".join(house.says(SAM, words))
    assert "supervisor" in told
    assert "988" in told
    house.pass_time(minutes=20)
    assert [row for row in house.rows(CARMEN) if row.why == "page"] == []
    assert [row for row in house.rows(SAM) if row.why == "page"] == []
    assert len([row for row in house.rows(RUTH) if row.why == "page"]) >= 1
    house.text(ANA, "TALK")
    assert [row.body for row in house.rows(SAM) if row.why == "page"] == [], "off the rota"


def test_an_overdose_of_a_volunteer_is_answered_with_911_first(house: House) -> None:
    assert house.says(SAM, "i took all my pills")[0].startswith("Call 911 now")
    assert house.cases()[-1].family == "volunteer"


def test_where_nobody_else_is_on_no_next_volunteer_is_promised(house: House) -> None:
    house.text(CARMEN, "OFF")
    house.text(ANA, "TALK")
    house.text(SAM, "TAKE 1")
    house.text(SAM, "HAND 1")
    assert "next volunteer" not in " ".join(house.sent(ANA))
    assert "988" in house.sent(ANA)[-1]
