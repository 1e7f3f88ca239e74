"""TAKE, PASS and DONE where something is unusual: what the volunteer is told, what is kept on record."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from sms_service.store.audit import audit
from tests.house import ANA, CARMEN, MARISOL, RUTH, SAM, House


def records(house: House) -> list[tuple[str, str, str]]:
    """Who did what with which case, in order."""
    with house.db.read() as conn:
        found = conn.execute(select(audit).where(audit.c.act.startswith("case.")).order_by(audit.c.id))
        return [(row.actor, row.act, row.subject) for row in found]


def talk(house: House, member: str = ANA, words: str = "TALK") -> int:
    """A talk is asked for and offered to Sam; the number of its case."""
    house.text(member, words)
    house.pass_time(seconds=1)
    return int(house.cases()[-1].case_no)


def test_every_step_of_a_case_is_on_record_with_who_took_it(house: House) -> None:
    no = talk(house)
    case = house.cases()[-1].id
    house.text(SAM, f"PASS {no}")
    house.pass_time(seconds=1)
    house.text(CARMEN, f"TAKE {no}")
    house.text(CARMEN, f"DONE {no}")
    sam, carmen = (f"person:{house.person(number).id}" for number in (SAM, CARMEN))
    taken = [one for one in records(house) if one[1] in {"case.pass", "case.take", "case.done"}]
    assert taken == [
        (sam, "case.pass", f"case:{case}"),
        (carmen, "case.take", f"case:{case}"),
        (carmen, "case.done", f"case:{case}"),
    ]


def test_a_closed_case_says_when_and_keeps_its_owner(house: House) -> None:
    no = talk(house)
    house.text(SAM, f"TAKE {no}")
    house.pass_time(minutes=3)
    house.text(SAM, f"DONE {no}")
    case = house.cases()[-1]
    assert (case.state, case.closed_at, case.owner_id) == ("closed", house.now, house.person(SAM).id)


@pytest.mark.parametrize("order", ["TAKE 99", "PASS 99", "DONE 99"])
def test_a_case_that_never_was_is_not_open(house: House, order: str) -> None:
    assert house.says(SAM, order) == ["Case 99 is not open. Nothing was done."]


def test_a_case_that_is_over_cannot_be_taken(house: House) -> None:
    no = talk(house)
    house.text(SAM, f"TAKE {no}")
    house.text(SAM, f"DONE {no}")
    house.pass_time(days=2)
    assert house.says(SAM, f"TAKE {no}") == [f"Case {no} is not open. Nothing was done."]


def test_only_who_was_offered_a_case_may_take_it(house: House) -> None:
    no = talk(house)
    told = house.says(RUTH, f"TAKE {no}")
    assert told == [f"Case {no} was not offered to you. For help, call your supervisor."]
    assert (house.cases()[-1].state, house.cases()[-1].owner_id) == ("open", None)


def test_who_comes_second_hears_who_has_it(house: House) -> None:
    no = talk(house)
    house.pass_time(minutes=3)
    house.text(CARMEN, f"TAKE {no}")
    assert house.says(SAM, f"TAKE {no}") == [f"Case {no}: Carmen has it. Thank you."]
    assert house.cases()[-1].owner_id == house.person(CARMEN).id


def test_taking_a_case_again_only_says_again_what_it_is(house: House) -> None:
    no = talk(house)
    first = house.says(SAM, f"TAKE {no}")
    member = house.sent(ANA)
    assert house.says(SAM, f"TAKE {no}") == first
    assert house.sent(ANA) == member


@pytest.mark.parametrize(
    ("member", "volunteer", "said"),
    [
        (ANA, "en", "You have case 1, Ana, English."),
        (ANA, "es", "Tiene el caso 1, Ana, ingles."),
        (MARISOL, "en", "You have case 1, Marisol, Spanish."),
        (MARISOL, "es", "Tiene el caso 1, Marisol, español."),
    ],
)
def test_the_members_language_is_said_in_the_volunteers(house: House, member: str, volunteer: str, said: str) -> None:
    house.change(CARMEN, language=volunteer)
    no = talk(house, member)
    house.pass_time(minutes=3)
    assert house.says(CARMEN, f"TAKE {no}")[0].startswith(said)


def test_what_was_written_since_it_began_is_told_in_order_and_nothing_older(house: House) -> None:
    house.text(ANA, "the blue house")
    house.pass_time(minutes=20)
    no = talk(house)
    for words in ("my cat is ill", "  ", "it is late"):
        house.text(ANA, words)
    told = house.says(SAM, f"TAKE {no}")
    assert " ".join(told).partition("Ana wrote: ")[2] == f"Ana {no}: TALK / my cat is ill / it is late"


def test_who_gives_a_case_back_is_followed_by_the_next_and_the_member_is_told(house: House) -> None:
    no = talk(house)
    house.text(SAM, f"TAKE {no}")
    said = house.says(SAM, f"PASS {no}")
    house.pass_time(seconds=2)
    case = house.cases()[-1]
    assert said == [f"Case {no} is passed on. Thank you for saying so."]
    assert (case.state, case.owner_id) == ("open", None)
    assert "Sam" in house.sent(ANA)[-1]
    assert [row.body for row in house.rows(CARMEN) if row.why == "page"] != []


def test_given_back_with_nobody_else_on_the_member_is_not_promised_a_next_one(house: House) -> None:
    no = talk(house)
    house.text(SAM, f"TAKE {no}")
    house.text(CARMEN, "OFF")
    house.text(SAM, f"PASS {no}")
    assert "no volunteer is on now" in house.sent(ANA)[-1]


def test_a_member_who_stopped_is_not_greeted_and_the_volunteer_knows(house: House) -> None:
    no = talk(house)
    house.text(ANA, "STOP")
    before = house.sent(ANA)
    told = " ".join(house.says(SAM, f"TAKE {no}"))
    assert f"Ana {no} sent STOP. Your texts do not arrive now. The case stays open." in told
    assert house.sent(ANA) == before


def test_a_member_who_died_is_not_greeted_and_the_volunteer_knows(house: House) -> None:
    no = talk(house)
    house.change(ANA, state="died", state_at=house.now)
    before = house.sent(ANA)
    assert f"Texts do not reach Ana {no}. Please ask your supervisor." in " ".join(house.says(SAM, f"TAKE {no}"))
    assert house.sent(ANA) == before


@pytest.mark.parametrize(("minutes", "greeted"), [(60, True), (61, False)])
def test_where_others_read_a_greeting_answers_only_words_of_the_last_hour(
    house: House, minutes: int, greeted: bool
) -> None:
    house.change(ANA, safe="after")
    no = talk(house)
    house.time.set(house.now - timedelta(seconds=1) + timedelta(minutes=minutes))
    before = house.sent(ANA)
    assert "others may read that phone" in " ".join(house.says(SAM, f"TAKE {no}"))
    said = house.sent(ANA)[len(before) :]
    assert said == (["Hi, it's the group. Good time to write?"] if greeted else [])


def test_a_member_who_leaves_ends_it_and_the_volunteer_is_told(house: House) -> None:
    no = talk(house)
    house.text(SAM, f"TAKE {no}")
    house.text(ANA, "MENU")
    house.pass_time(seconds=20)
    before = len(house.sent(SAM))
    house.text(ANA, "1")
    case = house.cases()[-1]
    assert (case.state, case.closed_at) == ("closed", house.now)
    assert house.sent(SAM)[before:] == [f"Ana {no} left the talk. Your texts no longer arrive."]
