"""Where others may read the phone, and after a death, nothing goes out that was not just written for (23, 31)."""

import pytest

from sms_service.store.cases import change_case
from tests.house import ANA, RUTH, SAM, House

VIOLENCE = "my husband is hitting me"


def test_a_violence_case_brings_the_member_two_texts_in_all(house: House) -> None:
    """DV and the first human line; no C, D, handing on or close."""
    house.text(ANA, VIOLENCE)
    house.pass_time(minutes=1)
    house.text(RUTH, "TAKE 1")
    house.text(RUTH, "HAND 1")
    house.pass_time(minutes=50)
    house.text(RUTH, "TAKE 1")
    house.text(RUTH, "DONE 1")
    house.pass_time(hours=2)
    said = house.sent(ANA)
    assert said[0].startswith("Got it. Is it safe to text you?")
    assert set(said[1:]) == {"Hi, it's the group. Good time to write?"}


def test_a_greeting_is_not_sent_an_hour_after_their_last_words(house: House) -> None:
    house.text(ANA, VIOLENCE)
    house.pass_time(minutes=61)
    before = house.sent(ANA)
    assert "others may read that phone" in " ".join(house.says(RUTH, "TAKE 1"))
    assert house.sent(ANA) == before


def test_in_any_other_crisis_d_leaves_tomorrow_out_where_others_read(house: House) -> None:
    house.change(ANA, safe="after")
    house.text(ANA, "i want to die")
    house.pass_time(minutes=16)
    last = house.sent(ANA)[-1]
    assert last.startswith("We have not reached anyone")
    assert "tomorrow" not in last
    assert not any("still trying" in words for words in house.sent(ANA))


@pytest.mark.parametrize("words", ["DONE 1", "HAND 1", "hello?"])
def test_nothing_a_volunteer_does_reaches_the_phone_of_somebody_who_died(house: House, words: str) -> None:
    house.text(ANA, "TALK")
    house.text(SAM, "TAKE 1")
    before = house.sent(ANA)
    house.change(ANA, state="died", state_at=house.now)
    house.text(SAM, words)
    house.pass_time(minutes=30)
    assert house.sent(ANA) == before


def test_what_was_owed_before_a_death_is_withheld_and_the_answer_to_a_text_is_not(house: House) -> None:
    house.text(ANA, "MENU")
    house.text(ANA, "i want to die")
    house.pass_time(seconds=1)
    house.change(ANA, state="died", state_at=house.now)
    house.text(ANA, "who is this?")
    for _ in range(4):
        house.deliver()
    states = [row.state for row in house.rows(ANA)]
    assert states[-1] == "sent"
    assert set(states[:-1]) == {"withheld"}


def test_a_text_from_that_number_is_a_supervisors(house: House) -> None:
    house.change(ANA, state="died", state_at=house.now)
    house.text(ANA, "this is her sister")
    house.text(ANA, "hello?")
    house.pass_time(minutes=20)
    assert [row for row in house.rows(SAM) if row.why == "page"] == []
    assert len([row for row in house.rows(RUTH) if row.why == "page"]) == 2, "at once, and all supervisors later"
    assert house.cases()[0].family == "died"


def test_an_open_question_ends_silently_when_a_person_takes_over(house: House) -> None:
    """MOOD asks; its nudge must not fall into the middle of a talk."""
    house.text(ANA, "MOOD 2")
    house.text(ANA, "TALK")
    number = house.cases()[-1].case_no
    house.text(SAM, f"TAKE {number}")
    before = house.sent(ANA)
    house.pass_time(hours=3)
    assert house.sent(ANA) == before


def test_delete_me_in_an_open_case_is_carried_out_at_its_end_with_all_that_was_relayed(house: House) -> None:
    house.text(ANA, "MOOD 9")
    house.text(ANA, "TALK")
    number = house.cases()[-1].case_no
    house.text(ANA, "DELETE ME")
    house.pass_time(seconds=20)
    house.text(ANA, "1")
    assert house.person(ANA).delete_asked_at is not None
    house.text(SAM, f"TAKE {number}")
    house.text(ANA, "the walnut tree")
    house.deliver()
    house.text(SAM, f"DONE {number}")
    person = house.person(ANA)
    assert (person.state, person.name, person.is_member, person.delete_asked_at) == ("left", "", False, None)
    assert "deleted" in house.sent(ANA)[-1]
    house.deliver()
    assert not any("walnut" in words or "TALK / " in words for words in house.sent())
    assert house.says(ANA, "hi"), "the number is answered like a new one's"


def test_a_case_closed_behind_the_scenes_is_not_reopened_by_its_clocks(house: House) -> None:
    house.text(ANA, "i want to die")
    case = house.cases()[0]
    with house.db.write() as conn:
        change_case(conn, house.program_id, case.id, state="closed", closed_at=house.now)
    before = house.sent()
    house.pass_time(minutes=30)
    assert house.sent() == before
