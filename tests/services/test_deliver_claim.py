"""Which rows a claim takes: of each person the head, under a lease, each exactly once."""

import threading
from collections import Counter
from datetime import timedelta

from sqlalchemy import select

from sms_service.carrier.outcomes import Later
from sms_service.domain.words import PersonId, Why
from sms_service.services.lease import claim
from sms_service.store.dispatch import LEASE
from sms_service.store.marks import set_mark
from sms_service.store.outbox import outbox
from tests.house import ANA, LEO, House


def test_of_each_person_only_the_oldest_message_goes(house: House) -> None:
    ana, leo = house.person(ANA).id, house.person(LEO).id
    first, _second, other = house.owe(ana), house.owe(ana), house.owe(leo)
    assert house.claim("reply") == [first, other]


def test_the_next_of_a_person_goes_when_the_one_before_has_gone(house: House) -> None:
    ana = house.person(ANA).id
    first, second = house.owe(ana), house.owe(ana)
    house.claim("reply")
    assert house.claim("reply") == [], "the first is under way"
    house.put(first, "sent")
    assert house.claim("reply") == [second]


def test_a_message_that_must_wait_keeps_the_later_ones_of_its_person_behind_it(house: House) -> None:
    """Back-off must not turn the order of a person's texts around."""
    ana = house.person(ANA).id
    first, second = house.owe(ana), house.owe(ana)
    house.claim("reply")
    house.record([Later(20429, 5)])
    assert house.claim("reply") == []
    house.time.move(timedelta(seconds=10))
    assert house.claim("reply") == [first]
    assert house.claim("reply") == []
    assert house.row(second).state == "due"


def test_danger_goes_before_a_reply_of_the_same_person_and_the_reply_waits_for_it(house: House) -> None:
    ana = house.person(ANA).id
    reply, crisis = house.owe(ana, "reply"), house.owe(ana, "crisis")
    assert house.claim("reply") == []
    assert house.claim("urgent") == [crisis]
    assert house.claim("reply") == [], "what is urgent is on its way"
    house.put(crisis, "sent")
    assert house.claim("reply") == [reply]


def test_danger_does_not_wait_for_a_reply_that_is_on_its_way(house: House) -> None:
    ana = house.person(ANA).id
    reply = house.owe(ana, "reply")
    assert house.claim("reply") == [reply]
    crisis = house.owe(ana, "crisis")
    assert house.claim("urgent") == [crisis]


def test_each_lane_takes_its_own(house: House) -> None:
    people = [house.new_person(f"+1202555{6000 + n}") for n in range(4)]
    whys: tuple[Why, ...] = ("crisis", "reply", "scheduled", "bulk")
    ids = {why: house.owe(person, why) for person, why in zip(people, whys, strict=True)}
    assert house.claim("bulk") == [ids["bulk"]]
    assert house.claim("scheduled") == [ids["scheduled"]]
    assert house.claim("reply") == [ids["reply"]]
    assert house.claim("urgent") == [ids["crisis"]]


def test_what_is_due_later_is_left(house: House) -> None:
    later = house.owe(house.person(ANA).id, due_at=house.now + timedelta(minutes=1))
    assert house.claim("reply") == []
    house.time.move(timedelta(minutes=1))
    assert house.claim("reply") == [later]


def test_a_scheduled_text_of_tomorrow_does_not_hold_up_todays(house: House) -> None:
    ana = house.person(ANA).id
    house.owe(ana, "scheduled", due_at=house.now + timedelta(days=1))
    today = house.owe(ana, "scheduled")
    assert house.claim("scheduled") == [today]


def test_a_claim_is_a_lease_of_half_a_minute_and_counts_the_try(house: House) -> None:
    one = house.owe(house.person(ANA).id)
    house.claim("reply")
    row = house.row(one)
    assert (row.state, row.tries, row.lease_until) == ("sending", 1, house.now + LEASE)


def test_what_is_on_hold_stays_and_danger_goes_all_the_same(house: House) -> None:
    ana, leo = house.person(ANA).id, house.person(LEO).id
    crisis, reply = house.owe(ana, "crisis"), house.owe(leo, "reply")
    with house.db.write() as conn:
        set_mark(conn, "hold", "urgent,reply,scheduled,bulk")
    assert house.claim("reply") == []
    assert house.claim("urgent") == [crisis]
    with house.db.write() as conn:
        set_mark(conn, "hold", "")
    assert house.claim("reply") == [reply]


def test_two_claimers_at_once_take_each_of_200_rows_exactly_once(house: House) -> None:
    people = _crowd(house, 200)
    owed = house.owe_all(people, "crisis")
    taken: list[list[int]] = [[], []]
    start = threading.Barrier(2)

    def take(mine: list[int]) -> None:
        start.wait()
        while found := claim(house.desk, "urgent", house.now, most=15):
            mine += [one.ready.id for one in found]

    threads = [threading.Thread(target=take, args=(mine,)) for mine in taken]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Counter(taken[0] + taken[1]) == dict.fromkeys(owed, 1)
    with house.db.read() as conn:
        assert {tuple(r) for r in conn.execute(select(outbox.c.state, outbox.c.tries))} == {("sending", 1)}


def test_two_claimers_never_send_two_texts_of_one_person_at_once(house: House) -> None:
    people = _crowd(house, 20)
    for _ in range(3):
        house.owe_all(people, "crisis")
    seen: list[int] = []
    start = threading.Barrier(2)

    def take() -> None:
        start.wait()
        for _ in range(4):
            seen.extend(one.ready.person_id for one in claim(house.desk, "urgent", house.now, most=7))

    threads = [threading.Thread(target=take) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Counter(seen) == dict.fromkeys(people, 1)


def _crowd(house: House, size: int) -> list[PersonId]:
    return [house.new_person(f"+1303555{1000 + n}") for n in range(size)]
