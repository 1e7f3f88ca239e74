"""Whatever is typed: an answer, the same answer, and bounded work."""

import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sms_service.triage import assess
from sms_service.triage.pieces import Words
from sms_service.triage.rulebook import Index
from sms_service.triage.verdict import FAMILIES, GRAVITY

SHARDS = [
    "i",
    "want",
    "to",
    "die",
    "not",
    "kill",
    "myself",
    "my",
    "pills",
    "took",
    "all",
    "he",
    "hit",
    "me",
    ".",
    ",",
    "lol",
    "no",
    "quiero",
    "15",
    "😂",
    "\0",
    "\u202e",
    "ñ",
    "k1ll",
]
texts = st.one_of(st.text(max_size=1600), st.lists(st.sampled_from(SHARDS), max_size=60).map(" ".join))


@settings(deadline=None, max_examples=300)
@given(texts, st.lists(texts, max_size=3))
def test_any_text_gets_one_sound_verdict_and_always_the_same(text: str, earlier: list[str]) -> None:
    verdict = assess(text, earlier)
    assert verdict.level in GRAVITY
    assert (verdict.family in FAMILIES) == (verdict.level != "none") == bool(verdict.rule)
    assert verdict == assess(text, tuple(earlier))


@settings(deadline=None, max_examples=150)
@given(texts, st.lists(texts, max_size=3))
def test_earlier_texts_only_ever_raise(text: str, earlier: list[str]) -> None:
    assert GRAVITY[assess(text, earlier).level] >= GRAVITY[assess(text).level]


@settings(deadline=None, max_examples=150)
@given(st.text(alphabet=st.characters(blacklist_categories=["L", "N"]), max_size=40))
def test_punctuation_around_an_overdose_hides_nothing(noise: str) -> None:
    assert assess(f"{noise} i took all my pills {noise}").level == "crisis"


@pytest.mark.parametrize(
    "shard",
    ["i want to ", "not i am going to ", "k i l l ", "a" * 50, "((((", "i.", "no quiero ", "he hit me ", "!1!1!1"],
)
def test_ten_thousand_characters_cost_calls_in_proportion(shard: str) -> None:
    """Twice the text is about twice the work: nothing backtracks."""
    half, whole = (calls_made(shard * (size // len(shard))) for size in (5_000, 10_000))
    assert whole <= 2.3 * half + 1_000


def calls_made(text: str) -> int:
    """How many Python calls judging the text takes: work, not time."""
    calls = 0

    def count(_frame: object, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event == "call"

    sys.setprofile(count)
    try:
        assess(text)
    finally:
        sys.setprofile(None)
    return calls


def test_the_index_finds_nothing_where_there_are_no_rules() -> None:
    assert list(Index([]).find(Words(("i", "want")))) == []
