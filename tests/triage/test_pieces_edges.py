"""The pieces of patterns one by one: how far each reaches, where it must begin, what it cannot do without."""

import pytest

from sms_service.triage.notation import Notation
from sms_service.triage.pieces import BREAK, LAUGH, Edge, Gap, InOrder, Maybe, Number, OneOf, OneWord, Piece, Words

DIE = OneWord(frozenset(("die", "died")))
NOW = OneWord(frozenset(("now",)))
ANYTHING = Gap(3)


def words(text: str, *commas: int) -> Words:
    return Words(tuple(text.split()), frozenset(commas))


def ends(piece: Piece, text: str, *starts: int) -> set[int]:
    return piece.ends(words(text), starts or (0,))


def test_a_word_is_found_where_it_stands_and_not_past_the_end() -> None:
    assert ends(DIE, "die now die", 0, 1, 2, 3) == {1, 3}


@pytest.mark.parametrize(
    ("token", "fits"), [("8", True), ("17", True), ("7", False), ("18", False), ("x", False), ("1_0", False)]
)
def test_a_number_lies_within_its_bounds(token: str, fits: bool) -> None:
    assert ends(Number(8, 17), token) == ({1} if fits else set())


def test_a_number_of_six_digits_is_no_number() -> None:
    assert ends(Number(0, 10**9), "99999") == {1}
    assert ends(Number(0, 10**9), "999999") == set()
    assert ends(Number(0, 9), "7", 1) == set()


def test_a_gap_holds_none_to_its_most_and_ends_at_a_full_stop() -> None:
    assert ends(Gap(2), "a b c d") == {0, 1, 2}
    assert ends(Gap(0), "a b") == {0}
    assert ends(Gap(9), "a b") == {0, 1, 2}
    assert ends(Gap(9), f"a {BREAK} b") == {0, 1}
    assert ends(Gap(9, frozenset(("not",))), f"a not {BREAK} b") == {0, 1}


@pytest.mark.parametrize(
    ("place", "begins", "over"),
    [(0, True, False), (1, False, True), (2, True, False), (3, False, False), (4, True, True), (5, False, True)],
)
def test_clauses_begin_and_end_at_stops_commas_and_laughs(place: int, begins: bool, over: bool) -> None:
    """`a . b c, lol`: the laugh ends a clause and begins none but where the comma stood."""
    read = words(f"a {BREAK} b c {LAUGH}", 4)
    assert (read.begins_at(place), read.ends_at(place)) == (begins, over)


def test_an_edge_takes_no_word() -> None:
    text = words(f"die now {BREAK} die")
    assert Edge("^").ends(text, (0, 1, 3)) == {0, 3}
    assert Edge("$").ends(text, (1, 2, 4)) == {2, 4}


def test_what_may_be_missing_may_be_there_too() -> None:
    assert ends(Maybe(DIE), "die now") == {0, 1}
    assert ends(Maybe(DIE), "now") == {0}


def test_one_after_the_other_ends_as_soon_as_one_is_missing() -> None:
    assert ends(InOrder((DIE, NOW)), "die now") == {2}
    assert ends(InOrder((DIE, NOW)), "die die") == set()
    assert ends(InOrder(()), "die") == {0}


def test_one_of_many_is_found_by_its_first_word_or_by_trying() -> None:
    either = OneOf([DIE, InOrder((NOW, DIE)), Maybe(NOW)])
    assert ends(either, "die now") == {0, 1}
    assert ends(either, "now die") == {0, 1, 2}
    assert ends(either, "now", 1) == {1}


def test_what_a_pattern_begins_with_is_known_or_anything() -> None:
    assert DIE.first() == frozenset(("die", "died"))
    assert InOrder((DIE, NOW)).first() == frozenset(("die", "died"))
    assert InOrder((Maybe(DIE), NOW)).first() is None
    assert InOrder(()).first() is None
    assert OneOf([DIE, NOW]).first() == frozenset(("die", "died", "now"))
    assert OneOf([DIE, Maybe(NOW)]).first() is None
    assert Gap(1).first() is None


def test_what_a_pattern_cannot_do_without_is_its_rarest_word() -> None:
    common = OneWord(frozenset(("to",)))
    assert InOrder((common, NOW, DIE)).anchor() == frozenset(("die", "died"))
    assert InOrder((ANYTHING, common)).anchor() == frozenset(("to",))
    assert InOrder((ANYTHING, Maybe(DIE))).anchor() is None
    assert OneOf([DIE, NOW]).anchor() == frozenset(("die", "died", "now"))
    assert OneOf([DIE, ANYTHING]).anchor() is None


NOTATION = Notation({"end": ["die", "end it"]})


def read(pattern: str, text: str) -> set[int]:
    return NOTATION.read(pattern).ends(words(text), (0,))


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        ("a ..2 z", "a b c z", {4}),
        ("a ..2 z", "a b c d z", set()),
        ("a ~ z", "a b c d z", {5}),
        ("a ~ z", "a b c d e z", set()),
        ("a ~ z", "a without z", set()),
        ("a / z", f"a {BREAK} z", {3}),
        ("a / z", "a z", {2}),
        ("#5", "5", {1}),
        ("#5", "4", set()),
        ("#5", "6", set()),
        ("#", "99999", {1}),
        ("^ a", "a", {1}),
        ("(a b|c)? d", "a b d", {3}),
        ("(a|b|c)", "c", {1}),
        ("<end> now", "end it now", {3}),
    ],
)
def test_a_pattern_matches_what_it_says(pattern: str, text: str, found: set[int]) -> None:
    assert read(pattern, text) == found
