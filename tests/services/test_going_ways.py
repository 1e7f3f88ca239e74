"""Every way of going is heard like STOP, and a question that matters is not lost behind others."""

import pytest
from sqlalchemy import select

from sms_service.store.conversations import conversations
from tests.house import ANA, SAM, House
from tests.services.test_stops import needs

HOPELESS = "i can't go on like this, no point in anything"
GOING = pytest.mark.parametrize("going", [("WRONG",), ("DELETE ME", "1"), ("BAJA", "2")])


def say(house: House, *bodies: str) -> None:
    """Ana writes, and reads each reply before she writes on."""
    for body in bodies:
        house.text(ANA, body)
        house.deliver()
        house.pass_time(seconds=30)


def places(house: House) -> list[tuple[str, str]]:
    """Status and place of every conversation of Ana's."""
    asked = select(conversations.c.status, conversations.c.place).where(
        conversations.c.person_id == house.person(ANA).id
    )
    with house.db.read() as conn:
        return [(row.status, row.place) for row in conn.execute(asked)]


def test_are_you_safe_pushed_out_by_two_more_questions_is_the_silence_that_makes_it_a_crisis(house: House) -> None:
    say(house, HOPELESS, "MENU")
    assert needs(house) == []
    say(house, "TIME")
    assert needs(house) == [("crisis", "passive")]
    assert house.sent(SAM), "somebody is paged"


def test_a_wish_to_talk_pushed_out_by_two_more_questions_is_kept_until_somebody_is_on(house: House) -> None:
    house.pass_time(hours=12)  # nobody is on at midnight
    say(house, "TALK", "MENU", "TIME")
    assert [kind for kind, _family in needs(house)] == ["talk"]


@GOING
def test_going_within_the_hour_of_a_low_mood_is_a_concern(house: House, going: tuple[str, ...]) -> None:
    say(house, "MOOD 3", *going)
    assert needs(house) == [("concern", "stop")]


@GOING
def test_going_while_asked_whether_safe_is_a_crisis(house: House, going: tuple[str, ...]) -> None:
    say(house, HOPELESS, *going)
    assert needs(house) == [("crisis", "passive")]


def test_a_volunteer_who_says_baja_hands_the_talk_on(house: House) -> None:
    say(house, "TALK")
    for body in ("TAKE 1", "BAJA", "2"):
        house.text(SAM, body)
    assert [case.state for case in house.cases()] == ["open"]


@GOING
def test_a_volunteer_who_goes_is_off_the_rota(house: House, going: tuple[str, ...]) -> None:
    for body in going:
        house.text(SAM, body)
        house.deliver()
    assert house.person(SAM).off_until is not None


def test_who_owns_the_talk_hears_of_a_wrong_number(house: House) -> None:
    say(house, "TALK")
    house.text(SAM, "TAKE 1")
    before = len(house.sent(SAM))
    house.text(ANA, "BAJA")
    house.text(ANA, "2")
    assert any("Your texts do not arrive now." in body for body in house.sent(SAM)[before:])


@pytest.mark.parametrize(("member", "state"), [(True, "active"), (False, "stranger")])
def test_a_text_brings_an_unreachable_person_back(house: House, member: bool, state: str) -> None:
    house.change(ANA, state="unreachable", is_member=member, check_in_minute=600)
    key = f"check_in:{house.person(ANA).id}"
    before = house.alarms("check_in").get(key)
    house.pass_time(days=2)
    house.text(ANA, "MENU")
    assert house.person(ANA).state == state
    if member:
        assert before != house.alarms("check_in")[key] > house.now


def test_a_stop_from_an_unreachable_person_is_a_stop(house: House) -> None:
    house.change(ANA, state="unreachable")
    say(house, "STOP")
    assert house.person(ANA).state == "stopped"


def test_delete_me_leaves_no_place_behind(house: House) -> None:
    say(house, "MENU", "DELETE ME", "1")
    assert set(places(house)) == {("ended", "")}


def test_leaving_the_talk_carries_a_pending_deletion_out_for_good(house: House) -> None:
    say(house, "TALK")
    house.text(SAM, "TAKE 1")
    house.change(ANA, delete_asked_at=house.now)
    say(house, "MENU", "1")
    assert [case.state for case in house.cases()] == ["closed"]
    assert set(places(house)) == {("ended", "")}
