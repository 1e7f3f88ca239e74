"""A taken case: words both ways, orders and slips, danger inside, volunteers in need (SCENARIOS.md 17, 33-37, 51)."""

import pytest

from tests.outside.behind import number_in, rows
from tests.outside.world import CARMEN, RUTH, SAM, World

pytestmark = pytest.mark.outside
KEPT = """
    SELECT (SELECT count(*) FROM checkins WHERE person_id = people.id),
           (SELECT count(*) FROM memberships WHERE person_id = people.id), state
    FROM people ORDER BY id
"""
"""Of each person, the newest last: moods, groups, state."""


@pytest.fixture(autouse=True)
def _later(world: World) -> None:
    """Each test some minutes after the last: 21 texts of one phone in five minutes may be two machines talking."""
    world.move(minutes=6)


def talk(world: World, words: str = "TALK") -> tuple[str, int]:
    """Somebody new whom Sam talks with: their phone and the case."""
    member = world.phone()
    number = world.open_case(member, words)
    world.say(SAM, f"TAKE {number}", f"you have case {number}")
    world.expect(member, "Sam from our group")
    return member, number


def test_plain_replies_go_both_ways_under_first_names(world: World) -> None:
    """17: masked both ways, a kind close, how did it end."""
    ana, number = talk(world)
    after = world.mark()
    world.text(SAM, "Hi, this is Sam. What is on your mind?")
    assert world.expect(ana, "on your mind", after=after).startswith("Sam: ")
    world.text(ana, "I can't sleep 😔")
    assert f"Friend {number}: I can't sleep 😔" in world.expect(SAM, "sleep", after=after)
    everything = " ".join(world.got(SAM, after) + world.got(ana, after))
    for phone in (ana, SAM):
        assert phone not in everything
        assert phone[-7:] not in everything
    world.say(SAM, f"DONE {number}", "how did it end", "1 reached")
    world.expect(ana, "closed this talk", "thank you", "988", after=after)
    world.say(SAM, "2", "saved")
    after = world.mark()
    world.text(SAM, "are you still there?")
    world.quiet(ana, after)


def test_a_volunteer_with_two_cases_must_name_one(world: World) -> None:
    """17, 51: an unnamed text is held and asked, "7 words" goes directly and does not stick."""
    (ben, first), (cat, second) = talk(world), talk(world)
    after = world.mark()
    world.say(SAM, "how are you?", str(first), str(second), "reply")
    assert world.got(ben, after) == world.got(cat, after) == []
    world.text(SAM, str(second))
    assert world.expect(cat, "how are you?", after=after)
    world.text(SAM, f"{first} take your time")
    assert world.expect(ben, "take your time", after=after) == "Sam: take your time"
    world.say(SAM, "thanks", str(first), str(second), "reply")
    world.text(SAM, str(first))
    world.expect(ben, "Sam: thanks", after=after)
    assert len(world.got(cat, after)) == 1

    after = world.mark()
    world.say(SAM, "done", str(first), str(second))
    world.say(SAM, str(second), 'Send "done" to', f"close {second}")
    assert world.got(cat, after) == []
    world.say(SAM, "close", f"case {second}", "how did it end")
    world.expect(cat, "closed this talk", after=after)
    world.say(SAM, "1", "saved")
    world.close_case(first)


def test_two_volunteers_with_two_cases_each_are_full_and_the_supervisor_is_next(world: World) -> None:
    """20: at the cap the next rung is tried at once."""
    (dot, first), (eva, second) = talk(world), talk(world)
    others = []
    for _ in range(2):
        member, after = world.phone(), world.mark()
        world.text(member, "TALK")
        others.append(number_in(world.expect(CARMEN, "Reply TAKE", after=after)))
        world.say(CARMEN, f"TAKE {others[-1]}", "you have case")
        world.expect(member, "Carmen from our group", after=after)
    fin, after = world.phone(), world.mark()
    world.text(fin, "TALK")
    number = number_in(world.expect(RUTH, "Reply TAKE", after=after))
    world.say(RUTH, f"TAKE {number}", "you have case")
    world.text(dot, "hello")
    world.expect(SAM, f"Friend {first}: hello", after=after)
    world.text(eva, "hello too")
    world.expect(SAM, f"Friend {second}: hello too", after=after)
    for done, owner in ((first, SAM), (second, SAM), (others[0], CARMEN), (others[1], CARMEN), (number, RUTH)):
        world.close_case(done, owner)


def test_inside_a_talk_keywords_and_digits_go_to_the_volunteer_and_menu_asks(world: World) -> None:
    """36."""
    gil, number = talk(world)
    for words in ("MEETINGS", "2", "MOOD 3"):
        after = world.mark()
        world.text(gil, words)
        world.expect(SAM, f"{number}: {words}", after=after)
        assert world.got(gil, after) == []
    world.say(gil, "MENU", "leave your talk with Sam", "1 leave", "2 stay")
    world.say(gil, "2", "Sam still reads")
    world.say(gil, "menu", "leave your talk")
    after = world.mark()
    world.text(gil, "1")
    world.expect(SAM, f"{number} left the talk", after=after)
    world.expect(gil, "988", after=after)
    world.say(SAM, "where are you?", "")
    assert "where are you?" not in " ".join(world.got(gil, after))


def test_slips_of_a_volunteer_are_held_and_good_night_is_relayed(world: World) -> None:
    """37: "Take 5", "done", "ok off to bed"."""
    hal, number = talk(world)
    after = world.mark()
    world.say(SAM, "Take 5", 'send "Take 5" to', f"close {number}")
    assert world.got(hal, after) == []
    world.text(SAM, "1")
    world.expect(hal, "Sam: Take 5", after=after)
    after = world.mark()
    world.text(SAM, "ok off to bed")
    world.expect(hal, "Sam: ok off to bed", after=after)
    world.say(SAM, "done", 'send "done" to', f"close {number}")
    assert len(world.got(hal, after)) == 1
    world.say(SAM, "2", f"case {number}", "how did it end")
    world.expect(hal, "closed this talk", after=after)
    world.say(SAM, "1", "saved")


def test_danger_inside_a_live_talk_is_the_volunteers_to_answer(world: World) -> None:
    """33: relayed and flagged, no automatic text; a rise tells a supervisor once; an overdose brings OD once."""
    ida, number = talk(world)
    after = world.mark()
    world.text(SAM, "I am here")
    world.expect(ida, "Sam: I am here", after=after)
    after = world.mark()
    for words in ("i want to die", "i just want to die", "i really want to die"):
        world.text(ida, words)
        world.expect(SAM, f"{number}: {words}", after=after)
    assert len([body for body in world.got(SAM, after) if "reads as danger" in body]) == 3
    assert f"case {number} is more urgent" in world.expect(RUTH, "urgent", after=after)
    assert len(world.got(RUTH, after)) == 1
    assert world.got(ida, after) == []
    for words in ("i took all my pills", "i swallowed the whole bottle of pills"):
        world.text(ida, words)
        world.expect(SAM, f"{number}: {words}", after=after)
    world.expect(ida, "Call 911 now", after=after)
    assert len(world.got(ida, after)) == 1
    world.close_case(number)


def test_a_volunteer_may_ask_about_suicide_but_is_asked_when_it_sounds_like_themself(world: World) -> None:
    """34: the question is relayed; first-person danger is held; ME hands the case on and calls a supervisor."""
    jan, number = talk(world)
    after = world.mark()
    world.text(SAM, "are you thinking of killing yourself?")
    world.expect(jan, "are you thinking of killing yourself?", after=after)
    after = world.mark()
    world.say(SAM, "i want to die", "is this about you", "text me", f"text {number}", "988")
    assert world.got(jan, after) == []
    world.say(SAM, "ME", "supervisor", "988")
    about_sam = number_in(world.expect(RUTH, "Reply TAKE", after=after))
    assert about_sam != number
    world.expect(jan, "Sam has to go", after=after)
    world.expect(CARMEN, f"TAKE {number}", after=after)
    assert not [body for body in world.got(CARMEN, after) if f"TAKE {about_sam}" in body]
    world.say(CARMEN, f"TAKE {number}", f"you have case {number}")
    world.say(RUTH, f"TAKE {about_sam}", "you have case", "Sam")
    world.close_case(number, CARMEN)
    world.close_case(about_sam, RUTH)
    world.say(SAM, "ON", "on call")


def test_a_crisis_of_a_volunteer_without_a_case_goes_to_supervisors_alone(world: World) -> None:
    """17 of the rules: off the rota, never paged about themself, no peer either."""
    after = world.mark()
    world.say(CARMEN, "i want to kill myself", "supervisor", "988")
    number = number_in(world.expect(RUTH, "Reply TAKE", after=after))
    kim = world.phone()
    world.text(kim, "TALK")
    other = number_in(world.expect(SAM, "Reply TAKE", after=after))
    world.move(minutes=3)
    world.expect(RUTH, f"TAKE {other}", after=after)
    assert not [body for body in world.got(SAM, after) if f"TAKE {number}" in body], "Sam is no supervisor"
    assert len(world.got(CARMEN, after)) == 1, "off the rota: the second volunteer is not asked"
    world.say(RUTH, f"TAKE {number}", "you have case")
    world.close_case(number, RUTH)
    world.say(SAM, f"TAKE {other}", "you have case")
    world.close_case(other)
    world.say(CARMEN, "ON", "on call")


def test_a_volunteer_who_is_a_member_and_alone_on_shift_has_a_supervisor_told(world: World) -> None:
    """35: a low mood of the only volunteer on call is never their own case to take."""
    world.say(CARMEN, "JOIN HOPE", "not therapists")
    world.say(CARMEN, "1", "others read")
    world.say(CARMEN, "1", "6 pm")
    world.say(CARMEN, "7pm", "7 pm")
    world.say(SAM, "OFF", "off call")
    after = world.mark()
    world.say(CARMEN, "MOOD 1", "mood 1 saved")
    number = number_in(world.expect(RUTH, "Reply TAKE", after=after))
    assert not [body for body in world.got(CARMEN, after) if "TAKE" in body]
    world.say(CARMEN, f"TAKE {number}", "not offered")
    world.say(RUTH, f"TAKE {number}", "Carmen")
    world.close_case(number, RUTH)
    world.say(SAM, "ON", "on call")


def test_a_volunteer_who_stops_is_off_the_rota_and_the_case_goes_on(world: World) -> None:
    """29: ALTO is not one of Twilio's words, so that VSTOP arrives; START, then ON, brings them back."""
    lou, number = talk(world)
    after = world.mark()
    world.say(SAM, "alto", str(number), "START", "ON")
    world.expect(lou, "Sam has to go", after=after)
    world.expect(CARMEN, f"TAKE {number}", after=after)
    world.say(CARMEN, f"TAKE {number}", f"you have case {number}", "TALK")
    world.close_case(number, CARMEN)
    after = world.mark()
    mia = world.phone()
    world.text(mia, "TALK")
    other = number_in(world.expect(CARMEN, "Reply TAKE", after=after))
    assert world.got(SAM, after) == []
    world.say(SAM, "START", "welcome back")
    world.say(SAM, "ON", "on call")
    world.say(CARMEN, f"TAKE {other}", "you have case")
    world.close_case(other, CARMEN)


def test_where_others_read_the_phone_the_first_human_line_gives_nothing_away(world: World) -> None:
    """23: violence at home goes to a supervisor; nothing but "good time to write?", no close, no second text."""
    nia = world.phone()
    after = world.mark()
    world.text(nia, "my husband is hitting me")
    world.expect(nia, "is it safe to text you", "911", after=after)
    number = number_in(world.expect(RUTH, "Reply TAKE", after=after))
    assert world.got(SAM, after) == []
    after = world.mark()
    world.say(RUTH, f"TAKE {number}", "others may read that phone")
    assert world.expect(nia, "", after=after) == "Hi, it's the group. Good time to write?"
    world.close_case(number, RUTH)
    assert len(world.got(nia, after)) == 1
    eve = world.phone()
    world.text(eve, "my husband is hitting me")
    number = number_in(world.expect(RUTH, "Reply TAKE", after=after))
    world.expect(eve, "is it safe", after=after)
    quiet = world.mark()
    world.move(minutes=16)
    world.expect(RUTH, f"TAKE {number}", after=quiet)
    assert world.got(eve, quiet) == []
    world.say(RUTH, f"TAKE {number}", "you have case")
    world.close_case(number, RUTH)


def test_delete_me_during_an_open_case_is_done_when_it_closes(world: World) -> None:
    """26: DELETE ME asks once; an open case ends first."""
    ola = world.phone()
    world.join(ola)
    world.say(ola, "MOOD 8", "mood 8 saved")
    number = world.open_case(ola, "TALK")
    world.say(ola, "DELETE ME", "delete all")
    world.say(ola, "1", "when that ends")
    assert rows(world, KEPT)[-1] == (1, 1, "active")
    world.say(SAM, f"TAKE {number}", "you have case")
    after = world.mark()
    world.close_case(number)
    world.expect(ola, "all we kept about you is deleted", after=after)
    assert rows(world, KEPT)[-1] == (0, 0, "left")
