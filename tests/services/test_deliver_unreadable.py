"""A row that no key opens must not keep its lane, or what stands behind it, from being sent."""

from sqlalchemy import select, text, update

from sms_service.store.outbox import outbox
from tests.house import ANA, LEO, House


def test_a_broken_row_fails_and_the_crisis_behind_it_goes(house: House) -> None:
    broken = house.owe(house.person(ANA).id, "crisis", "first")
    good = house.owe(house.person(LEO).id, "crisis", "second")
    behind = house.owe(house.person(ANA).id, "crisis", "third")
    with house.db.write() as conn:
        conn.execute(text("UPDATE outbox SET body = 'gAAAAABnonsense' WHERE id = :id"), {"id": broken})
    assert sorted(house.claim("urgent") + house.claim("urgent")) == sorted([good, behind])
    with house.db.read() as conn:
        assert conn.scalar(select(outbox.c.state).where(outbox.c.id == broken)) == "failed"


def test_what_was_withheld_does_not_keep_the_next_one_waiting(house: House) -> None:
    stale = [house.owe(house.person(ANA).id, "scheduled", f"old {n}") for n in range(5)]
    with house.db.write() as conn:
        conn.execute(update(outbox).where(outbox.c.id.in_(stale)).values(expires_at=house.now))
    fresh = house.owe(house.person(ANA).id, "scheduled", "new")
    assert house.claim("scheduled") == [fresh]
