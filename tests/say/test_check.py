"""`flows check`: clean on the project's own flows, and each rule sees the flaw it is for."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from sms_service.flows.effects import Begin, Do, Save
from sms_service.flows.listen_for import AnyWords
from sms_service.flows.registry import FLOWS
from sms_service.flows.steps import (
    After,
    Again,
    Answer,
    Ask,
    DoWith,
    End,
    Flow,
    Fork,
    Keep,
    Listen,
    Notice,
    Step,
    Tell,
    hours,
)
from sms_service.say.check import CHECKS, check_flows
from sms_service.say.problem import Problem

LATER = After(hours(1), "end")


def test_the_projects_own_flows_have_no_problem() -> None:
    assert [str(problem) for problem in check_flows()] == []


def found(rule: str, flow: str, **steps: Step) -> list[Problem]:
    """What one rule says of a real flow with steps added or replaced."""
    changed = {**FLOWS, flow: replace(FLOWS[flow], steps={**FLOWS[flow].steps, **steps})}
    return list(CHECKS[rule](changed))


def mood(**changes: object) -> Step:
    step = FLOWS["check_in"].steps["mood"]
    assert isinstance(step, Listen)
    return replace(step, **changes)  # type: ignore[arg-type]


def low(**changes: object) -> Step:
    step = FLOWS["check_in"].steps["low"]
    assert isinstance(step, Ask)
    return replace(step, **changes)  # type: ignore[arg-type]


LEADS_NOWHERE: Mapping[str, Step] = {
    "an answer": mood(goto="nowhere"),
    "words": mood(otherwise="nowhere"),
    "words twice": mood(otherwise=Again("Again?", 1, "nowhere")),
    "silence": mood(silence=After(hours(1), "nowhere")),
    "a fork": Fork("on_call", yes="nowhere", no="low"),
    "a word on the way": Tell("Hm.", "nowhere"),
    "a notice": End(Notice("nowhere")),
}


@pytest.mark.parametrize("why", LEADS_NOWHERE)
def test_a_way_that_leads_nowhere_is_seen(why: str) -> None:
    problems = found("dangling", "check_in", mood=LEADS_NOWHERE[why])
    assert [problem.where for problem in problems] == ["check_in.mood"]


def test_a_renaming_to_nothing_and_a_start_at_nothing_are_seen() -> None:
    flow = replace(FLOWS["idea"], start="nowhere", renamed={"old": "nowhere"})
    assert len(list(CHECKS["dangling"]({"idea": flow}))) == 2


def test_a_fork_that_forgets_a_branch_or_knows_no_fact_is_seen() -> None:
    assert found("forks", "check_in", weigh=Fork("mood_band", low="low", high="high"))
    assert found("forks", "check_in", weigh=Fork("weather", sun="low"))


def test_a_step_nobody_comes_to_is_seen() -> None:
    assert [problem.where for problem in found("unreachable", "check_in", island=End("Hi."))] == ["check_in.island"]


def test_a_step_nobody_leaves_is_seen() -> None:
    trap = Ask("Again?", (Answer("1", "Yes", "trap"),), otherwise="trap", silence=After(hours(1), "trap"))
    rules = [problem.what for problem in found("trapping", "check_in", trap=trap)]
    assert rules == ["no end can be reached from here", "silence goes in a circle"]


def test_a_circle_that_never_waits_is_seen() -> None:
    problems = found("trapping", "check_in", weigh=Tell("Hm.", "round"), round=Tell("", "weigh"))
    assert {problem.where for problem in problems if "never waits" in problem.what} == {
        "check_in.weigh",
        "check_in.round",
    }


@pytest.mark.parametrize(
    "answers",
    [
        (Answer("1", "A person", "person"), Answer("3", "An idea", "idea")),
        (Answer("1", "A person", "person", words=("help me",)), Answer("2", "An idea", "idea", es=("Help me!",))),
        (Answer("1", "A person", "person", yes=True), Answer("2", "An idea", "idea", yes=True)),
        (Answer("1", "A person", "person"), Answer("2", "3", "idea"), Answer("3", "A helpline", "helpline")),
    ],
)
def test_an_answer_that_means_two_is_seen(answers: tuple[Answer, ...]) -> None:
    assert found("ambiguous", "check_in", low=low(answers=answers))


@pytest.mark.parametrize("words", ["stop", "Cancel", "HELP", "baja"])
def test_an_answer_by_a_reserved_word_is_seen(words: str) -> None:
    answers = (Answer("1", "A person", "person", words=(words,)),)
    assert found("reserved", "check_in", low=low(answers=answers))


def test_an_answer_without_a_digit_is_seen() -> None:
    assert found("reserved", "check_in", low=low(answers=(Answer("y", "A person", "person"),)))


@pytest.mark.parametrize(
    "end",
    [
        End("", Save("shoe_size", 9)),
        End("", Do("dance")),
        End("", DoWith("join", "nothing")),
        End("", Keep("mood", "x")),
    ],
)
def test_an_order_nobody_carries_out_is_seen(end: End) -> None:
    assert [problem.where for problem in found("orders", "check_in", rest=end)] == ["check_in.rest"]


def test_an_answer_saved_under_an_unknown_name_is_seen() -> None:
    assert found("orders", "check_in", mood=mood(save="shoe_size"))


@pytest.mark.parametrize(
    "end", [End("", Begin("no_such_flow")), End("", Begin("helpline", {"mood": 1})), Tell("", "rest", Begin("menu"))]
)
def test_a_flow_begun_wrongly_is_seen(end: Step) -> None:
    assert [problem.where for problem in found("begins", "check_in", idea=end)] == ["check_in.idea"]


def test_a_placeholder_nothing_fills_is_seen() -> None:
    problems = found("placeholders", "check_in", high=End("{mood} and {weather}"))
    assert {problem.what for problem in problems} == {"nothing fills {weather}", "{weather} has no longest value"}


def test_missing_stale_and_left_over_words_are_seen() -> None:
    problems = found("translated", "check_in", high=End("Mood {mood}. New words."), low=End("Bye."), extra=End("Hi."))
    said = {(problem.where, problem.what.split(":")[0]) for problem in problems}
    assert ("check_in.high.say", "is stale") in said
    assert ("check_in.extra.say", "is missing") in said
    assert ("check_in.low.1", "is a translation of nothing") in said
    assert ("check_in.low.say", "has other placeholders") in said


def test_a_translation_that_loses_988_is_seen() -> None:
    assert found("lifelines", "check_in", high=End("Call 988 now."))


def test_a_reply_of_three_parts_is_seen_and_an_unprompted_one_of_two() -> None:
    long = "A long word of comfort. " * 7
    assert not found("segments", "check_in", high=End(long.strip()))
    assert found("segments", "check_in", high=End(long * 3))
    assert found("segments", "check_in", mood=mood(text=long))
    assert found("segments", "check_in", rest=End(long))


def test_a_flow_in_hard_words_is_seen() -> None:
    hard = Listen(
        AnyWords(),
        "Institutional prerequisites necessitate comprehensive psychological documentation.",
        goto="end",
        otherwise="end",
        silence=LATER,
    )
    flow = Flow("idea", start="any", steps={"any": hard})
    assert [problem.where for problem in CHECKS["reading"]({"idea": flow}) if problem.lang == "en"] == ["idea"]


@pytest.mark.parametrize(
    "words", ["He committed suicide.", "A failed day.", "Text PRIDE to us.", "For more, press 3.", "A false alarm."]
)
def test_words_that_hurt_are_seen(words: str) -> None:
    assert [problem.lang for problem in found("kind", "check_in", extra=End(words))] == ["en", "es"]


def test_a_long_sentence_is_seen() -> None:
    fifteen = " ".join(["word"] * 15)
    assert not found("sentences", "check_in", extra=End(f"{fifteen}. {fifteen}."))
    assert found("sentences", "check_in", extra=End(f"{fifteen} word."))


def test_telling_words_are_seen_where_a_text_comes_unasked_only() -> None:
    assert found("discreet", "check_in", rest=End("We are a crisis line."))
    assert not found("discreet", "check_in", fine=End("We are not a crisis line."))


def test_a_problem_reads_as_one_line() -> None:
    assert str(Problem("segments", "a.b.say", "takes 3 parts", "es")) == "a.b.say [es]: takes 3 parts (segments)"
