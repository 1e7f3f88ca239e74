"""A try that may have reached Twilio: settled by its list, tried again only when it is surely not there."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from sms_service.carrier.outcomes import Sent, Unsure
from sms_service.carrier.twilio import ListedSms
from sms_service.domain.words import OutboxId, Why
from sms_service.services.settle import sweep_leases, sweep_unsure
from sms_service.store.dispatch import LEASE
from sms_service.store.outbox import outbox
from tests.house import ANA, LINE, SAM, House

LANE = {"crisis": "urgent", "page": "urgent", "reply": "reply"}


@dataclass
class TwiliosList:
    """What Twilio says it was handed."""

    handed: list[ListedSms] = field(default_factory=list)
    looks: int = 0

    def hand(self, to: str, body: str, sid: str, at: datetime) -> None:
        self.handed.append(ListedSms(sid, to, LINE, body, "sent", "outbound", at))

    def list_sms(
        self, since: datetime, direction: Any, *, to: str | None = None, from_: str | None = None
    ) -> Sequence[ListedSms]:
        self.looks += 1
        return [sms for sms in self.handed if sms.to == to and sms.from_ == from_ and sms.at >= since]


@pytest.fixture
def twilio() -> TwiliosList:
    return TwiliosList()


def _unsure(house: House, why: Why = "reply", body: str = "words") -> OutboxId:
    one = house.owe(house.person(ANA).id, why, body)
    house.claim(LANE[why])  # type: ignore[arg-type]  # a lane by its name
    house.record([Unsure("ReadTimeout")])
    return one


def _after(house: House, twilio: TwiliosList, **by: float) -> int:
    house.time.move(timedelta(**by))
    return sweep_unsure(house.desk, twilio, house.now)


def test_one_that_twilio_lists_was_sent(house: House, twilio: TwiliosList) -> None:
    one = _unsure(house)
    twilio.hand(ANA, "words", "SM1", house.now)
    assert _after(house, twilio, seconds=60) == 1
    assert (house.row(one).state, house.row(one).sid) == ("sent", "SM1")


def test_the_first_look_is_after_a_minute(house: House, twilio: TwiliosList) -> None:
    _unsure(house)
    assert _after(house, twilio, seconds=59) == 0
    assert twilio.looks == 0
    assert _after(house, twilio, seconds=1) == 1


def test_absent_in_two_looks_half_a_minute_apart_it_is_due_again(house: House, twilio: TwiliosList) -> None:
    one = _unsure(house)
    _after(house, twilio, seconds=60)
    assert house.row(one).state == "unsure"
    assert _after(house, twilio, seconds=29) == 0
    _after(house, twilio, seconds=1)
    assert house.row(one).state == "due"
    assert house.claim("reply") == [one]


def test_a_second_time_it_takes_two_looks_again(house: House, twilio: TwiliosList) -> None:
    one = _unsure(house)
    _after(house, twilio, seconds=60)
    _after(house, twilio, seconds=30)
    house.claim("reply")
    house.record([Unsure("ReadTimeout")])
    assert _after(house, twilio, seconds=59) == 0
    _after(house, twilio, seconds=1)
    assert house.row(one).state == "unsure"


def test_a_crisis_reply_goes_again_after_one_look_of_five_seconds(house: House, twilio: TwiliosList) -> None:
    """Twice is better than never: the one licensed duplicate."""
    one = _unsure(house, "crisis")
    assert _after(house, twilio, seconds=4) == 0
    _after(house, twilio, seconds=1)
    assert house.row(one).state == "due"


def test_a_crisis_reply_that_is_listed_does_not_go_again(house: House, twilio: TwiliosList) -> None:
    one = _unsure(house, "crisis")
    twilio.hand(ANA, "words", "SM1", house.now)
    _after(house, twilio, seconds=5)
    assert house.row(one).state == "sent"


def test_a_listed_message_of_another_row_settles_nothing(house: House, twilio: TwiliosList) -> None:
    first = house.owe(house.person(ANA).id)
    house.claim("reply")
    house.record([Sent("SM1")])
    twilio.hand(ANA, "words", "SM1", house.now)
    second = _unsure(house)
    _after(house, twilio, seconds=60)
    assert (house.row(first).state, house.row(second).state) == ("sent", "unsure")


def test_other_words_to_the_same_phone_settle_nothing(house: House, twilio: TwiliosList) -> None:
    one = _unsure(house)
    twilio.hand(ANA, "other words", "SM1", house.now)
    _after(house, twilio, seconds=60)
    assert house.row(one).state == "unsure"


def test_two_equal_messages_of_which_one_arrived_are_one_sent_and_one_unsure(house: House, twilio: TwiliosList) -> None:
    first, second = _unsure(house), _unsure(house)
    twilio.hand(ANA, "words", "SM1", house.now)
    _after(house, twilio, seconds=60)
    assert sorted([house.row(first).state, house.row(second).state]) == ["sent", "unsure"]


def test_one_whose_time_is_over_meanwhile_expires(house: House, twilio: TwiliosList) -> None:
    one = _unsure(house)
    _after(house, twilio, hours=1)
    assert house.row(one).state == "expired"


def test_a_row_whose_sender_vanished_is_unsure_when_its_lease_is_over(house: House) -> None:
    one = house.owe(house.person(ANA).id)
    house.claim("reply")
    house.time.move(timedelta(seconds=30))
    assert sweep_leases(house.desk, house.now) == 0
    house.time.move(timedelta(seconds=1))
    assert sweep_leases(house.desk, house.now) == 1
    row = house.row(one)
    assert (row.state, row.lease_until, row.settled_at) == ("unsure", None, house.now - LEASE)
    assert house.claim("reply") == []


def test_a_page_whose_sender_vanished_hastens_the_next_rung(house: House) -> None:
    house.text(ANA, "i want to kill myself")
    house.claim("urgent")
    (case,) = house.cases()
    house.time.move(timedelta(seconds=31))
    sweep_leases(house.desk, house.now)
    assert house.alarms("ladder")[f"ladder:{case.id}"] <= house.now
    assert {row.state for row in house.rows(SAM)} == {"unsure"}


def test_a_sender_slower_than_its_lease_still_tells_what_became_of_it(house: House) -> None:
    one = house.owe(house.person(ANA).id)
    house.claim("reply")
    house.time.move(timedelta(seconds=31))
    sweep_leases(house.desk, house.now)
    house.record([Sent("SM1")])
    assert (house.row(one).state, house.row(one).sid) == ("sent", "SM1")


def test_many_that_were_just_looked_for_do_not_stand_before_one_whose_time_has_come(house: House) -> None:
    """200 rows are looked up at a time: those that wait for their second look are none of them."""
    ana = house.person(ANA).id
    for number in range(201):
        house.owe(ana, "reply", f"words {number}")
    settled = house.now + timedelta(seconds=31)
    with house.db.write() as conn:
        rows = conn.execute(update(outbox).values(state="unsure", settled_at=settled, looks=1).returning(outbox.c.id))
        last = max(rows.scalars())
        conn.execute(update(outbox).where(outbox.c.id == last).values(settled_at=house.now, looks=0))
    house.time.move(timedelta(seconds=60))
    assert sweep_unsure(house.desk, TwiliosList(), house.now) == 1
    assert house.row(OutboxId(last)).looks == 1
