"""What callbacks make of a row: forward or unchanged, in any order, doubled, late, or for nobody."""

from datetime import timedelta
from itertools import product
from typing import get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sms_service.carrier.outcomes import Sent, Unsure
from sms_service.domain.delivery import REPORTED, MessageState, next_state, settled
from sms_service.domain.words import OutboxId
from sms_service.services.settle import hear_status
from sms_service.store.consents import consent_history
from tests.house import ANA, SAM, House

STATES: tuple[MessageState, ...] = get_args(MessageState)
WORDS = ("queued", "sending", "sent", "delivered", "undelivered", "failed", "canceled", "read")
FINAL = {"delivered", "expired", "withheld"}
SID = f"SM{1:032x}"


@pytest.mark.parametrize(("now_in", "reported"), list(product(STATES, STATES)))
def test_the_table_is_total_and_never_goes_back(now_in: MessageState, reported: MessageState) -> None:
    after = next_state(now_in, reported)
    assert after in STATES
    if settled(now_in):
        assert settled(after)
    if now_in in FINAL:
        assert after == now_in
    assert next_state(after, reported) == after, "a second time it says nothing new"


@given(st.sampled_from(STATES), st.lists(st.sampled_from(sorted(REPORTED)), max_size=8), st.randoms())
def test_the_end_does_not_depend_on_the_order_of_the_callbacks(
    now_in: MessageState, words: list[str], dice: object
) -> None:
    shuffled = list(words)
    dice.shuffle(shuffled)  # type: ignore[attr-defined]  # random.Random, by hypothesis
    ends = set()
    for order in (words, shuffled, words + shuffled):
        state = now_in
        for word in order:
            state = next_state(state, REPORTED[word])
        ends.add(state)
    assert len(ends) == 1


def _sent(house: House) -> OutboxId:
    one = house.owe(house.person(ANA).id)
    house.claim("reply")
    house.record([Sent(SID)])
    return one


def _hear(house: House, one: OutboxId, word: str, code: int | None = None, sid: str = SID) -> bool:
    return hear_status(house.desk, one, sid, word, code, house.now)


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(words=st.lists(st.sampled_from(WORDS), max_size=6))
def test_callbacks_late_doubled_and_shuffled_move_a_row_only_forward(house: House, words: list[str]) -> None:
    one = _sent(house)
    expected: MessageState = "sent"
    for word in words + words:
        assert _hear(house, one, word)
        expected = next_state(expected, REPORTED[word])
        assert house.row(one).state == expected


def test_a_callback_for_no_row_of_ours_is_no_error(house: House) -> None:
    assert not _hear(house, OutboxId(987654), "delivered")


def test_a_callback_of_another_message_changes_nothing(house: House) -> None:
    one = _sent(house)
    _hear(house, one, "delivered", sid="SMother")
    assert (house.row(one).state, house.row(one).sid) == ("sent", SID)


def test_an_unknown_word_changes_nothing(house: House) -> None:
    one = _sent(house)
    assert _hear(house, one, "teleported")
    assert house.row(one).state == "sent"


def test_a_callback_that_overtakes_our_own_note_is_believed(house: House) -> None:
    """Twilio may call before its answer to the POST was written down."""
    one = house.owe(house.person(ANA).id)
    house.claim("reply")
    _hear(house, one, "delivered")
    house.record([Sent(SID)])
    assert (house.row(one).state, house.row(one).sid) == ("delivered", SID)


def test_a_callback_settles_what_we_were_unsure_of(house: House) -> None:
    one = house.owe(house.person(ANA).id)
    house.claim("reply")
    house.record([Unsure("ReadTimeout")])
    _hear(house, one, "sent")
    assert (house.row(one).state, house.row(one).sid) == ("sent", SID)


def test_a_message_that_was_given_up_for_lost_and_then_reported_is_not_sent_again(house: House) -> None:
    one = house.owe(house.person(ANA).id)
    house.put(one, "due", tries=1)
    _hear(house, one, "delivered")
    assert house.row(one).state == "delivered"
    assert house.claim("reply") == []


@pytest.mark.parametrize("code", [30003, 30008, 30017])
def test_a_passing_failure_is_tried_again_twice_and_no_more(house: House, code: int) -> None:
    one = house.owe(house.person(ANA).id)
    for attempt in range(3):
        sid = f"SM{attempt}"
        assert house.claim("reply") == [one]
        house.record([Sent(sid)])
        _hear(house, one, "undelivered", code, sid)
        house.time.move(timedelta(seconds=6))
    assert house.row(one).state == "failed"
    assert house.claim("reply") == []


def test_the_same_failure_told_twice_is_one_new_try(house: House) -> None:
    """The late second callback belongs to the try before and says nothing of the new one."""
    one = _sent(house)
    _hear(house, one, "undelivered", 30003)
    due_at = house.row(one).due_at
    house.time.move(timedelta(seconds=6))
    _hear(house, one, "undelivered", 30003)
    assert (house.row(one).state, house.row(one).due_at) == ("due", due_at)
    assert house.claim("reply") == [one]
    _hear(house, one, "undelivered", 30003)
    assert house.row(one).state == "sending"
    house.record([Sent("SMagain")])
    _hear(house, one, "undelivered", 30003)
    assert (house.row(one).state, house.row(one).sid) == ("sent", "SMagain")
    _hear(house, one, "delivered", sid="SMagain")
    assert house.row(one).state == "delivered"


def test_the_new_tries_callback_may_come_before_our_note_of_it(house: House) -> None:
    one = _sent(house)
    _hear(house, one, "undelivered", 30003)
    house.time.move(timedelta(seconds=6))
    house.claim("reply")
    _hear(house, one, "delivered", sid="SMagain")
    assert (house.row(one).state, house.row(one).sid) == ("delivered", "SMagain")


@pytest.mark.parametrize("code", [21610, 30004])
def test_a_callback_that_says_opted_out_stops_the_person(house: House, code: int) -> None:
    one = _sent(house)
    _hear(house, one, "undelivered", code)
    assert house.person(ANA).state == "stopped"
    _hear(house, one, "undelivered", code)
    with house.db.read() as conn:
        acts = [act for act, _, _ in consent_history(conn, house.program_id, house.person(ANA).id)]
    assert acts.count("revoked") == 1


@pytest.mark.parametrize("code", [30005, 30006])
def test_a_callback_that_says_no_such_phone_makes_the_person_unreachable(house: House, code: int) -> None:
    one = _sent(house)
    _hear(house, one, "undelivered", code)
    assert (house.row(one).state, house.row(one).error_code) == ("failed", code)
    assert house.person(ANA).state == "unreachable"


def test_a_filtered_message_is_the_messages_own_end(house: House) -> None:
    one = _sent(house)
    _hear(house, one, "undelivered", 30007)
    assert house.row(one).state == "failed"
    assert house.person(ANA).state == "active"


def test_a_page_that_was_not_delivered_hastens_the_next_rung(house: House) -> None:
    house.text(ANA, "TALK")
    (case,) = house.cases()
    (page,) = [row for row in house.rows(SAM) if row.why == "page"]
    house.claim("urgent")
    house.record([Sent(SID)])
    assert house.alarms("ladder")[f"ladder:{case.id}"] > house.now
    _hear(house, page.id, "undelivered", 30003)
    assert house.alarms("ladder")[f"ladder:{case.id}"] <= house.now
