"""Recall and false alarms on texts written from our own knowledge; no clinician has reviewed them.

Each round was measured once, before the rules were changed for it: crisis recall (English, Spanish) was .81 and .91
in round 1, .82 and .91 in round 2, .88 and .96 in round 3; hard negatives flagged .03 and .02, .03 and .04, .03 and
.10. Round 4 (small) came last and no rule was changed for it: .83 and .87, none flagged. New texts are what the bars
of SAFETY.md are about, and they are not met yet; the bars below, over all rounds, only guard against going back.
"""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from sms_service.triage import assess


class Example(NamedTuple):
    expected: str
    lang: str
    text: str
    round: str


LINES = Path(__file__).with_name("examples.tsv").read_text("utf-8").splitlines()
EXAMPLES = [Example(*line.split("\t")) for line in LINES if not line.startswith("#")]


def share(lang: str, expected: set[str], is_met: Callable[[str], bool]) -> float:
    """The share of examples of these kinds whose level meets the condition."""
    levels = [assess(one.text).level for one in EXAMPLES if one.lang == lang and one.expected in expected]
    return sum(map(is_met, levels)) / len(levels)


@pytest.mark.parametrize(("lang", "bar"), [("en", 0.95), ("es", 0.90)])
def test_crises_are_found(lang: str, bar: float) -> None:
    assert share(lang, {"crisis"}, lambda level: level == "crisis") >= bar


@pytest.mark.parametrize("lang", ["en", "es"])
def test_crises_and_concerns_are_not_passed_over(lang: str) -> None:
    assert share(lang, {"crisis", "concern"}, lambda level: level != "none") >= 0.95


@pytest.mark.parametrize("lang", ["en", "es"])
def test_hard_negatives_are_left_alone(lang: str) -> None:
    assert share(lang, {"none"}, lambda level: level != "none") <= 0.02


@pytest.mark.parametrize("lang", ["en", "es"])
def test_the_past_the_joke_and_the_question_are_never_a_crisis(lang: str) -> None:
    assert share(lang, {"at_most_concern"}, lambda level: level == "crisis") == 0


def test_there_are_enough_examples_to_mean_something() -> None:
    assert len(EXAMPLES) >= 1000
