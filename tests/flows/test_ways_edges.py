"""Each way out of each question is taken by some transcript, and is told in words where tables are drawn."""

from collections.abc import Iterator

import pytest

from sms_service.flows.effects import Begin, Escalate
from sms_service.flows.engine import begin
from sms_service.flows.listen_for import AnyWords, FirstName
from sms_service.flows.matching import understood
from sms_service.flows.place import Place
from sms_service.flows.registry import FLOWS
from sms_service.flows.steps import After, Again, Answer, Ask, End, Fork, Listen, Step, Tell, hours, minutes
from sms_service.flows.ways import Way, orders, shown_wait, ways
from tests.flows.player import FOLDER, NOW, Recorded, facts_of, recorded, turn


def leaving(place: Place, line: str) -> str:
    """By which way a recorded line leaves the open question: silence, an answer's key, or how often not heard."""
    step = FLOWS[place.flow].steps[place.step]
    assert isinstance(step, Ask | Listen)
    if line.startswith("~ "):
        return "silence"
    answer = understood(step, line[2:], place.slots)
    if answer is None:
        return f"not heard {place.tries + 1}"
    if isinstance(step, Listen):
        return "answer"
    return next(one.key for one in step.answers if one.goto == answer.goto and answer.value in (one.value, one.key))


def taken(conversation: Recorded) -> Iterator[tuple[str, str, str]]:
    """Flow, step and way of every recorded line."""
    facts = facts_of(**conversation.known)
    place, effects = begin(conversation.flow, facts, NOW, slots=conversation.slots, heard=conversation.heard)
    for line in conversation.lines:
        if line.startswith(("> ", "~ ")):
            assert place is not None
            yield place.flow, place.step, leaving(place, line)
            place, effects, facts = turn(place, effects, facts, line, [])


def open_ways() -> Iterator[tuple[str, str, str]]:
    """Flow, step and way of everything a table allows. Words without an end are never misunderstood."""
    for flow in FLOWS.values():
        for name, step in flow.steps.items():
            if isinstance(step, Ask | Listen):
                yield flow.name, name, "silence"
                tries = step.otherwise.times + 1 if isinstance(step.otherwise, Again) else 1
                if not (isinstance(step, Listen) and isinstance(step.parser, AnyWords)):
                    yield from ((flow.name, name, f"not heard {n}") for n in range(1, tries + 1))
            if isinstance(step, Ask):
                yield from ((flow.name, name, answer.key) for answer in step.answers)
            if isinstance(step, Listen):
                yield flow.name, name, "answer"


def test_every_way_out_of_every_question_is_taken_by_some_transcript() -> None:
    played = {way for path in FOLDER.glob("*.txt") for conversation in recorded(path) for way in taken(conversation)}
    assert set(open_ways()) - played == set()


YES = Answer("1", "Yes", "done", yes=True, does=(Escalate("talk"),))
NO = Answer("2", "No", "nothing", no=True)
ASK = Ask(
    "Well?", (YES, NO), Again("Yes or no?", 2, "done"), After(minutes(90), "nothing"), first=(Escalate("concern"),)
)
LISTEN = Listen(FirstName(), "Who?", "done", "nothing", After(hours(2), "later"), first=(Escalate("concern"),))


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        (
            ASK,
            [
                Way("answer", "1 Yes", "done"),
                Way("answer", "2 No", "nothing"),
                Way("otherwise", "not understood 3 times", "done"),
                Way("silence", "silence for 90 min", "nothing"),
            ],
        ),
        (
            LISTEN,
            [
                Way("answer", "an answer", "done"),
                Way("otherwise", "anything else", "nothing"),
                Way("silence", "silence for 2 h", "later"),
            ],
        ),
        (Fork("safe", free="a", kept="b"), [Way("fork", "safe is free", "a"), Way("fork", "safe is kept", "b")]),
        (Tell("Hi.", "done"), [Way("next", "", "done")]),
        (End("Bye.", Escalate("talk"), Begin("menu")), [Way("begin", "", "menu")]),
        (End("Bye."), []),
    ],
)
def test_a_step_tells_every_way_out_in_the_order_it_is_read(step: Step, expected: list[Way]) -> None:
    assert list(ways(step)) == expected


@pytest.mark.parametrize(
    ("minutes_waited", "shown"), [(30, "30 min"), (60, "1 h"), (61, "61 min"), (90, "90 min"), (1200, "20 h")]
)
def test_a_wait_is_told_in_whole_hours_or_in_minutes(minutes_waited: int, shown: str) -> None:
    step = Listen(FirstName(), "Who?", "done", "nothing", After(minutes(minutes_waited), "later"))
    assert shown_wait(step) == shown


def test_the_orders_of_a_step_are_its_own_and_those_of_its_answers() -> None:
    assert orders(ASK) == (Escalate("concern"), Escalate("talk"))
    assert orders(LISTEN) == (Escalate("concern"),)
    assert orders(End("Bye.", Begin("menu"))) == (Begin("menu"),)
    assert orders(Tell("Hi.", "done", Escalate("talk"))) == (Escalate("talk"),)
    assert orders(Fork("safe", free="a", kept="b")) == ()
