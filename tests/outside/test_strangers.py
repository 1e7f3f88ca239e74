"""Somebody the program does not know (SCENARIOS.md 44, CONVERSATION.md 9)."""

import pytest

from tests.outside.world import SAM, World

pytestmark = pytest.mark.outside

NEW = "text line run by volunteers, not watched day and night"


def number_of(page: str) -> int:
    """The case a page is about."""
    return int(page.split("TAKE ")[1].split(maxsplit=1)[0])


@pytest.mark.parametrize("first", ["hi", "hello? please", "anybody", "Yes", "no", "?", "asdf"])
def test_a_first_text_is_told_who_we_are_and_how_to_reach_a_person(world: World, first: str) -> None:
    phone, after = world.phone(), world.mark()
    said = world.say(phone, first, NEW, "TALK", "988", "STOP")
    assert "HOPE" in said
    assert len(world.got(phone, after)) == 1


def test_one_who_goes_on_is_told_once_stands_on_today_and_is_served_at_talk(world: World) -> None:
    phone, after = world.phone(), world.mark()
    world.say(phone, "hi", NEW)
    world.text(phone, "hello? please")
    world.text(phone, "anybody")
    world.text(phone, "hi")
    assert world.until(lambda: "4 texts" in world.board().partition("Strangers who wrote")[2]), world.board()
    assert len(world.got(phone, after)) == 1, world.got(phone, after)
    assert phone[-4:] not in world.board()

    after = world.mark()
    world.say(phone, "TALK", "asking a volunteer")
    case = number_of(world.expect(SAM, "TAKE", after=after))
    world.say(SAM, f"TAKE {case}", f"you have case {case}")
    world.expect(phone, "peer, not a therapist", after=after)
    world.close_case(case)


def test_after_a_week_a_stranger_is_told_again(world: World) -> None:
    phone, after = world.phone(), world.mark()
    world.say(phone, "hi", NEW)
    world.move(days=6)
    world.text(phone, "hi")
    world.say(phone, "who is this", "a community text line")
    world.move(days=1, minutes=5)
    world.say(phone, "hi", NEW)
    assert len(world.got(phone, after)) == 3, world.got(phone, after)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("HELP", "not a crisis line"),
        ("help please", "not a crisis line"),
        ("JOIN HOPE", "not therapists"),
        ("MENU", "what would you like"),
        ("HELPLINE", "what is it about"),
        ("who is this?", "a community text line"),
        ("wrong number", "a community text line"),
        ("5", 'we got "5" but had not asked'),
        ("MOOD 8", "mood 8 saved"),
        ("PAUSE", "join a group first"),
        ("HOME", "741741"),
        ("🙂", "are you ok"),
    ],
)
def test_what_is_understood_is_answered_also_in_a_quiet_week(world: World, said: str, words: str) -> None:
    phone = world.phone()
    world.say(phone, "hi", NEW)
    world.say(phone, said, words)


def test_a_stranger_in_danger_is_answered_and_somebody_is_paged_whatever_was_said_before(world: World) -> None:
    phone = world.phone()
    world.say(phone, "hi", NEW)
    world.text(phone, "anybody")
    after = world.mark()
    world.say(phone, "i want to kill myself tonight", "988", "911", "asking a volunteer")
    world.close_case_taken(number_of(world.expect(SAM, "urgent", after=after)))


def test_wrong_ends_our_texts_and_only_start_and_danger_are_heard_after_it(world: World) -> None:
    phone = world.phone()
    world.say(phone, "who is this", "text WRONG")
    world.say(phone, "WRONG", "will not text this number again")
    after = world.mark()
    for words in ("hi", "JOIN HOPE", "TALK", "7", "yes"):
        world.text(phone, words)
    world.quiet(phone, after, 1.5)
    world.say(phone, "i want to kill myself tonight", "988")
    world.close_case_taken(number_of(world.expect(SAM, "urgent", after=after)))
    world.say(phone, "START", "welcome back")
