"""A ladder whose people refuse or can't be reached: the next rung at once, and the member told when none is left."""

from sms_service.carrier.outcomes import Outcome, Refused, Sent, Unsure
from sms_service.domain.words import OutboxId
from sms_service.services.settle import hear_status
from tests.house import ANA, CARMEN, LEO, NIGHT, RUTH, SAM, House

NOOR, TOM, STRANGER = "+12025550219", "+12025550218", "+12025554444"
CRISIS = "i want to die"
NOT_REACHED = "We have not reached anyone"


def paged(house: House, number: str, case_no: int = 1) -> int:
    """How many pages about a case this person was owed."""
    return len([row for row in house.rows(number) if row.why == "page" and f"TAKE {case_no}" in row.body])


def test_a_refused_page_costs_no_minute(house: House) -> None:
    house.text(ANA, CRISIS)
    house.deliver(lambda one: _refuse(house, one, SAM))
    house.pass_time(seconds=1)
    assert [paged(house, who) for who in (SAM, CARMEN, RUTH)] == [1, 1, 0]


def test_nor_does_one_that_may_have_been_lost(house: House) -> None:
    """DESIGN.md 5: urgent does not wait for what is unsure."""
    house.text(ANA, CRISIS)
    house.deliver(lambda one: Unsure("ReadTimeout") if house.row(one).why == "page" else Sent(f"SM{one:032x}"))
    house.pass_time(seconds=1)
    assert [paged(house, who) for who in (SAM, CARMEN, RUTH)] == [1, 1, 0]


def test_a_page_that_fails_again_pushes_nobody_else(house: House) -> None:
    house.text(ANA, CRISIS)
    house.deliver()
    (page,) = [row for row in house.rows(SAM) if row.why == "page"]
    hear_status(house.desk, page.id, page.sid or "SM1", "undelivered", 30003, house.now)
    house.pass_time(seconds=1)
    assert paged(house, CARMEN) == 1
    house.pass_time(seconds=6)
    house.deliver()
    hear_status(house.desk, page.id, house.row(page.id).sid, "undelivered", 30003, house.now)
    house.pass_time(seconds=1)
    assert [paged(house, who) for who in (SAM, CARMEN, RUTH)] == [1, 1, 0]


def test_when_every_page_is_refused_the_member_is_told_once_and_it_is_an_incident(house: House) -> None:
    house.text(ANA, CRISIS)
    for _ in range(4):
        house.deliver(lambda one: _refuse(house, one, SAM, CARMEN, RUTH))
        house.pass_time(seconds=2)
    assert [words.startswith(NOT_REACHED) for words in house.sent(ANA)].count(True) == 1
    assert house.cases()[0].incident_at is not None
    house.pass_time(minutes=14)
    assert [words.startswith(NOT_REACHED) for words in house.sent(ANA)].count(True) == 1


def _refuse(house: House, one: OutboxId, *off: str) -> Outcome:
    row = next(row for row in house.rows() if row.id == one)
    if row.why == "page" and row.number in off:
        return Refused(30007, "filtered")
    return Sent(f"SM{one:032x}")


def test_passed_by_everybody_on_a_night_the_member_is_told_at_once_and_all_are_asked_again_later(house: House) -> None:
    house.text(STRANGER, CRISIS, to=NIGHT)
    house.text(NOOR, "PASS 1", to=NIGHT)
    house.pass_time(seconds=1)
    house.text(TOM, "PASS 1", to=NIGHT)
    house.pass_time(seconds=1)
    assert house.sent(STRANGER)[-1].startswith(NOT_REACHED)
    assert house.cases()[-1].incident_at is not None
    house.pass_time(minutes=15)
    assert paged(house, NOOR) == paged(house, TOM) == 2


def test_who_passed_a_talk_is_asked_about_the_crisis_it_becomes(house: House) -> None:
    house.text(ANA, "TALK")
    for who in (SAM, CARMEN, RUTH):
        house.text(who, "PASS 1")
        house.pass_time(seconds=1)
    assert [paged(house, who) for who in (SAM, CARMEN, RUTH)] == [1, 1, 1]
    house.text(ANA, CRISIS)
    assert paged(house, SAM) == 2
    assert not any(words.startswith(NOT_REACHED) for words in house.sent(ANA))


def test_who_passed_comes_last_when_the_case_is_handed_on(house: House) -> None:
    """PASS may mean "I know this person": while somebody else is on, they are not asked again."""
    house.text(ANA, "TALK")
    house.text(SAM, "PASS 1 KNOW")
    house.pass_time(seconds=1)
    house.text(CARMEN, "TAKE 1")
    house.text(CARMEN, "HAND 1")
    house.pass_time(minutes=4)
    assert [paged(house, who) for who in (SAM, CARMEN, RUTH)] == [1, 1, 1]


def test_a_talk_waits_for_somebody_new_on_call(house: House) -> None:
    house.text(CARMEN, "OFF")
    house.text(ANA, "TALK")
    house.pass_time(minutes=30)
    assert paged(house, CARMEN) == 0
    house.text(CARMEN, "ON")
    house.pass_time(minutes=11)
    assert paged(house, CARMEN) == 1
    assert paged(house, SAM) == 1


def test_a_matter_for_supervisors_is_never_a_volunteers_however_long_it_waits(house: House) -> None:
    house.text(ANA, "my husband is hitting me")
    house.pass_time(hours=3)
    assert paged(house, RUTH) > 3
    assert paged(house, SAM) == paged(house, CARMEN) == 0


def test_a_crisis_that_turns_out_to_be_violence_goes_to_supervisors_from_then_on(house: House) -> None:
    house.text(ANA, CRISIS)
    house.text(ANA, "my husband is hitting me right now")
    assert paged(house, RUTH) == 1
    house.pass_time(minutes=5)
    assert paged(house, CARMEN) == 0


def test_a_rise_inside_a_talk_tells_supervisors_and_leaves_the_owner(house: House) -> None:
    house.text(ANA, "TALK")
    house.text(SAM, "TAKE 1")
    house.text(SAM, "I am here")
    house.text(ANA, CRISIS)
    house.text(ANA, CRISIS + " so much")
    told = [row.body for row in house.rows(RUTH)]
    assert told == ["HOPE: case 1 is more urgent now. Sam has it. Please look in."]
    assert house.cases()[0].owner_id == house.person(SAM).id


def test_nobody_is_paged_about_themself_nor_a_peer_about_them(house: House) -> None:
    house.change(SAM, is_member=True)
    house.text(SAM, "MOOD 1")
    house.text(LEO, "TALK")
    house.pass_time(minutes=20)
    assert [paged(house, who) for who in (SAM, CARMEN, RUTH)] == [0, 0, 2]
    assert paged(house, SAM, 2) == 1
