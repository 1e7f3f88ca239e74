"""Nobody is texted who does not want it, and nobody in need is lost by it (SCENARIOS.md 5-7, 41)."""

from collections.abc import Iterator

import pytest

from tests.outside.world import SAM, World

pytestmark = pytest.mark.outside

OURS, TWILIO_S = "no more texts, and we can't text you back", "successfully been unsubscribed"
OURS_ES = "ya no le escribimos ni podemos contestar"
WELCOME = "welcome back"
TWILIO_WORDS = ("STOP", " stop ", "StopAll", "UNSUBSCRIBE", "cancel", "End", "QUIT", "revoke", "OPTOUT")
"""Twilio acts on these itself and answers; whatever we said after it would not arrive."""
OUR_WORDS = ("Stop.", "stop all", "Opt out", "STOP!", "stop stop", "take me off this list", "Please stop texting me")
SPANISH_WORDS = ("ALTO", "parar.", "Baja", "CANCELAR", "no me manden mas mensajes")


@pytest.fixture(scope="module")
def members(world: World) -> Iterator[str]:
    """Members, each asked every day at 7 pm."""

    def fresh() -> Iterator[str]:
        while True:
            phone = world.phone()
            world.join(phone)
            yield phone

    return fresh()


@pytest.fixture(scope="module")
def member(members: Iterator[str]) -> str:
    """One of them."""
    return next(members)


@pytest.fixture
def ana(world: World, member: str) -> str:
    """The same a few minutes later: more than twenty texts in five minutes get no answer."""
    world.move(minutes=6)
    return member


@pytest.fixture
def advanced(world: World) -> Iterator[None]:
    """Twilio tells us what it has answered (OptOutType)."""
    world.knobs(advanced_opt_out=True)
    yield
    world.knobs(advanced_opt_out=False)


@pytest.mark.parametrize("word", TWILIO_WORDS)
def test_twilio_s_own_words_are_answered_by_twilio_alone(world: World, ana: str, word: str) -> None:
    world.say(ana, "MOOD", "from 0 to 10")
    after = world.mark()
    world.say(ana, word, TWILIO_S)
    world.text(ana, "7")
    world.say(ana, "START", WELCOME)
    assert sum(OURS in text for text in world.got(ana, after)) == 0
    assert "saved" not in " ".join(world.got(ana, after)), "the mood question ended with the stop"


@pytest.mark.parametrize("word", OUR_WORDS)
def test_our_own_words_and_plain_wordings_stop_and_are_confirmed_once(world: World, ana: str, word: str) -> None:
    world.say(ana, "MOOD", "from 0 to 10")
    after = world.mark()
    world.say(ana, word, OURS, "988", "START")
    for words in ("7", "hello", "YES", "JOIN HOPE", "MENU", "stop", "unsubscribe me"):
        world.text(ana, words)
    world.say(ana, "START", WELCOME)
    said = [text for text in world.got(ana, after) if TWILIO_S not in text and "re-subscribed" not in text]
    assert len(said) == 2, said
    world.say(ana, "MOOD 8", "mood 8 saved")


@pytest.mark.parametrize(
    ("before", "state"),
    [
        ((), "nothing said yet"),
        (("JOIN HOPE",), "not therapists"),
        (("JOIN HOPE", "1"), "others read texts"),
        (("JOIN HOPE", "1", "1"), "6 pm"),
        (("HELPLINE",), "what is it about"),
        (("MENU", "4"), "what would you like"),
    ],
)
def test_a_stop_is_heard_in_any_state_and_ends_what_was_asked(
    world: World, before: tuple[str, ...], state: str
) -> None:
    phone = world.phone()
    for words in before:
        world.say(phone, words)
    assert not before or world.until(lambda: state in " ".join(world.got(phone)).lower()), world.got(phone)
    world.say(phone, "opt out", OURS)
    after = world.mark()
    for words in ("1", "2", "yes", "7 pm"):
        world.text(phone, words)
    world.say(phone, "START", WELCOME)
    assert len([text for text in world.got(phone, after) if "re-subscribed" not in text]) == 1, world.got(phone, after)
    world.say(phone, "1", "had not asked")


def test_a_stop_while_resting_ends_the_rest_too(world: World, members: Iterator[str]) -> None:
    phone = next(members)
    world.say(phone, "PAUSE 3", "for the next 3 days")
    world.say(phone, "parar", OURS_ES)
    after = world.mark()
    world.text(phone, "RESUME")
    world.quiet(phone, after, 1.5)
    world.say(phone, "START", WELCOME)


def test_a_stop_in_a_talk_is_told_to_the_volunteer_and_the_talk_stays_open(
    world: World, members: Iterator[str]
) -> None:
    """CONVERSATION.md 26."""
    phone = next(members)
    number = world.open_case(phone)
    world.say(SAM, f"TAKE {number}", f"you have case {number}")
    world.expect(phone, "peer, not a therapist")
    after = world.mark()
    world.text(phone, "opt out")
    world.expect(SAM, "do not arrive", "stays open", after=after)
    world.say(SAM, "are you there?", "do not arrive")
    world.say(phone, "START", WELCOME)
    after = world.mark()
    world.text(SAM, "good that you are back")
    world.expect(phone, "good that you are back", after=after)
    world.close_case(number)


def test_a_stop_in_answer_to_are_you_safe_calls_somebody(world: World, members: Iterator[str]) -> None:
    """Silence after that question is a crisis, and a stop is silence (CONVERSATION.md 24)."""
    phone = next(members)
    world.say(phone, "i can't go on like this, no point in anything", "are you safe right now")
    after = world.mark()
    world.say(phone, "opt out", OURS)
    close(world, world.expect(SAM, "urgent", after=after))


@pytest.mark.parametrize("word", SPANISH_WORDS)
def test_spanish_words_stop_and_are_confirmed_in_spanish(world: World, ana: str, word: str) -> None:
    """An English member who writes Spanish is answered in Spanish (CONVERSATION.md 8)."""
    world.say(ana, word, OURS_ES, "988 y oprima 2", "START")
    world.say(ana, "INICIO", "HOPE")
    world.say(ana, "MOOD 8", "mood 8 saved")


def test_no_mas_stops_and_somebody_looks_in(world: World, members: Iterator[str]) -> None:
    """CONVERSATION.md 7: an opt-out with 988, and a concern; two words more and it is none."""
    phone = next(members)
    after = world.mark()
    world.say(phone, "NO MÁS", OURS_ES, "988")
    close(world, world.expect(SAM, "TAKE", after=after))
    world.say(phone, "START", WELCOME)
    world.say(phone, "ya no puedo más", "a salvo")
    world.say(phone, "1", "help")


@pytest.mark.parametrize("words", ["got to STOP this bill", "i can't stop crying", "don't stop asking me", "bus stop"])
def test_stop_inside_a_sentence_is_no_opt_out(world: World, ana: str, words: str) -> None:
    after = world.mark()
    world.text(ana, words)
    world.say(ana, "MOOD 8", "mood 8 saved")
    assert OURS not in " ".join(world.got(ana, after))


def test_everything_scheduled_is_withheld_until_start(world: World, members: Iterator[str]) -> None:
    """The 7 pm question of two days does not come; after START the next one does."""
    ana, leo, mia = next(members), next(members), next(members)
    world.say(ana, "STOP", TWILIO_S)
    world.say(leo, "alto", OURS_ES)
    stopped = world.mark()
    for day in ("2026-03-05", "2026-03-06"):
        asked_and_answered(world, day, mia)
    assert world.got(ana, stopped) + world.got(leo, stopped) == []
    for phone in (ana, leo):
        world.say(phone, "START", WELCOME)
    asked_and_answered(world, "2026-03-07", ana, leo, mia)


def asked_and_answered(world: World, day: str, *phones: str) -> None:
    """It is 7 pm of this day: these are asked, and say eight."""
    after = world.mark()
    world.set_local(f"{day} 19:00:01")
    for phone in phones:
        world.expect(phone, "from 0 to 10", after=after, within=20)
        world.say(phone, "8", "saved")


def test_a_stop_with_danger_in_it_is_danger_first_and_then_a_stop(world: World, members: Iterator[str]) -> None:
    phone = next(members)
    after = world.mark()
    world.text(phone, "STOP i want to die")
    close(world, world.expect(SAM, "urgent", after=after))
    said = " ".join(world.got(phone, after))
    assert 0 <= said.find("Call or text 988 now") < said.find(OURS), said
    after = world.mark()
    world.text(phone, "MENU")
    world.quiet(phone, after)
    world.say(phone, "START", WELCOME)


@pytest.mark.usefixtures("advanced")
def test_with_opt_out_type_nothing_is_said_twice(world: World, members: Iterator[str]) -> None:
    phone = next(members)
    after = world.mark()
    world.say(phone, "STOP", TWILIO_S)
    world.say(phone, "YES", "re-subscribed")  # Twilio's own opinion; of ours, YES restarts nobody
    for words in ("7", "MENU", "yes please"):
        world.text(phone, words)
    world.say(phone, "HELP", "Reply STOP to unsubscribe")
    world.quiet(phone, world.mark(), 1.5)
    world.say(phone, "START", "re-subscribed")
    world.say(phone, "MOOD 8", "mood 8 saved")
    assert len(world.got(phone, after)) == 5, world.got(phone, after)


@pytest.mark.usefixtures("advanced")
def test_yes_to_the_joining_question_joins_though_twilio_took_it_for_start(world: World) -> None:
    """The text still answers the open question; only the sentence Twilio has sent is left out."""
    phone = world.phone()
    world.say(phone, "JOIN HOPE", "not therapists")
    world.expect(phone, "911")
    after = world.mark()
    world.say(phone, "YES", "others read texts")
    assert WELCOME not in " ".join(world.got(phone, after)).lower()
    world.say(phone, "1", "6 pm")
    world.say(phone, "1", "you are in")


@pytest.mark.usefixtures("advanced")
def test_help_with_opt_out_type_still_names_a_person_and_988(world: World, members: Iterator[str]) -> None:
    phone = next(members)
    after = world.mark()
    world.say(phone, "HELP", "TALK", "988")
    assert "Data rates may apply" not in " ".join(world.got(phone, after))


def test_a_send_refused_with_21610_marks_the_person_and_shows_and_is_not_tried_again(
    world: World, members: Iterator[str]
) -> None:
    phone = next(members)
    world.knobs(undeliverable={phone: 21610})
    after = world.mark()
    world.text(phone, "MENU")
    refused = world.until(lambda: [line for line in world.log(after) if line["error_code"] == 21610])
    assert [line["handset"] for line in refused] == [phone]
    told = world.until(lambda: "21610" in world.board() and "Stopped or out of reach" in world.board())
    assert told, world.board()
    world.knobs(undeliverable={})
    world.text(phone, "MENU")
    world.move(minutes=30)
    world.quiet(phone, after)
    world.set_local("2026-03-08 19:00:01")
    world.quiet(phone, after)
    assert len([line for line in world.log(after) if line["handset"] == phone and line["error_code"]]) == 1
    world.say(phone, "START", WELCOME)
    world.say(phone, "MOOD 8", "mood 8 saved")


def test_a_stopped_person_in_danger_is_answered_and_somebody_is_paged(world: World, members: Iterator[str]) -> None:
    """STOP stops our texts, not our care (CONVERSATION.md 1, 26)."""
    phone = next(members)
    world.say(phone, "take me off this list", OURS)
    after = world.mark()
    world.say(phone, "i am going to kill myself tonight", "988")
    close(world, world.expect(SAM, "urgent", after=after))


def close(world: World, page: str) -> None:
    """Somebody takes the case of this page and closes it."""
    world.close_case_taken(int(page.split("TAKE ")[1].split(maxsplit=1)[0]))
