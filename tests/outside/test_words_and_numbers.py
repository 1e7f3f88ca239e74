"""Words and numbers as people type them, heard through real processes (SCENARIOS.md 1-4, CONVERSATION.md 2-4)."""

import pytest

from tests.outside.world import CARMEN, SAM, World

pytestmark = pytest.mark.outside

AGREEMENT, PRIVACY, SAFE, HOUR = "not therapists", "911", "others read texts", "6 pm"
ASKED, SAVED_HIGH = "from 0 to 10", "good to hear"
RE_ASKED, DOOR_OPEN = "just a number from 0 to 10", "text mood and a number any time"


def invited(world: World, code: str = "JOIN HOPE", *words: str) -> str:
    """A stranger who has been told what joining means and has not answered."""
    phone = world.phone()
    after = world.mark()
    world.say(phone, code, *(words or (AGREEMENT,)))
    world.expect(phone, PRIVACY if not words else "911", after=after)
    return phone


@pytest.fixture(scope="module")
def member(world: World) -> str:
    """A member whom nobody asks anything today any more."""
    phone = world.phone()
    world.join(phone, hour="6 am")
    return phone


@pytest.fixture
def ana(world: World, member: str) -> str:
    """The member a few minutes later: more than twenty texts in five minutes get no answer."""
    world.move(minutes=2)
    return member


@pytest.mark.parametrize("yes", [" yEs ", "Y 😁", "YES\r\n-Sam", "si", "sure, ok", "1"])
def test_a_yes_in_any_dress_is_a_yes(world: World, yes: str) -> None:
    world.say(invited(world), yes, SAFE)


@pytest.mark.parametrize("no", ["no", " N ", "no thanks", "2", "nope 🙂"])
def test_a_no_in_any_dress_is_a_no(world: World, no: str) -> None:
    phone = invited(world)
    world.say(phone, no, "you are not in")
    world.say(phone, "JOIN HOPE", AGREEMENT)


def test_maybe_is_asked_again_once_and_then_taken_for_no(world: World) -> None:
    phone = invited(world)
    world.say(phone, "maybe", "text 1 to join or 2 for no")
    world.say(phone, "hmm maybe?", "you are not in")


def test_a_yes_after_one_maybe_still_counts(world: World) -> None:
    phone = invited(world)
    world.say(phone, "maybe", "text 1 to join or 2 for no")
    world.say(phone, "yes", SAFE)


@pytest.mark.parametrize("seven", ["7", " 7/10", "seven", "siete", "about a 7 today", "7️⃣", "a 7 I guess", "7."])
def test_a_seven_in_any_dress_is_saved_as_seven(world: World, ana: str, seven: str) -> None:
    world.say(ana, "MOOD", ASKED)
    world.say(ana, seven, "mood 7 saved", SAVED_HIGH)


@pytest.mark.parametrize("unclear", ["77", "-3", "eleven", "3 or 4", "meh"])
def test_what_is_no_mood_is_asked_once_more_and_then_the_door_stays_open(world: World, ana: str, unclear: str) -> None:
    world.say(ana, "MOOD", ASKED)
    after = world.mark()
    world.say(ana, unclear, RE_ASKED)
    world.say(ana, unclear, DOOR_OPEN)
    assert len(world.got(ana, after)) == 2, world.got(ana, after)
    assert "saved" not in " ".join(world.got(ana, after)).lower()


def test_after_one_slip_a_mood_is_still_taken(world: World, ana: str) -> None:
    world.say(ana, "MOOD", ASKED)
    world.say(ana, "77", RE_ASKED)
    world.say(ana, "7", "mood 7 saved")


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("JOIN HOPE", (AGREEMENT,)),
        ("join hope!", (AGREEMENT,)),
        ("Join the HOPE group please", (AGREEMENT,)),
        ("jion hope", (AGREEMENT,)),
        ("Unirme esperanza", ("no terapeutas", "Esperanza")),
        ("únirme a ESPERANZA.", ("no terapeutas", "Esperanza")),
    ],
)
def test_a_group_is_joined_by_its_word_in_either_language(world: World, said: str, words: tuple[str, ...]) -> None:
    invited(world, said, *words)


def test_an_unknown_group_is_said_so(world: World) -> None:
    world.say(world.phone(), "JOIN NOWHERE", "do not know that group")


@pytest.mark.parametrize("word", ["stalking", "walk", "hell", "take", "top", "talked"])
def test_a_word_that_holds_or_resembles_a_keyword_is_none(world: World, word: str) -> None:
    """Never by likeness: nobody is paged, no group is joined; a stranger hears who we are."""
    phone, after = world.phone(), world.mark()
    world.say(phone, word, "text line run by volunteers")
    assert world.got(SAM, after) == []


@pytest.mark.parametrize(
    ("word", "volunteer"),
    [
        ("talk", SAM),
        ("tlak", SAM),
        ("ablar", SAM),
        ("I need to talk to someone", SAM),
        ("quiero hablar con alguien", CARMEN),  # who speaks Spanish
    ],
)
def test_talk_is_served_in_its_near_spellings_and_plain_wordings_by_anyone(
    world: World, word: str, volunteer: str
) -> None:
    phone, after = world.phone(), world.mark()
    world.text(phone, word)
    page = world.expect(volunteer, "TAKE", after=after)
    assert phone not in page
    answer = world.expect(phone, after=after).lower()
    assert ("voluntario" if volunteer == CARMEN else "asking a volunteer") in answer
    world.close_case_taken(int(page.split("TAKE ")[1].split(maxsplit=1)[0]), volunteer)


def test_a_stranger_s_unknown_words_are_answered_once_a_week_and_never_in_a_loop(world: World) -> None:
    phone, after = world.phone(), world.mark()
    world.say(phone, "blah", "text line run by volunteers")
    for words in ("blah", "qwerty", "blah blah", "hello again"):
        world.text(phone, words)
    world.say(phone, "who is this", "a community text line")
    assert len(world.got(phone, after)) == 2, world.got(phone, after)


def test_a_member_s_keyword_from_a_stranger_is_answered_too(world: World) -> None:
    """The limit of one a week is for what was not understood alone (CONVERSATION.md 9)."""
    phone = world.phone()
    world.say(phone, "blah", "text line run by volunteers")
    world.say(phone, "PAUSE", "join a group first")
    world.say(phone, "TIME 7pm", "join a group first")
    world.say(phone, "MOOD 8", "mood 8 saved")


def test_a_member_s_unknown_words_end_in_the_menu_and_its_close(world: World, ana: str) -> None:
    """Every way out of not understanding is named, and after each close nothing more is said."""
    after = world.mark()
    world.say(ana, "blub", "what would you like")
    world.say(ana, "blub", "a number from 1 to 4")
    world.say(ana, "blub", "text menu or talk any time")
    assert len(world.got(ana, after)) == 3


def test_spanish_words_from_an_english_member_are_answered_in_spanish(world: World, ana: str) -> None:
    """CONVERSATION.md 8."""
    world.say(ana, "ÁNIMO 8", "animo 8")
    world.say(ana, "MOOD 8", "mood 8 saved")


def test_a_keyword_in_the_middle_of_a_check_in_is_obeyed_and_the_mood_still_taken(world: World, ana: str) -> None:
    world.say(ana, "MOOD", ASKED)
    world.say(ana, "IDEA", "an idea")
    world.say(ana, "TIME 6am", "6 am")
    world.say(ana, "HELP", "not a crisis line")
    world.say(ana, "9", "mood 9 saved")


def test_a_keyword_that_asks_something_itself_comes_first_and_the_mood_after_it(world: World, ana: str) -> None:
    world.say(ana, "MOOD", ASKED)
    world.say(ana, "PAUSE", "how many days")
    world.say(ana, "0", "until you text resume")
    world.say(ana, "9", "mood 9 saved")
    world.say(ana, "RESUME", "welcome back")


def test_a_number_begins_no_conversation(world: World, ana: str) -> None:
    after = world.mark()
    world.say(ana, "5", 'we got "5" but had not asked', "988")
    world.say(ana, "5", 'we got "5" but had not asked')
    assert len(world.got(ana, after)) == 2


def test_a_yes_five_hours_after_the_question_lapsed_is_no_yes(world: World) -> None:
    phone = invited(world)
    world.move(hours=4, minutes=1)  # the question lapses ...
    world.until(lambda: False, 2.5)
    world.move(hours=5)
    after = world.mark()
    world.say(phone, "yes", "text line run by volunteers")
    assert SAFE not in " ".join(world.got(phone, after))
    world.say(phone, "JOIN HOPE", AGREEMENT)
