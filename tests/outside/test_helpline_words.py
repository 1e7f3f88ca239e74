"""A helpline's own keyword sent to us by mistake: say where it works, and let somebody look (SCENARIOS.md 40)."""

import pytest

from tests.outside.behind import number_in
from tests.outside.world import SAM, World

pytestmark = pytest.mark.outside


def referred(world: World) -> str:
    """A member who was just given helplines."""
    member = world.phone()
    world.join(member)
    world.say(member, "HELPLINE", "1")
    after = world.mark()
    world.text(member, "1")
    world.expect(member, "988", after=after)
    return member


@pytest.mark.parametrize("word", ["HOME", "home.", "START", "AYUDA", "Helpline", "hello", "838255"])
def test_a_helplines_word_within_a_day_of_a_referral_is_answered_and_opens_a_concern(world: World, word: str) -> None:
    """Not a keyword of ours, not Twilio's START, not a greeting: somebody is trying to reach help."""
    world.move(minutes=6)
    member = referred(world)
    after = world.mark()
    world.say(member, word, "741741", "988", "TALK here")
    number = number_in(world.expect(SAM, "Reply TAKE", after=after))
    world.say(SAM, f"TAKE {number}", "you have case", word)
    world.close_case(number)
    assert len([body for body in world.got(member, after) if "741741" in body]) == 1


@pytest.mark.parametrize("word", ["HOME", "ayuda", "838255"])
def test_words_that_mean_nothing_here_are_recognised_from_anybody(world: World, word: str) -> None:
    """Also from a stranger, and without a referral."""
    stranger, after = world.phone(), world.mark()
    world.say(stranger, word, "741741", "988")
    number = number_in(world.expect(SAM, "Reply TAKE", after=after))
    world.say(SAM, f"TAKE {number}", "you have case")
    world.close_case(number)


def test_without_a_referral_helpline_and_start_are_our_own_words(world: World) -> None:
    """HELPLINE asks what for; START says welcome back; nobody is paged."""
    world.move(minutes=6)
    member = world.phone()
    world.join(member)
    after = world.mark()
    world.say(member, "HELPLINE", "1")
    world.say(member, "START", "welcome back")
    world.quiet(SAM, after)


def test_a_day_later_start_is_start_again(world: World) -> None:
    """The word belongs to the helpline for 24 hours."""
    member = referred(world)
    world.move(hours=25)
    after = world.mark()
    world.say(member, "START", "welcome back")
    world.quiet(SAM, after)
