"""One question at a time, three a day, none after a crisis (SCENARIOS.md 43, CONVERSATION.md 2, 11, 27)."""

import pytest

from tests.outside.world import LATE, SAM, World

pytestmark = pytest.mark.outside

MOOD, THROUGH, GOOD = "from 0 to 10, how are you today?", "did you get through", "good that you did"


def given_a_helpline(world: World, phone: str, at: str) -> None:
    """At this time they ask for a helpline; the next day we ask whether they got through."""
    world.set_local(at)
    world.say(phone, "HELPLINE", "what is it about")
    world.say(phone, "1", "we will ask tomorrow")


def followed_up(world: World, phone: str, at: str) -> None:
    """It is this time, and they are asked whether they got through."""
    after = world.mark()
    world.set_local(at)
    world.expect(phone, THROUGH, after=after, within=LATE)


def test_reminder_and_mood_due_in_the_same_minute_come_one_after_the_other(world: World) -> None:
    ana = world.phone()
    world.join(ana, "noon")
    given_a_helpline(world, ana, "2026-03-04 16:00:10")
    begin = world.mark()
    world.arrives(ana, MOOD, "2026-03-05 12:00")
    for at in ("12:00:50", "12:30", "13:15"):
        world.set_local(f"2026-03-05 {at}")
        world.quiet(ana, world.mark(), 1.5)
    world.say(ana, "8", "mood 8 saved")
    after = world.mark()
    world.move(seconds=70)
    world.expect(ana, THROUGH, after=after, within=LATE)
    world.say(ana, "1", GOOD)
    assert len([text for text in world.got(ana, begin) if MOOD in text.lower()]) == 1
    world.say(ana, "STOP", "unsubscribed")


def test_the_next_question_waits_two_hours_and_an_answer_that_crosses_it_belongs_to_the_older(world: World) -> None:
    """The ten-second rule: "1" sent as the mood prompt arrives is still the answer to what was there before."""
    leo = world.phone()
    world.join(leo, "noon")
    given_a_helpline(world, leo, "2026-03-05 15:00")
    followed_up(world, leo, "2026-03-06 11:01")
    after = world.mark()
    for at in ("12:00:02", "13:00", "13:59"):
        world.set_local(f"2026-03-06 {at}")
        world.quiet(leo, after, 1.5)
    world.set_local("2026-03-06 14:00:10")
    world.expect(leo, MOOD, after=after, within=LATE)
    world.say(leo, "1", GOOD)
    world.say(leo, "7", "mood 7 saved")
    world.say(leo, "STOP", "unsubscribed")


def test_ten_seconds_later_the_answer_belongs_to_the_newer(world: World) -> None:
    mia = world.phone()
    world.join(mia, "noon")
    given_a_helpline(world, mia, "2026-03-06 15:00")
    followed_up(world, mia, "2026-03-07 11:01")
    after = world.mark()
    world.set_local("2026-03-07 12:00:02")
    world.quiet(mia, after, 1.5)
    world.set_local("2026-03-07 14:00:10")
    world.expect(mia, MOOD, after=after, within=LATE)
    world.move(seconds=11)
    world.say(mia, "9", "mood 9 saved")
    world.say(mia, "1", GOOD)
    world.say(mia, "STOP", "unsubscribed")


def test_the_fourth_text_of_a_day_that_nobody_asked_for_waits_for_the_next_day(world: World) -> None:
    """CONVERSATION.md 11, by a member who moves the hour on and on."""
    tom = world.phone()
    world.join(tom, "7 am")
    for hour in ("7", "8", "9"):
        world.say(tom, f"TIME {hour} am", f"saved: {hour} am")
        world.arrives(tom, MOOD, f"2026-03-08 0{hour}:00")
        world.say(tom, "9", "mood 9 saved")
    world.say(tom, "TIME 10 am", "saved: 10 am")
    after = world.mark()
    world.set_local("2026-03-08 10:00:10")
    world.quiet(tom, after)
    world.set_local("2026-03-08 12:30")
    world.quiet(tom, after, 1.5)
    world.arrives(tom, MOOD, "2026-03-09 10:00")
    world.say(tom, "9", "mood 9 saved")
    world.say(tom, "STOP", "unsubscribed")


def test_from_a_crisis_until_a_day_after_it_nothing_is_asked(world: World) -> None:
    """CONVERSATION.md 27."""
    zoe = world.phone()
    world.join(zoe, "noon")
    after = world.mark()
    world.set_local("2026-03-09 11:30")
    world.text(zoe, "i want to kill myself tonight")
    page = world.expect(SAM, "urgent", after=after)
    world.close_case_taken(int(page.split("TAKE ")[1].split(maxsplit=1)[0]))
    after = world.mark()
    for at in ("2026-03-09 12:00:10", "2026-03-09 14:30", "2026-03-10 11:00"):
        world.set_local(at)
        world.quiet(zoe, after, 1.5)
    world.arrives(zoe, MOOD, "2026-03-10 12:00")
    world.say(zoe, "9", "mood 9 saved")
