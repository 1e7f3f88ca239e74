"""What one try makes of a row: each outcome, back-off, and the end of patience."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms_service.carrier.codes import outcome_of
from sms_service.carrier.outcomes import Later, NotSent, Outcome, Refused, Sent, Unsure
from sms_service.domain.words import Why
from sms_service.services.record import PAGE_TRIES, back_off, outcome_row
from sms_service.store.consents import consent_history
from tests.house import ANA, CARMEN, SAM, House
from tests.services.test_permit import ready

NOON = datetime(2026, 3, 4, 17, 0, tzinfo=UTC)
WHYS: tuple[Why, ...] = ("crisis", "page", "reply", "scheduled", "bulk")


@pytest.mark.parametrize(
    ("outcome", "state", "sid", "code"),
    [
        (Sent("SM7"), "sent", "SM7", None),
        (Unsure("ReadTimeout"), "unsure", None, None),
        (Refused(21606, "sender"), "failed", None, 21606),
        (Later(20429, 2.0), "due", None, 20429),
        (NotSent("ConnectionError"), "due", None, None),
    ],
)
def test_each_outcome_is_the_rows_next_state(
    house: House, outcome: Outcome, state: str, sid: str | None, code: int | None
) -> None:
    one = house.owe(house.person(ANA).id)
    house.claim("reply")
    house.record([outcome])
    row = house.row(one)
    assert (row.state, row.sid, row.error_code, row.lease_until, row.tries) == (state, sid, code, None, 1)
    assert (row.settled_at is None) is (state == "due")
    assert (row.due_at > house.now) is (state == "due")


@pytest.mark.parametrize("why", WHYS)
@pytest.mark.parametrize("outcome", [Later(20429, 2.0), NotSent("ConnectionError")])
def test_what_never_reached_twilio_is_tried_as_long_as_it_is_worth_sending(why: Why, outcome: Outcome) -> None:
    """An outage of an hour must not end a crisis reply; `permit` ends what has expired."""
    assert outcome_row(ready(why, tries=500), outcome, NOON).state == "due"


def test_a_page_that_finds_no_connection_goes_to_the_next_rung_and_is_still_tried(house: House) -> None:
    house.text(ANA, "i want to die")
    for _try in range(PAGE_TRIES):
        house.time.move(timedelta(seconds=7))
        house.claim("urgent")
        house.record([NotSent("ConnectionError")] * len(house.taken))
    house.pass_time(seconds=2)
    assert house.sent(CARMEN), "the second volunteer is asked without waiting two minutes"
    assert [row.state for row in house.rows(SAM)] == ["due"]


def test_a_broken_account_keeps_what_is_owed(house: House) -> None:
    house.text(ANA, "i want to die")
    house.claim("urgent")
    house.record([outcome_of(401, 20003)] * len(house.taken))
    assert {row.state for row in house.rows(ANA)} == {"due"}


@given(
    why=st.sampled_from(WHYS),
    tries=st.integers(0, 60),
    outcome=st.one_of(st.just(NotSent("x")), st.floats(0.1, 300).map(lambda s: Later(20429, s))),
    jitter=st.floats(0, 1),
)
def test_a_wait_is_never_long_where_it_is_urgent(why: Why, tries: int, outcome: Later | NotSent, jitter: float) -> None:
    """Danger waits at most 5 s, the rest 60 s, a quarter more or less so that not all come back at once."""
    wait = back_off(ready(why, tries=tries), outcome, jitter)
    assert 0 < wait <= (5 if why in ("crisis", "page") else 60) * 1.25


def test_waits_double_and_keep_to_what_twilio_asked_for() -> None:
    waits = [back_off(ready("reply", tries=tries), NotSent("x"), 0.5) for tries in range(9)]
    assert waits == [0.5, 1, 2, 4, 8, 16, 32, 60, 60]
    assert back_off(ready("reply"), Later(21611, 30), 0.5) == 30


def test_a_row_that_came_back_goes_when_its_wait_is_over(house: House) -> None:
    one = house.owe(house.person(ANA).id)
    house.claim("reply")
    house.record([NotSent("ConnectionError")])
    assert house.claim("reply") == []
    house.time.set(house.row(one).due_at)
    assert house.claim("reply") == [one]


def test_21610_stops_the_person_and_is_written_in_the_consent_log(house: House) -> None:
    ana = house.person(ANA)
    planned = house.owe(ana.id, "scheduled", due_at=house.now + timedelta(hours=1))
    house.owe(ana.id)
    house.claim("reply")
    house.record([Refused(21610, "stopped")])
    assert house.person(ANA).state == "stopped"
    assert house.row(planned).state == "withheld"
    with house.db.read() as conn:
        log = consent_history(conn, house.program_id, ana.id)
    assert (log[-1][0], log[-1][2]) == ("revoked", house.now)


def test_an_invalid_number_is_unreachable_and_consent_is_not_touched(house: House) -> None:
    ana = house.person(ANA)
    with house.db.read() as conn:
        before = consent_history(conn, house.program_id, ana.id)
    house.owe(ana.id)
    house.claim("reply")
    house.record([Refused(21614, "invalid")])
    assert house.person(ANA).state == "unreachable"
    with house.db.read() as conn:
        assert consent_history(conn, house.program_id, ana.id) == before


def test_what_failed_for_reasons_of_ours_says_nothing_about_the_person(house: House) -> None:
    house.owe(house.person(ANA).id)
    house.claim("reply")
    house.record([Refused(21606, "sender")])
    assert house.person(ANA).state == "active"


def test_somebody_who_died_stays_so_whatever_twilio_says(house: House) -> None:
    house.change(ANA, state="died")
    house.owe(house.person(ANA).id)
    house.claim("reply")
    house.record([Refused(21610, "stopped")])
    assert house.person(ANA).state == "died"


@pytest.mark.parametrize("outcome", [Refused(30007, "filtered"), Unsure("ReadTimeout"), Refused(21610, "stopped")])
def test_a_page_that_may_not_have_arrived_hastens_the_next_rung(house: House, outcome: Outcome) -> None:
    house.text(ANA, "TALK")
    (case,) = house.cases()
    (page,) = [row for row in house.rows(SAM) if row.why == "page"]
    later = house.alarms("ladder")[f"ladder:{case.id}"]
    assert later > house.now
    assert house.claim("urgent") == [page.id]
    house.record([outcome])
    assert house.alarms("ladder")[f"ladder:{case.id}"] <= house.now


def test_a_page_that_was_handed_over_leaves_the_ladder_alone(house: House) -> None:
    house.text(ANA, "TALK")
    before = house.alarms("ladder")
    house.claim("urgent")
    house.record([Sent("SM1")])
    assert house.alarms("ladder") == before
