"""The last look at a message: may it still go, and now? Pure, and through a claim."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms_service.domain.quiet import allowed
from sms_service.domain.words import LineId, OutboxId, PersonId, ProgramId, Why
from sms_service.services.permit import EXPIRED, SEND, WITHHELD, Permit, permit
from sms_service.store.dispatch import Ready
from sms_service.store.programs import Program
from tests.house import ANA, House

NEW_YORK = "America/New_York"
PROGRAM = Program(ProgramId(1), "p", "P", "P", "US", NEW_YORK, "en", "", 9 * 60, 20 * 60)
NOON = datetime(2026, 3, 4, 17, 0, tzinfo=UTC)
NIGHT = datetime(2026, 3, 5, 7, 0, tzinfo=UTC)  # 2:00 in New York
MORNING = datetime(2026, 3, 5, 14, 0, tzinfo=UTC)  # 9:00
STATES = ("stranger", "active", "paused", "left", "stopped", "unreachable", "died")
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def ready(why: Why, now: datetime = NOON, **known: Any) -> Ready:
    row: dict[str, Any] = {
        "id": OutboxId(1), "program_id": ProgramId(1), "person_id": PersonId(1), "line_id": LineId(1), "why": why,
        "body": "words", "segments": 1, "tries": 0, "born_at": now, "due_at": now, "expires_at": now + DAY,
        "case_id": None, "conversation_id": None, "turn": None, "silence_s": None, "chosen": False,
        "number": "+12025550121", "person_state": "active", "person_state_at": now - 30 * DAY,
        "safe": "free", "zone": NEW_YORK, "country": "US",
    }  # fmt: skip
    return Ready(**row | known)


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("safe", ["free", "after", "never"])
@pytest.mark.parametrize("why", ["crisis", "page"])
def test_danger_and_pages_go_at_any_hour_to_anybody(why: Why, state: str, safe: str) -> None:
    assert permit(ready(why, NIGHT, person_state=state, safe=safe), PROGRAM, NIGHT) == SEND


@pytest.mark.parametrize("state", STATES)
def test_a_reply_to_a_text_of_the_last_hour_goes_at_any_hour_to_anybody(state: str) -> None:
    message = ready("reply", NIGHT - HOUR, person_state=state, safe="never")
    assert permit(message, PROGRAM, NIGHT) == SEND


@pytest.mark.parametrize("why", ["crisis", "page", "reply", "scheduled", "bulk"])
def test_nothing_that_was_owed_before_somebody_died_is_sent(why: Why) -> None:
    message = ready(why, NOON - MINUTE, person_state="died", person_state_at=NOON)
    assert permit(message, PROGRAM, NOON) == WITHHELD


@pytest.mark.parametrize("state", ["stopped", "died"])
def test_an_older_reply_to_somebody_who_stopped_is_withheld(state: str) -> None:
    message = ready("reply", NOON - 2 * HOUR, person_state=state)
    assert permit(message, PROGRAM, NOON) == WITHHELD


def test_an_older_reply_waits_for_the_morning() -> None:
    assert permit(ready("reply", NIGHT - 2 * HOUR), PROGRAM, NIGHT) == Permit("due", MORNING)


@pytest.mark.parametrize("why", ["scheduled", "bulk"])
@pytest.mark.parametrize("state", [state for state in STATES if state != "active"])
def test_nothing_unprompted_goes_to_somebody_who_is_not_active(why: Why, state: str) -> None:
    assert permit(ready(why, person_state=state), PROGRAM, NOON) == WITHHELD


@pytest.mark.parametrize("safe", ["after", "never"])
def test_nothing_unprompted_goes_where_it_is_not_safe_to_write(safe: str) -> None:
    assert permit(ready("scheduled", safe=safe), PROGRAM, NOON) == WITHHELD


def test_in_quiet_hours_a_text_is_put_off_to_their_end() -> None:
    assert permit(ready("scheduled", NIGHT), PROGRAM, NIGHT) == Permit("due", MORNING)


def test_one_that_would_be_too_old_by_then_ends() -> None:
    message = ready("scheduled", NIGHT, expires_at=MORNING)
    assert permit(message, PROGRAM, NIGHT) == EXPIRED


@pytest.mark.parametrize(("local_hour", "goes"), [(0, False), (5, False), (6, True), (8, True), (21, True), (23, True)])
def test_an_hour_somebody_chose_is_consent_to_it_from_six_to_midnight(local_hour: int, goes: bool) -> None:
    at = datetime(2026, 3, 4, 5, 0, tzinfo=UTC) + timedelta(hours=local_hour)
    verdict = permit(ready("scheduled", at, chosen=True), PROGRAM, at)
    assert (verdict == SEND) is goes


@pytest.mark.parametrize("why", ["crisis", "page", "reply", "scheduled", "bulk"])
def test_what_is_past_its_time_expires_danger_too(why: Why) -> None:
    assert permit(ready(why, expires_at=NOON), PROGRAM, NOON) == EXPIRED


@given(
    why=st.sampled_from(["scheduled", "bulk"]),
    at=st.integers(0, 365 * 24 * 60).map(lambda minute: datetime(2026, 1, 1, tzinfo=UTC) + minute * MINUTE),
    zone=st.sampled_from([NEW_YORK, "America/Los_Angeles", "Pacific/Honolulu", "America/Puerto_Rico"]),
    state=st.sampled_from(STATES),
    safe=st.sampled_from(["free", "after", "never"]),
)
def test_nothing_unprompted_is_ever_sent_outside_the_persons_own_day(
    why: Why, at: datetime, zone: str, state: str, safe: str
) -> None:
    verdict = permit(ready(why, at, zone=zone, person_state=state, safe=safe), PROGRAM, at)
    if verdict == SEND:
        assert allowed(at, zone, 9 * 60, 20 * 60)
        assert (state, safe) == ("active", "free")
    if verdict.due_at is not None:
        assert at < verdict.due_at < at + DAY
        assert allowed(verdict.due_at, zone, 9 * 60, 20 * 60)


def test_a_claim_re_dates_what_falls_into_quiet_hours_and_sends_it_then(house: House) -> None:
    house.time.set(NIGHT)
    one = house.owe(house.person(ANA).id, "scheduled", expires_at=NIGHT + DAY)
    assert house.claim("scheduled") == []
    row = house.row(one)
    assert (row.state, row.due_at, row.tries) == ("due", MORNING, 0)
    house.time.set(MORNING)
    assert house.claim("scheduled") == [one]


@pytest.mark.parametrize(
    ("change", "state"),
    [({"state": "stopped"}, "withheld"), ({"state": "died"}, "withheld"), ({"safe": "never"}, "withheld")],
)
def test_a_claim_withholds_what_consent_no_longer_covers(house: House, change: dict[str, str], state: str) -> None:
    one = house.owe(house.person(ANA).id, "scheduled")
    house.change(ANA, **change)
    assert house.claim("scheduled") == []
    row = house.row(one)
    assert (row.state, row.settled_at) == (state, house.now)


def test_a_claim_ends_what_is_too_old(house: House) -> None:
    one = house.owe(house.person(ANA).id, "reply", expires_at=house.now + timedelta(minutes=1))
    house.time.move(timedelta(minutes=1))
    assert house.claim("reply") == []
    assert house.row(one).state == "expired"
