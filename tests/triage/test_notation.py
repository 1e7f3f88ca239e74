"""The notation rules are written in."""

import pytest

from sms_service.triage.notation import Notation
from sms_service.triage.pieces import BREAK, Words

NOTATION = Notation({"end": ["die", "end it <all>"], "all": ["all", "everything"]})


def ends(pattern: str, text: str, commas: frozenset[int] = frozenset()) -> set[int]:
    return NOTATION.read(pattern).ends(Words(tuple(text.split()), commas), (0,))


def test_a_list_may_hold_patterns_and_other_lists() -> None:
    assert ends("i <end>", "i end it everything") == {4}
    assert ends("i <end>", "i die") == {2}


def test_an_optional_piece_may_be_missing() -> None:
    assert ends("i really? (so much)? care", "i care") == {2}
    assert ends("i really? (so much)? care", "i really so much care") == {5}


def test_a_gap_stays_within_its_sentence_and_its_length() -> None:
    assert ends("a .. z", "a b c d z") == {5}
    assert ends("a .. z", "a b c d e z") == set()
    assert ends("a .. z", f"a {BREAK} z") == set()


def test_a_gap_may_refuse_a_not() -> None:
    assert ends("a ~4 z", "a b z") == {3}
    assert ends("a ~4 z", "a not z") == set()


def test_edges_are_sentence_ends_commas_and_laughs() -> None:
    assert ends("jump $", "jump") == {1}
    assert ends("jump $", "jump lol") == {1}
    assert ends("jump $", "jump in") == set()
    assert ends("jump $", "jump in", frozenset((1,))) == {1}


def test_numbers_have_a_range() -> None:
    assert ends("im #8-17", "im 15") == {2}
    assert ends("im #8-17", "im 18") == set()


@pytest.mark.parametrize("broken", ["a (b", "a )", "<nowhere>", "a | ", "? a", "a & b"])
def test_a_pattern_that_does_not_read_is_named(broken: str) -> None:
    with pytest.raises(ValueError, match=r" in | for "):
        NOTATION.read(broken)
