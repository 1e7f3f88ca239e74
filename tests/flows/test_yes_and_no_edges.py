"""Which answer a plain yes or no is, for every question there is (CONVERSATION.md 5)."""

from collections.abc import Iterator

import pytest

from sms_service.flows.matching import understood
from sms_service.flows.registry import FLOWS
from sms_service.flows.steps import Ask

MEANT = {
    "join.agree": ("safe", "declined"),
    "join.safe": ("done_after", "hour"),
    "check_in.middle": ("", "fine"),
    "check_in.person_offer": ("person", "not_now"),
    "late_mood.middle": ("", "fine"),
    "late_mood.person_offer": ("person", "not_now"),
    "leave_talk.ask": ("leave", "stay"),
    "referral_check.ask": ("through", "offer"),
    "referral_check.offer": ("person", "not_now"),
    "safe_now.ask": ("safe", "danger"),
    "concern.person_offer": ("person", "not_now"),
    "violence.ask": ("lines", "silent"),
    "are_you_ok.ask": ("fine", "not_fine"),
    "quiet.ask": ("after", "free"),
    "leave.ask": ("left", "stay"),
    "delete_me.ask": ("deleted", "kept"),
    "held_late.ask": ("send", "kept"),
    "outcome.ask": ("saved", ""),
    "outcome.once_more": ("saved", ""),
}
"""Where yes and no lead; "" is not understood, and neither is at any question that is not here."""


def questions() -> Iterator[tuple[str, Ask]]:
    """Every question with closed choices, by flow and step."""
    for flow in FLOWS.values():
        for name, step in flow.steps.items():
            if isinstance(step, Ask):
                yield f"{flow.name}.{name}", step


def leads(step: Ask, text: str) -> str:
    """The step that a text leads to as an answer, or ""."""
    answer = understood(step, text, {})
    return answer.goto if answer else ""


@pytest.mark.parametrize(("name", "step"), [*questions()], ids=[name for name, _step in questions()])
def test_yes_and_no_are_answers_only_where_they_can_be_nothing_else(name: str, step: Ask) -> None:
    expected = MEANT.get(name, ("", ""))
    for yes, no in (("yes", "no"), ("Yep!", "nope"), ("sí", "No."), ("👍", "👎")):
        assert (leads(step, yes), leads(step, no)) == expected


def test_every_question_named_here_is_asked() -> None:
    assert set(MEANT) <= {name for name, _step in questions()}


@pytest.mark.parametrize(("name", "step"), [*questions()], ids=[name for name, _step in questions()])
def test_every_choice_is_met_by_its_digit_its_word_and_its_label(name: str, step: Ask) -> None:
    """Digit and number word choose the same; no key beyond the last is an answer."""
    words = ("zero", "one", "two", "three", "four", "five", "six")
    for place, answer in enumerate(step.answers, 1):
        assert answer.key == str(place)
        assert leads(step, f"{place}.") == leads(step, words[place]) == leads(step, answer.label) == answer.goto
    assert leads(step, str(len(step.answers) + 1)) == leads(step, "0") == ""
