"""The main job, end to end through real processes: joining, a low mood, a volunteer, stopping."""

import pytest

from tests.outside.world import SAM, World

pytestmark = pytest.mark.outside


def test_a_member_joins_says_two_gets_a_person_and_stops(world: World) -> None:
    """JOIN, MOOD 2, TALK, TAKE, words both ways, DONE, STOP, START."""
    ana = world.phone()
    world.say(ana, "JOIN HOPE", "not therapists", "msg & data rates may apply")
    world.expect(ana, "911")
    world.say(ana, "1", "others read texts")
    world.say(ana, "1", "6 pm")
    world.say(ana, "7pm", "7 pm")

    after = world.mark()
    world.say(ana, "MOOD 2", "mood 2 saved", "1 a person")
    page = world.expect(SAM, "urgent", after=after)
    number = int(page.split("TAKE ")[1].split()[0])
    world.say(ana, "TALK", "asking a volunteer")
    world.say(SAM, f"TAKE {number}", f"you have case {number}", "mood 2")
    world.expect(ana, "peer, not a therapist", after=after)

    after = world.mark()
    world.text(SAM, "Hi, this is Sam. What is on your mind?")
    world.expect(ana, "what is on your mind", after=after)
    world.text(ana, "I can't sleep")
    world.expect(SAM, "i can't sleep", after=after)
    everything = " ".join(world.got(SAM, after) + world.got(ana, after))
    assert ana not in everything
    assert SAM not in everything

    world.say(SAM, f"DONE {number}", "how did it end")
    world.expect(ana, "closed this talk", after=after)
    world.say(SAM, "1", "saved")

    world.say(ana, "STOP", "unsubscribed")
    after = world.mark()
    world.text(ana, "MENU")
    world.quiet(ana, after)
    world.say(ana, "START", "welcome back")
