"""The rules as data: read once from data/triage, checked for sense, indexed by the words they cannot do without."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Any, Literal

from sms_service.domain.words import Lang, Level
from sms_service.triage.normalise import Speller
from sms_service.triage.notation import Notation
from sms_service.triage.pieces import Piece, Words
from sms_service.triage.verdict import FAMILIES, GRAVITY

LANGS: tuple[Lang, ...] = ("en", "es")


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing people say; `yes` and `no` are its own examples, which the tests run."""

    id: str
    lang: Lang
    family: str
    level: Level
    about: Literal["self", "other", "anyone"]
    """Whose danger it is: a "self" rule is void when the subject is somebody else."""
    firm: bool
    """Means at hand, an attempt, violence in progress: nothing lowers it (SAFETY.md, crisis 4)."""
    patterns: tuple[Piece, ...]
    yes: tuple[str, ...]
    no: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Signs:
    """What lowers a match in one language, each a piece that is searched for (scope.py says where)."""

    negators: frozenset[str]
    not_negating: frozenset[str]
    see_through: frozenset[str]
    reopening: frozenset[str]
    others: frozenset[str]
    saying: frozenset[str]
    past: Piece
    present: Piece
    over: Piece
    resolved: Piece
    supposing: Piece
    mundane: Piece
    everyday: frozenset[str]
    spoken: frozenset[str]
    """The smallest words of the language, by which it is recognised."""


class Index:
    """Pieces by the words they cannot do without, so that most texts are never matched at all."""

    def __init__(self, pieces: Iterable[tuple[Piece, Rule | None]]) -> None:
        self._by_word: dict[str, list[tuple[int, Piece, Rule | None]]] = {}
        self._rest: list[tuple[int, Piece, Rule | None]] = []
        for number, (piece, rule) in enumerate(pieces):
            anchor = piece.anchor()
            if anchor is None:
                self._rest.append((number, piece, rule))
            for word in anchor or ():
                self._by_word.setdefault(word, []).append((number, piece, rule))

    def find(self, words: Words) -> Iterator[tuple[int, int, Rule | None]]:
        """Start, end and rule of everything that matches, the longest end for each start."""
        possible = {entry[0]: entry for entry in self._rest}
        for token in set(words.tokens):
            for entry in self._by_word.get(token, ()):
                possible[entry[0]] = entry
        for number in sorted(possible):
            _, piece, rule = possible[number]
            first = piece.first()
            for start, token in enumerate(words.tokens):
                if first is None or token in first:
                    ends = piece.ends(words, (start,))
                    if ends:
                        yield start, max(ends), rule


@dataclass(frozen=True, slots=True)
class Rulebook:
    """Everything assess() needs, ready."""

    rules: tuple[Rule, ...]
    index: Index
    idioms: Index
    speller: Speller
    signs: Mapping[Lang, Signs]


def load() -> Rulebook:
    """The packaged rules; ValueError names what does not read."""
    rules: list[Rule] = []
    idioms: list[tuple[Piece, Rule | None]] = []
    signs: dict[Lang, Signs] = {}
    vocabulary: set[str] = set()
    for lang in LANGS:
        lists = _table(lang, "words")
        notation = Notation(lists)
        signs[lang] = _signs(_table(lang, "lowering"), notation)
        for name in ("self", "others", "body"):
            rules += [_rule(entry, lang, notation) for entry in _table(lang, name)["rule"]]
        idioms += [(notation.read(idiom), None) for idiom in _table(lang, "idioms")["match"]]
        vocabulary |= (
            notation.vocabulary
            | signs[lang].see_through
            | signs[lang].negators
            | signs[lang].others
            | signs[lang].saying
        )
    pieces = [(piece, rule) for rule in rules for piece in rule.patterns]
    speller = Speller(frozenset(vocabulary), _spellings())
    return Rulebook(tuple(rules), Index(pieces), Index(idioms), speller, signs)


def _rule(entry: Mapping[str, Any], lang: Lang, notation: Notation) -> Rule:
    if entry["family"] not in FAMILIES or entry["level"] not in GRAVITY:
        raise ValueError(f"{entry['id']}: no such family or level")
    return Rule(
        id=entry["id"],
        lang=lang,
        family=entry["family"],
        level=entry["level"],
        about=entry.get("about", "self"),
        firm=entry.get("firm", False),
        patterns=tuple(notation.read(pattern) for pattern in entry["match"]),
        yes=tuple(entry["yes"]),
        no=tuple(entry.get("no", ())),
    )


def _signs(table: Mapping[str, Sequence[str]], notation: Notation) -> Signs:
    words = {name: frozenset(" ".join(table[name]).split()) for name in table}
    either = {
        name: notation.read("|".join(table[name]))
        for name in ("past", "present", "over", "resolved", "supposing", "mundane")
    }
    plain = ("negators", "not_negating", "see_through", "reopening", "others", "saying", "everyday", "spoken")
    return Signs(**{name: words[name] for name in plain}, **either)  # type: ignore[arg-type]


def _spellings() -> Mapping[str, str]:
    table = _read("spellings.toml")
    return {typed: meant for lang in table.values() for meant, ways in lang.items() for typed in ways.split()}


def _table(lang: str, name: str) -> Mapping[str, Any]:
    return _read(lang, f"{name}.toml")


def _read(*path: str) -> Mapping[str, Any]:
    source = resources.files("sms_service").joinpath("data", "triage", *path)
    return tomllib.loads(source.read_text("utf-8"))
