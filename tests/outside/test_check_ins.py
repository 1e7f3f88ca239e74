"""The question how somebody is, at the hour they chose, and what follows from the answer (SCENARIOS.md 8, 9, 43)."""

import pytest

from tests.outside.world import LATE, SAM, World

pytestmark = pytest.mark.outside

MOOD, NUDGE, SUITS = "from 0 to 10, how are you today?", "no rush", "how often should we ask"


def at_ease(world: World, phone: str) -> None:
    """They say nine."""
    world.say(phone, "9", "mood 9 saved")


def close(world: World, page: str) -> None:
    """Somebody takes the case of this page and closes it."""
    world.close_case_taken(int(page.split("TAKE ")[1].split(maxsplit=1)[0]))


def stops_in_worry(world: World, phone: str) -> None:
    """A STOP so soon after a low mood is a concern of its own (CONVERSATION.md 26), closed for the tests after it."""
    after = world.mark()
    world.say(phone, "STOP", "unsubscribed")
    close(world, world.expect(SAM, "TAKE", after=after))


def test_a_mood_of_eight_is_met_with_warm_words(world: World) -> None:
    ana, after = world.phone(), world.mark()
    world.join(ana, "6 am")
    world.say(ana, "MOOD 8", "mood 8 saved", "good to hear")
    assert world.got(SAM, after) == []


def test_a_mood_of_four_is_met_with_an_idea_and_a_choice(world: World) -> None:
    ana, after = world.phone(), world.mark()
    world.join(ana, "6 am")
    world.say(ana, "MOOD 4", "mood 4 saved", "an idea", "1 a person", "2 one more idea", "3 i'm ok")
    first = next(text for text in world.got(ana, after) if "Mood 4" in text)
    second = world.say(ana, "2", "an idea")
    assert second.partition("An idea")[2][:40] not in first, "another idea, not the same again"
    assert world.got(SAM, after) == []


@pytest.mark.parametrize("mood", [0, 2])
def test_a_low_mood_is_validated_offered_a_choice_and_somebody_is_told(world: World, mood: int) -> None:
    ana, after = world.phone(), world.mark()
    world.join(ana, "6 am")
    said = world.say(ana, f"MOOD {mood}", f"mood {mood} saved", "that sounds hard", "1 a person", "2 an idea")
    assert "3 A helpline" in said
    page = world.expect(SAM, "TAKE", after=after)
    assert ana not in page
    world.say(ana, "3", "what is it about")
    world.say(ana, "1", "988")
    close(world, page)


def test_eight_yesterday_and_three_today_is_a_concern(world: World) -> None:
    ana = world.phone()
    world.join(ana, "1 pm")
    world.say(ana, "MOOD 8", "mood 8 saved")
    world.arrives(ana, MOOD, "2026-03-04 13:00")
    at_ease(world, ana)
    world.arrives(ana, MOOD, "2026-03-05 13:00")
    after = world.mark()
    world.say(ana, "3", "mood 3 saved", "a lot lower than last time", "1 a person")
    close(world, world.expect(SAM, "TAKE", after=after))
    stops_in_worry(world, ana)


def test_a_two_in_the_morning_answers_the_question_that_lapsed_in_the_night(world: World) -> None:
    """Saved as late and met like any mood; the choice is that of a low one (CONVERSATION.md 3, LATE)."""
    ana = world.phone()
    world.join(ana, "7 pm")
    world.arrives(ana, MOOD, "2026-03-05 19:00")
    night = world.mark()
    world.set_local("2026-03-05 23:00:30")  # a nudge now would be in the quiet hours
    world.quiet(ana, night)
    world.set_local("2026-03-06 03:10")
    world.quiet(ana, night)
    world.set_local("2026-03-06 08:00")
    after = world.mark()
    world.say(ana, "2", "saved: mood 2 for last night", "1: a person", "988")
    close(world, world.expect(SAM, "TAKE", after=after))
    stops_in_worry(world, ana)


def test_a_two_to_nothing_is_told_so_and_nobody_is_paged(world: World) -> None:
    ana, after = world.phone(), world.mark()
    world.join(ana, "6 am")
    world.say(ana, "2", 'we got "2" but had not asked', "MOOD 2", "TALK", "MENU", "988")
    assert world.got(SAM, after) == []


def test_no_answer_is_nudged_once_and_then_there_is_silence_until_the_next_day(world: World) -> None:
    ana = world.phone()
    world.join(ana, "10 am")
    begin = world.mark()
    world.arrives(ana, MOOD, "2026-03-06 10:00")
    world.set_local("2026-03-06 14:00:05")
    world.expect(ana, NUDGE, after=begin, within=LATE)
    after = world.mark()
    for hour in ("16:00", "18:01", "19:59"):
        world.set_local(f"2026-03-06 {hour}")
        world.quiet(ana, after, 1.5)
    world.arrives(ana, MOOD, "2026-03-07 10:00")
    at_ease(world, ana)
    world.say(ana, "STOP", "unsubscribed")


def test_three_missed_stand_on_today_and_the_member_is_asked_once_whether_the_rhythm_suits(world: World) -> None:
    zoe = world.phone()
    world.join(zoe, "10 am")
    for words, answer in (("MENU", "4 more"), ("4", "4 settings"), ("4", "2 my name"), ("2", "call you")):
        world.say(zoe, words, answer)
    world.say(zoe, "Zoe", "thank you, zoe")
    for day in ("09", "10", "11"):  # the clock moves on by steps: each question is nudged, then lapses without a word
        world.arrives(zoe, MOOD, f"2026-03-{day} 10:00")
        after = world.mark()
        world.set_local(f"2026-03-{day} 14:00:30")
        world.expect(zoe, NUDGE, after=after, within=LATE)
    assert "Zoe" not in world.board()
    world.set_local("2026-03-11 18:01:30")
    assert world.until(lambda: "Zoe No answer yet to 3 check-ins" in world.board()), world.board()

    world.arrives(zoe, SUITS, "2026-03-12 10:00")
    world.say(zoe, "3", "saved")
    after = world.mark()
    for day in ("13", "18"):
        world.set_local(f"2026-03-{day} 10:00:10")
        world.quiet(zoe, after, 2)
    world.arrives(zoe, MOOD, "2026-03-19 10:00")
    at_ease(world, zoe)
    assert "Zoe" not in world.board()
