"""Somebody is not well: who is paged, when, and what the member hears meanwhile (SCENARIOS.md 14 to 16, 31)."""

from functools import partial
from threading import Barrier, Thread

import pytest

from tests.outside.behind import kill, number_in, part, rows
from tests.outside.world import CARMEN, LINE, NIGHT, RUTH, SAM, World

pytestmark = pytest.mark.outside
NOOR, TOM = "+12025550219", "+12025550218"
NOTHING_WRONG: dict[str, int] = {}


def pages(world: World, phone: str, number: int, after: int) -> list[str]:
    """The pages about this case that arrived here."""
    return [body for body in world.got(phone, after) if f"TAKE {number}" in body]


def take_and_close(world: World, number: int, volunteer: str = SAM, line: str = LINE) -> None:
    """This volunteer takes the case and closes it."""
    world.say(volunteer, f"TAKE {number}", f"you have case {number}", to=line)
    world.say(volunteer, f"DONE {number}", f"case {number}", to=line)
    world.say(volunteer, "1", "saved", to=line)


def test_an_overdose_in_the_middle_of_a_check_in_is_answered_and_paged_and_the_question_waits(world: World) -> None:
    """14: 911 first, the page at the same time, and the mood asked before is still open."""
    ana = world.phone()
    world.join(ana)
    world.say(ana, "MOOD", "0 to 10")
    after = world.mark()
    number = world.open_case(ana, "i took all my pills")
    first = world.expect(ana, "911", after=after)
    assert first.startswith("Call 911 now")
    assert "?" not in first.replace("Can't call?", ""), "no question of ours"
    assert number_in(world.got(SAM, after)[0]) == number
    world.say(ana, "7", "mood 7 saved")
    take_and_close(world, number)


def test_an_overdose_while_joining_leaves_the_agreement_open(world: World) -> None:
    """14: at any moment, also before somebody is a member."""
    ben = world.phone()
    world.say(ben, "JOIN HOPE", "not therapists")
    number = world.open_case(ben, "i took all my pills")
    world.expect(ben, "call 911 now")
    world.say(ben, "1", "others read texts")
    take_and_close(world, number)


def test_a_crisis_nobody_answers_climbs_its_ladder_though_the_ticker_dies(world: World) -> None:
    """15: second volunteer at 2, supervisor at 4, member at 5, supervisors at 8, D at 15, everybody at 23."""
    cat = world.phone()
    after = world.mark()
    number = world.open_case(cat, "i want to die")
    world.expect(cat, "988", "asking a volunteer", after=after)

    def paged(phone: str, times: int) -> bool:
        return bool(world.until(lambda: len(pages(world, phone, number, after)) == times))

    kill(world, "ticker")
    world.move(minutes=2)
    assert paged(CARMEN, 1)
    assert not pages(world, RUTH, number, after)
    world.move(minutes=2)
    assert paged(RUTH, 1)
    kill(world, "ticker")
    world.move(minutes=1)
    world.expect(cat, "still trying", "988", after=after)
    world.move(minutes=3)
    assert paged(RUTH, 2)
    world.move(minutes=7)
    world.expect(cat, "have not reached anyone", "988", "tomorrow", after=after)
    assert world.until(lambda: rows(world, "SELECT id FROM cases WHERE case_no = ? AND incident_at > 0", number))
    assert [len(pages(world, phone, number, after)) for phone in (SAM, CARMEN, RUTH)] == [1, 1, 2]
    world.move(minutes=8)
    assert paged(SAM, 2)
    assert paged(CARMEN, 2)
    assert len(world.got(cat, after)) == 3, "A, C and D, each once"
    assert part(world, "ticker")
    take_and_close(world, number, CARMEN)


def test_of_two_who_take_at_the_same_instant_one_owns_it_and_the_other_is_told_who(world: World) -> None:
    """16."""
    dot = world.phone()
    number = world.open_case(dot, "i want to die")
    after = world.mark()
    world.move(minutes=2)
    world.expect(CARMEN, f"TAKE {number}", after=after)
    after, both = world.mark(), Barrier(2)

    def take(volunteer: str) -> None:
        both.wait(5)
        world.text(volunteer, f"TAKE {number}")

    threads = [Thread(target=take, args=(volunteer,)) for volunteer in (SAM, CARMEN)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    answers = world.until(lambda: _both_answered(world, after))
    assert answers, (world.got(SAM, after), world.got(CARMEN, after))
    winner = SAM if f"You have case {number}" in answers[SAM] else CARMEN
    loser, name = (CARMEN, "Sam") if winner == SAM else (SAM, "Carmen")
    assert f"Case {number}: {name} has it" in answers[loser]
    world.expect(dot, f"{name} from our group", after=after)
    greetings = [body for body in world.got(dot, after) if "from our group" in body]
    assert len(greetings) == 1
    world.close_case(number, winner)


def _both_answered(world: World, after: int) -> dict[str, str] | None:
    got = {phone: " ".join(world.got(phone, after)) for phone in (SAM, CARMEN)}
    return got if all(got.values()) else None


def test_a_page_that_cannot_arrive_goes_to_the_next_person_at_once(world: World) -> None:
    """A phone that is off (30003) costs no minute, and its later tries push nobody else."""
    eva = world.phone()
    after = world.mark()
    world.knobs(undeliverable={SAM: 30003})
    world.text(eva, "i want to die")
    number = number_in(world.expect(CARMEN, "Reply TAKE", after=after))
    for tries in (2, 3):
        world.move(seconds=6)
        assert world.until(partial(_failed, world, SAM, after, tries))
    world.knobs(undeliverable=NOTHING_WRONG)
    world.say(CARMEN, f"TAKE {number}", "you have case")
    assert world.got(RUTH, after) == []
    world.close_case(number, CARMEN)


def test_when_no_phone_can_be_paged_the_member_is_told_so_at_once(world: World) -> None:
    """Everybody's carrier refuses (30007): D within seconds, an incident, and 988 in it."""
    fin = world.phone()
    after = world.mark()
    world.knobs(undeliverable=dict.fromkeys((SAM, CARMEN, RUTH), 30007))
    world.text(fin, "i want to die")
    world.expect(fin, "have not reached anyone", "988", after=after)
    world.knobs(undeliverable=NOTHING_WRONG)
    after = world.mark()
    world.move(minutes=16)
    number = number_in(world.expect(SAM, "still waiting", after=after))
    take_and_close(world, number)


def _failed(world: World, phone: str, after: int, times: int) -> bool:
    lines = (line for line in world.log(after) if line["handset"] == phone)
    return len([line["sid"] for line in lines if line["state"] in ("undelivered", "failed")]) == times


def test_a_talk_that_everybody_passes_gets_choices_at_once_and_a_crisis_later_is_paged_anew(world: World) -> None:
    """PASS needs no reason, goes on at once, and counts for this need alone."""
    gil = world.phone()
    number = world.open_case(gil, "TALK")
    for volunteer, following in ((SAM, CARMEN), (CARMEN, RUTH)):
        after = world.mark()
        world.say(volunteer, f"PASS {number}", "passed on")
        world.expect(following, f"TAKE {number}", after=after)
    after = world.mark()
    world.say(RUTH, f"PASS {number}", "passed on")
    world.expect(gil, "988", "leave a note", after=after)
    after = world.mark()
    world.text(gil, "i want to kill myself tonight")
    world.expect(gil, "988", after=after)
    world.expect(SAM, f"TAKE {number}", after=after)
    take_and_close(world, number)


def test_at_night_the_supervisor_is_paged_and_d_is_said_when_the_last_refuses(world: World) -> None:
    """31: nothing that is said promises a volunteer."""
    hal = world.phone()
    start = world.mark()
    world.say(hal, "i want to die", "no volunteer is on now", "988", "911", to=NIGHT)
    number = number_in(world.expect(NOOR, "NIGHT", "urgent", after=start))
    world.say(NOOR, f"PASS {number}", "passed on", to=NIGHT)
    world.expect(TOM, f"TAKE {number}", after=start)
    world.say(TOM, f"PASS {number}", "passed on", to=NIGHT)
    world.expect(hal, "have not reached anyone", "988", after=start)
    found = rows(world, "SELECT incident_at FROM cases WHERE staffed = 0 AND case_no = ?", number)
    assert found[-1][0], "an incident from then on"
    after = world.mark()
    world.move(minutes=16)
    world.expect(NOOR, "still waiting", after=after)
    world.expect(TOM, "still waiting", after=after)
    take_and_close(world, number, NOOR, NIGHT)
    heard = " ".join(world.got(hal, start))
    assert heard.count("have not reached anyone") == 1
    assert "asking a volunteer" not in heard
    assert "asking the next volunteer" not in heard


def test_at_night_nobody_answers(world: World) -> None:
    """14, second column: the other supervisor at 2, all at 4, D at 15, and no "still trying" before."""
    ida = world.phone()
    start = world.mark()
    world.say(ida, "i want to die", "no volunteer is on now", to=NIGHT)
    number = number_in(world.expect(NOOR, "Reply TAKE", after=start))
    assert pages(world, TOM, number, start) == []
    world.move(minutes=2)
    world.expect(TOM, f"TAKE {number}", after=start)
    world.move(minutes=2)
    assert world.until(lambda: len(pages(world, NOOR, number, start)) == len(pages(world, TOM, number, start)) == 2)
    world.move(minutes=11)
    world.expect(ida, "have not reached anyone", after=start)
    assert len(world.got(ida, start)) == 2, "B and D"
    take_and_close(world, number, TOM, NIGHT)
