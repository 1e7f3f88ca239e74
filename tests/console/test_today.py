"""The page Today: what it shows, to whom, and what it never shows."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from sms_service.domain.oncall import ALWAYS, Shift
from sms_service.store.cases import add_case, change_case, claim_case, open_cases
from sms_service.store.rota import add_shift
from tests.console.house import MEMBER, NOON, VOLUNTEER, House, sign_in, words_of

MINUTES = timedelta(minutes=1)
HOURS = timedelta(hours=1)
DAYS = timedelta(days=1)


def page_of(client: FlaskClient) -> str:
    answer = client.get("/console/")
    assert answer.status_code == 200
    return words_of(answer.text)


def test_an_empty_board_says_so_kindly(ana: FlaskClient) -> None:
    page = page_of(ana)
    for words in (
        "Today Harbour Circle",
        "Nobody is waiting.",
        "Every message of the last 24 hours went out.",
        "Everybody who gets check-ins is answering.",
        "No stranger has written in the last two days.",
        "Nobody in the last seven days.",
        "No volunteer is on call. No supervisor either: please fill the rota.",
        "Peers are no substitute for professional care. In danger: 911 / 988.",
    ):
        assert words in page


def test_open_cases_stand_with_crises_first_and_closed_ones_not_at_all(ana: FlaskClient, house: House) -> None:
    members = [house.person("Zoe", **MEMBER) for _ in range(4)]
    bo = house.person("Bo", **VOLUNTEER)
    pid = house.program_id
    with house.database.write() as conn:
        add_case(conn, pid, members[0], "concern", "", True, NOON - 3 * HOURS)
        add_case(conn, pid, members[1], "talk", "", True, NOON - 12 * MINUTES)
        crisis, _ = add_case(conn, pid, members[2], "crisis", "plan", True, NOON - 20 * MINUTES)
        closed, _ = add_case(conn, pid, members[3], "crisis", "plan", True, NOON - 20 * MINUTES)
        change_case(conn, pid, crisis, incident_at=NOON - 5 * MINUTES)
        change_case(conn, pid, closed, state="closed", closed_at=NOON)
        taken = next(case for case in open_cases(conn, pid) if case.kind == "talk")
        assert claim_case(conn, taken, bo, NOON)
    page = page_of(ana)
    assert (
        "3 Crisis Incident 20 min since 11:40 Nobody yet "
        "1 Concern 3 h since 09:00 Nobody yet "
        "2 Wants to talk 12 min since 11:48 Bo "
    ) in page
    assert "Zoe" not in page
    assert "plan" not in page.replace("planned", "")


def test_sends_that_went_wrong_are_counted_by_reason_and_listed(ana: FlaskClient, house: House) -> None:
    one = house.person("Ana", **MEMBER)
    for n in range(3):
        house.message(one, NOON - n * HOURS, state="failed", error_code=30003)
    stopped = house.message(one, NOON - 5 * MINUTES, state="failed", error_code=21610, why="scheduled")
    house.message(one, NOON - 6 * MINUTES, state="withheld", why="bulk")
    page_row = house.message(one, NOON - 7 * MINUTES, state="unsure", why="page")
    house.message(one, NOON - 25 * HOURS, state="failed", error_code=30007)
    house.message(one, NOON - MINUTES, state="delivered")
    page = page_of(ana)
    assert "Messages that did not go out 6" in page
    assert "3 failed: the phone could not be reached (30003)" in page
    assert "1 failed: the person has stopped texts (21610)" in page
    assert "1 withheld: the person may not be texted now" in page
    assert "1 unsure: may have been sent; we are looking" in page
    assert f"{stopped} planned text failed 21610 5 min ago 11:55" in page
    assert f"{page_row} page to a volunteer unsure – 7 min ago 11:53" in page
    assert "30007" not in page


def test_a_flood_of_failures_is_counted_whole_but_not_listed_whole(ana: FlaskClient, house: House) -> None:
    one = house.person("Ana", **MEMBER)
    house.message(one, NOON - 20 * HOURS, state="failed", error_code=21610)
    for n in range(80):
        house.message(one, NOON - n * MINUTES, state="failed", error_code=30003)
    page = page_of(ana)
    assert "80 failed: the phone could not be reached (30003)" in page
    assert "1 failed: the person has stopped texts (21610)" in page
    assert page.count("reply failed") <= 52


def test_an_unsure_message_stays_however_old(ana: FlaskClient, house: House) -> None:
    house.message(house.person(**MEMBER), NOON - 40 * HOURS, state="unsure")
    assert "reply unsure" in page_of(ana)


def test_three_prompts_without_an_answer_are_quiet_and_two_are_not(ana: FlaskClient, house: House) -> None:
    from sms_service.store.checkins import add_checkin

    mia, tom, nameless = (house.person(name, **MEMBER) for name in ("Mia", "Tom", ""))
    with house.database.write() as conn:
        add_checkin(conn, house.program_id, mia, 6, "sms", NOON - 4 * DAYS, False)
    house.prompt(mia, NOON - 5 * DAYS)  # answered
    for n in (1, 2, 3):
        house.prompt(mia, NOON - n * DAYS)
        house.prompt(nameless, NOON - n * DAYS)
    for n in (1, 2):
        house.prompt(tom, NOON - n * DAYS)
    page = page_of(ana)
    assert "Gone quiet 2" in page
    assert "Mia Last answer 4 days ago, 3 check-ins since" in page
    assert f"member {nameless} No answer yet to 3 check-ins" in page
    assert "Tom" not in page


def test_a_third_prompt_that_can_still_be_answered_is_no_silence(ana: FlaskClient, house: House) -> None:
    """A prompt runs out after its nudge, eight hours in all."""
    open_still, lapsed = house.person("Kim", **MEMBER), house.person("Lou", **MEMBER)
    for person, last in ((open_still, NOON - 8 * HOURS + MINUTES), (lapsed, NOON - 8 * HOURS)):
        for at in (NOON - 2 * DAYS, NOON - DAYS, last):
            house.prompt(person, at)
    page = page_of(ana)
    assert "Lou No answer yet to 3 check-ins" in page
    assert "Kim" not in page


def test_one_prompt_unanswered_for_a_week_is_quiet(ana: FlaskClient, house: House) -> None:
    late, fresh = house.person("Lou", **MEMBER), house.person("Kim", **MEMBER)
    house.prompt(late, NOON - 7 * DAYS)
    house.prompt(fresh, NOON - 7 * DAYS + MINUTES)
    page = page_of(ana)
    assert "Lou No answer yet to 1 check-in" in page
    assert "Kim" not in page


@pytest.mark.parametrize(
    "known",
    [
        {"check_in_minute": None},
        {"state": "stopped", "state_at": NOON - 30 * DAYS},
        {"is_member": False},
        {"paused_until": NOON + DAYS},
    ],
)
def test_who_gets_no_check_ins_is_not_quiet(ana: FlaskClient, house: House, known: dict[str, object]) -> None:
    one = house.person("Sam", **{**MEMBER, **known})
    for n in (1, 2, 3):
        house.prompt(one, NOON - n * DAYS)
    assert "Everybody who gets check-ins is answering." in page_of(ana)


def test_prompts_that_never_arrived_and_other_texts_are_no_silence(ana: FlaskClient, house: House) -> None:
    one = house.person("Sam", **MEMBER)
    for n in (1, 2, 3):
        house.prompt(one, NOON - n * DAYS, state="failed", error_code=30003)
        house.message(one, NOON - n * DAYS, why="scheduled")
    assert "Everybody who gets check-ins is answering." in page_of(ana)


def test_strangers_of_two_days_stand_with_how_many_texts(ana: FlaskClient, house: House) -> None:
    new, old, member = house.person(), house.person(), house.person("Mia", **MEMBER)
    for minutes in (3, 9):
        house.heard(new, NOON - minutes * MINUTES, "planted words of a stranger")
    house.heard(old, NOON - 49 * HOURS)
    house.heard(member, NOON - MINUTES)
    page = page_of(ana)
    assert f"Strangers who wrote 1 stranger {new} 2 texts, 3 min ago" in page
    assert "planted words" not in page


def test_who_stopped_or_cannot_be_reached_stands_for_a_week(ana: FlaskClient, house: House) -> None:
    house.person("Mia", is_member=True, state="stopped", state_at=NOON - 2 * DAYS)
    house.person("", is_member=True, state="unreachable", state_at=NOON - 3 * HOURS)
    house.person("Tom", is_member=True, state="stopped", state_at=NOON - 8 * DAYS)
    page = page_of(ana)
    assert "Stopped or out of reach 2" in page
    assert "Mia sent STOP, 2 days ago" in page
    assert "number takes no texts, 3 h ago" in page
    assert "Tom" not in page


def test_who_is_on_call_now_stands_by_name(ana: FlaskClient, house: House) -> None:
    bo = house.person("Bo", language="es", speaks="en,es", **VOLUNTEER)
    off = house.person("Ola", off_until=NOON + HOURS, **VOLUNTEER)
    asleep = house.person("Ned", **VOLUNTEER)
    night = Shift(frozenset(range(7)), 22 * 60, 6 * 60, "America/New_York")
    with house.database.write() as conn:
        for place, (who, shift) in enumerate([(bo, ALWAYS), (bo, ALWAYS), (off, ALWAYS), (asleep, night)]):
            add_shift(conn, house.program_id, who, "volunteer", shift, place)
    page = page_of(ana)
    assert "On call now 1 Bo volunteer, English and Spanish" in page
    assert "Ola" not in page
    assert "Ned" not in page


def test_with_only_a_supervisor_on_the_board_says_where_a_crisis_goes(ana: FlaskClient, house: House) -> None:
    sue = house.person("Sue", is_supervisor=True, state="active")
    with house.database.write() as conn:
        add_shift(conn, house.program_id, sue, "supervisor", ALWAYS, 0)
    page = page_of(ana)
    assert "No volunteer is on call. A crisis goes to a supervisor." in page
    assert "Sue supervisor, English" in page


def test_a_coordinator_sees_nothing_of_another_program(ana: FlaskClient, house: House, other: House) -> None:
    """Everything the board shows is planted next door; here the page stays as it was."""
    before = page_of(ana)
    member = other.person("Nadia", **MEMBER)
    gone = other.person("Nestor", is_member=True, state="stopped", state_at=NOON)
    bo = other.person("Norbert", **VOLUNTEER)
    other.heard(other.person(), NOON)
    for n in (1, 2, 3):
        other.prompt(member, NOON - n * DAYS)
    other.message(gone, NOON, state="failed", error_code=30003)
    with other.database.write() as conn:
        add_case(conn, other.program_id, member, "crisis", "plan", True, NOON)
        add_shift(conn, other.program_id, bo, "volunteer", ALWAYS, 0)
    assert page_of(ana) == before
    neighbour = ana.application.test_client()
    assert sign_in(neighbour, other.email).status_code == 302
    theirs = page_of(neighbour)
    for words in ("Night Circle", "Crisis", "Nadia", "Nestor", "Norbert", "stranger", "30003"):
        assert words in theirs


def test_a_name_is_shown_as_text_and_never_run(ana: FlaskClient, house: House) -> None:
    house.person("<script>alert(1)</script>", is_member=True, state="stopped", state_at=NOON)
    html = ana.get("/console/").text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "<script>alert" not in html


def test_no_number_reaches_the_page_not_even_one_given_as_a_name(ana: FlaskClient, house: House) -> None:
    planted = ["+12025550187", "2025550187", "202 555 0187", "(202) 555-0187", "555-0187"]
    for number in planted:
        house.person(number, is_member=True, state="stopped", state_at=NOON)
    bo = house.person("Bo 202.555.0187", **VOLUNTEER)
    with house.database.write() as conn:
        add_shift(conn, house.program_id, bo, "volunteer", ALWAYS, 0)
    page = page_of(ana)
    assert "Bo …" in page
    for tail in ("0187", "5550", "+1202"):
        assert tail not in page
