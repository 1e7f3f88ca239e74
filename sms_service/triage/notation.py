"""Reads the notation of the rules: `<want> to? (die|end it ..2 all) $`.

A word stands for itself · <name> is a list from words.toml · (a b|c) is a choice · ? after a piece makes it optional
· .. is up to three words, ..5 up to five, ~5 the same
without a "not" among them · #8-17 a number in digits · ^ and $ the edges of a clause
· / a sentence may end here.
"""

import re
from collections.abc import Mapping, Sequence

from sms_service.triage.pieces import BREAK, Edge, Gap, InOrder, Maybe, Number, OneOf, OneWord, Piece

NOT = frozenset((BREAK, "not", "never", "no", "nor", "nunca", "jamas", "sin", "without", "stop"))
_SIGNS = re.compile(r"\((?:[a-z0-9]+\|)*[a-z0-9]+\)|[a-z0-9]+|[()|?^$/]|<\w+>|\.\.\d*|~\d*|#[\d-]*|\S")


class Notation:
    """Patterns of one language; `lists` are its named word lists, themselves in the notation."""

    def __init__(self, lists: Mapping[str, Sequence[str]]) -> None:
        self._lists = lists
        self._read: dict[str, Piece] = {}
        self.vocabulary: set[str] = set()

    def read(self, pattern: str) -> Piece:
        """The pattern ready to match; ValueError names a pattern that does not read."""
        signs = _signs(pattern)
        piece = self._choice(signs, pattern)
        if signs:
            raise ValueError(f"cannot read {signs[-1]!r} in {pattern!r}")
        return piece

    def _choice(self, signs: list[str], pattern: str) -> Piece:
        options = [self._sequence(signs, pattern)]
        while signs and signs[-1] == "|":
            signs.pop()
            options.append(self._sequence(signs, pattern))
        return choice(options)

    def _sequence(self, signs: list[str], pattern: str) -> Piece:
        pieces: list[Piece] = []
        while signs and signs[-1] not in ("|", ")"):
            piece = self._piece(signs.pop(), signs, pattern)
            if signs and signs[-1] == "?":
                signs.pop()
                piece = Maybe(piece)
            pieces.append(piece)
        if not pieces:
            raise ValueError(f"an empty choice in {pattern!r}")
        return pieces[0] if len(pieces) == 1 else InOrder(tuple(pieces))

    def _piece(self, sign: str, signs: list[str], pattern: str) -> Piece:
        match sign[0]:
            case "(" if sign != "(":
                return self._words(sign[1:-1].split("|"))
            case "(":
                inner = self._choice(signs, pattern)
                if not signs or signs.pop() != ")":
                    raise ValueError(f"an open bracket in {pattern!r}")
                return inner
            case "<" if sign != "<":
                return self._list(sign[1:-1], pattern)
            case letter if letter.isalnum():
                return self._words((sign,))
            case _:
                return _special(sign, pattern)

    def _words(self, words: Sequence[str]) -> Piece:
        self.vocabulary.update(words)
        return OneWord(frozenset(words))

    def _list(self, name: str, pattern: str) -> Piece:
        if name not in self._read:
            if name not in self._lists:
                raise ValueError(f"no list <{name}> for {pattern!r}")
            self._read[name] = choice([self.read(entry) for entry in self._lists[name]])
        return self._read[name]


def choice(options: Sequence[Piece]) -> Piece:
    """Any of the options; plain words among them become one look-up."""
    words = [option.these for option in options if isinstance(option, OneWord)]
    others = [option for option in options if not isinstance(option, OneWord)]
    if words:
        others.insert(0, OneWord(frozenset().union(*words)))
    return others[0] if len(others) == 1 else OneOf(others)


def _special(sign: str, pattern: str) -> Piece:
    """The piece for a sign that takes no words of its own."""
    match sign[0]:
        case "." if sign.startswith(".."):
            return Gap(int(sign[2:] or 3))
        case "~":
            return Gap(int(sign[1:] or 3), NOT)
        case "#":
            low, _, high = sign[1:].partition("-")
            return Number(int(low or 0), int(high or low or 99_999))
        case "^" | "$":
            return Edge(sign)
        case "/":
            return Maybe(OneWord(frozenset((BREAK,))))
    raise ValueError(f"cannot read {sign!r} in {pattern!r}")


def _signs(pattern: str) -> list[str]:
    """The signs of a pattern, last one first so that the next is popped; "(a|b)" of plain words is one sign."""
    return _SIGNS.findall(pattern)[::-1]
