"""What patterns are made of, matched over words instead of characters.

Matching moves a set of positions along, so its cost is bounded by words x pattern and nothing can backtrack.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

BREAK = "."
"""The token that stands for the end of a sentence; no pattern crosses it."""
LAUGH = "lol"
"""The token that every way of laughing becomes."""


@dataclass(frozen=True, slots=True)
class Words:
    """A text as matched: plain words in order, BREAK between sentences, and where commas stood."""

    tokens: tuple[str, ...]
    commas: frozenset[int] = frozenset()

    def ends_at(self, place: int) -> bool:
        """Whether a clause is over before the word at `place`."""
        return place >= len(self.tokens) or place in self.commas or self.tokens[place] in (BREAK, LAUGH)

    def begins_at(self, place: int) -> bool:
        """Whether a clause begins with the word at `place`."""
        return place == 0 or place in self.commas or self.tokens[place - 1] == BREAK


class Piece(ABC):
    """A piece of a pattern; the defaults are those of a piece of which nothing is certain."""

    __slots__ = ()

    @abstractmethod
    def ends(self, words: Words, starts: Iterable[int]) -> set[int]:
        """Every place the piece can end when begun at one of `starts`."""

    def anchor(self) -> frozenset[str] | None:
        """Words of which one must stand in the text for a match; None when nothing is certain."""
        return None

    def first(self) -> frozenset[str] | None:
        """Words it can begin with; None when that may be anything."""
        return None


@dataclass(frozen=True, slots=True)
class OneWord(Piece):
    """Exactly one word out of these."""

    these: frozenset[str]

    def ends(self, words: Words, starts: Iterable[int]) -> set[int]:
        tokens, size = words.tokens, len(words.tokens)
        return {at + 1 for at in starts if at < size and tokens[at] in self.these}

    def anchor(self) -> frozenset[str] | None:
        return self.these

    def first(self) -> frozenset[str] | None:
        return self.these


@dataclass(frozen=True, slots=True)
class Number(Piece):
    """One number in digits, from `low` to `high`."""

    low: int
    high: int

    def ends(self, words: Words, starts: Iterable[int]) -> set[int]:
        return {at + 1 for at in starts if at < len(words.tokens) and self._holds(words.tokens[at])}

    def _holds(self, token: str) -> bool:
        return token.isdecimal() and len(token) < 6 and self.low <= int(token) <= self.high


@dataclass(frozen=True, slots=True)
class Gap(Piece):
    """Up to `most` words of any kind but the `barred`, within one sentence."""

    most: int
    barred: frozenset[str] = frozenset((BREAK,))

    def ends(self, words: Words, starts: Iterable[int]) -> set[int]:
        reached: set[int] = set()
        for start in starts:
            for at in range(start, min(start + self.most, len(words.tokens)) + 1):
                reached.add(at)
                if at < len(words.tokens) and words.tokens[at] in self.barred:
                    break
        return reached


@dataclass(frozen=True, slots=True)
class Edge(Piece):
    """The start ("^") or the end ("$") of a clause; takes no word."""

    side: str

    def ends(self, words: Words, starts: Iterable[int]) -> set[int]:
        is_edge = words.ends_at if self.side == "$" else words.begins_at
        return {at for at in starts if is_edge(at)}


@dataclass(frozen=True, slots=True)
class Maybe(Piece):
    """The piece, or nothing."""

    piece: Piece

    def ends(self, words: Words, starts: Iterable[int]) -> set[int]:
        return {*starts, *self.piece.ends(words, starts)}


@dataclass(frozen=True, slots=True)
class InOrder(Piece):
    """The pieces one after the other."""

    pieces: tuple[Piece, ...]

    def ends(self, words: Words, starts: Iterable[int]) -> set[int]:
        places = set(starts)
        for piece in self.pieces:
            if not places:
                break
            places = piece.ends(words, places)
        return places

    def anchor(self) -> frozenset[str] | None:
        certain = [found for piece in self.pieces if (found := piece.anchor()) is not None]
        return min(certain, key=_expected_hits, default=None)

    def first(self) -> frozenset[str] | None:
        return self.pieces[0].first() if self.pieces else None


class OneOf(Piece):
    """Any of the pieces; looked up by their first word, so that a long list costs no more than a short one."""

    __slots__ = ("_always", "_anchor", "_by_first", "_first")

    def __init__(self, pieces: Sequence[Piece]) -> None:
        self._by_first: dict[str, list[Piece]] = {}
        self._always = [piece for piece in pieces if piece.first() is None]
        for piece in pieces:
            for word in piece.first() or ():
                self._by_first.setdefault(word, []).append(piece)
        self._first = None if self._always else frozenset(self._by_first)
        self._anchor = _union([piece.anchor() for piece in pieces])

    def ends(self, words: Words, starts: Iterable[int]) -> set[int]:
        reached: set[int] = set()
        for start in starts:
            if start < len(words.tokens):
                for piece in self._by_first.get(words.tokens[start], ()):
                    reached |= piece.ends(words, (start,))
            for piece in self._always:
                reached |= piece.ends(words, (start,))
        return reached

    def anchor(self) -> frozenset[str] | None:
        return self._anchor

    def first(self) -> frozenset[str] | None:
        return self._first


def _union(sets: Iterable[frozenset[str] | None]) -> frozenset[str] | None:
    """All of them together; None as soon as one of them is unknown."""
    together: set[str] = set()
    for each in sets:
        if each is None:
            return None
        together |= each
    return frozenset(together)


_COMMON = (
    "i am to the a my me it is you and of in that not do be have so for on this with was just all we are at he "
    "she they will going want can like up get go now no out if what your when about know one but how time got "
    "de que no la el y en un lo me se es por mi con para una ya te si los al estoy voy muy mas va su"
)
COMMON = frozenset(_COMMON.split())


def _expected_hits(words: frozenset[str]) -> int:
    """How often a text is likely to hold one of the words, in no unit: everyday words weigh 50."""
    return len(words) + 49 * len(words & COMMON)
