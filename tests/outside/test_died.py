"""A member who has died: nothing goes out, and somebody else's text from that number is read (SCENARIOS.md 47).

No command marks a death yet, so the row is changed in the database file: the person is the newest of all.
"""

import pytest

from tests.outside.behind import change, number_in, rows
from tests.outside.world import CARMEN, RUTH, SAM, World

pytestmark = pytest.mark.outside
STARTS_AT = "2026-03-04 12:00"


def mark_died(world: World) -> None:
    """The newest person has died, just now."""
    at = int(world.now().timestamp() * 1_000_000)
    order = "UPDATE people SET state = 'died', state_at = ? WHERE id = (SELECT max(id) FROM people)"
    assert change(world, order, at) == 1


def test_after_a_death_nothing_goes_out_and_a_text_from_that_number_is_read_by_a_supervisor(world: World) -> None:
    """An open question, a check-in, a referral and a waiting talk fall silent; any text gets DIED, once paged."""
    ana = world.phone()
    world.join(ana)
    world.say(ana, "HELPLINE", "1")
    world.say(ana, "1", "988")
    number = world.open_case(ana, "TALK")
    world.say(ana, "MOOD", "0 to 10")
    mark_died(world)
    after = world.mark()
    for minutes in (8, 20, 4 * 60):
        world.move(minutes=minutes)
        assert world.until(lambda: not rows(world, OVERDUE, int(world.now().timestamp() * 1_000_000)))
    for at in ("2026-03-04 19:01", "2026-03-05 12:00", "2026-03-05 19:01"):
        world.set_local(at)
        assert world.until(lambda: not rows(world, OVERDUE, int(world.now().timestamp() * 1_000_000)))
    world.quiet(ana, after)
    world.say(SAM, f"TAKE {number}", "do not reach", f"you have case {number}")
    world.say(SAM, "hi Ana, how are you?", "do not reach")
    world.close_case(number)
    assert world.got(ana, after) == []

    after = world.mark()
    world.text(ana, "this is her sister")
    read = world.expect(ana, "988", after=after)
    assert "will read this and answer" in read
    about = number_in(world.expect(RUTH, "Reply TAKE", after=after))
    for words in ("MENU", "7", "TALK", "who is this"):
        assert "will read this and answer" in world.say(ana, words, "988")
    assert len([body for body in world.got(RUTH, after) if "Reply TAKE" in body]) == 1
    assert world.got(SAM, after) == world.got(CARMEN, after) == []
    world.say(RUTH, f"TAKE {about}", "her sister")
    world.close_case(about, RUTH)
    assert all("will read this" in body for body in world.got(ana, after))


OVERDUE = "SELECT id FROM wakes WHERE due_at <= ? UNION ALL SELECT id FROM outbox WHERE state IN ('due', 'sending')"
"""Whatever is still to be done at this moment."""


def test_danger_from_that_number_is_still_answered(world: World) -> None:
    """Somebody is holding the phone: triage first, then DIED."""
    ben = world.phone()
    world.join(ben)
    mark_died(world)
    after = world.mark()
    world.text(ben, "i want to die")
    world.expect(ben, "988", "911", after=after)
    world.expect(ben, "will read this", after=after)
    number = number_in(world.expect(SAM, "Reply TAKE", after=after))
    heard = world.mark()
    world.move(minutes=16)
    world.expect(RUTH, f"TAKE {number}", after=after)
    world.say(SAM, f"TAKE {number}", "you have case", "i want to die")
    assert world.got(ben, heard) == []
    world.close_case(number)
