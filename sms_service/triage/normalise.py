"""From a text as typed to plain words: case, accents, leet, stretched letters, SMS spellings, emoji."""

import re
import unicodedata
from collections.abc import Iterator, Mapping

from sms_service.triage.pieces import BREAK, LAUGH, Words

_SIGNS = {
    **dict.fromkeys(map(ord, "’‘ʼ`´"), "'"),
    **dict.fromkeys(map(ord, '“”«»"'), " "),
    **dict.fromkeys(map(ord, "¿¡"), "."),
    **dict.fromkeys(map(ord, "😂🤣😆😹😅💀☠"), f" {LAUGH} "),
    ord("🔫"): " gun ",
    ord("🔪"): " knife ",
    ord("💊"): " pills ",
}
_LONG_FORMS = (
    (re.compile(r"&(?:lt|gt|amp);"), " "),
    (re.compile(r"\b(?:can'?t|cannot)\b"), "can not"),
    (re.compile(r"\bwon'?t\b"), "will not"),
    (re.compile(r"\bod'd\b"), "overdosed"),
    (re.compile(r"\bmy self\b"), "myself"),
    (re.compile(r"n't\b"), " not"),
    (re.compile(r"'ll\b"), " will"),
    (re.compile(r"'m\b"), " am"),
    (re.compile(r"'re\b"), " are"),
    (re.compile(r"'ve\b"), " have"),
    (re.compile(r"'d\b"), " would"),
    (re.compile(r"\b(he|she|it|that|there|what|who|where|how|here)'s\b"), r"\1 is"),
    (re.compile(r"(?<=\w)'(?=\w)"), " "),
    (
        re.compile(r"\b(want|wants|going|gonna|need|have|got|trying|used|ready|about|able|like|reason|how) 2 "),
        r"\1 to ",
    ),
    (
        re.compile(
            r"\bill (?=(?:just |probably |prob |really |be |not |never |do |have )?(?:kill|die|jump|hang|shoot|cut|end|"
            r"take|hurt|stab|be|never|do|slit|drink|use|relapse|unalive|swallow|overdose|od|drown|miss|better|gone)\b)"
        ),
        "i will ",
    ),
)
_SPELLED_OUT = re.compile(r"(?<![^\W_])[a-z](?:[ .*_-][a-z]){3,}(?![^\W_])")
_TOKENS = re.compile(r"(\d+[.,:]\d+)|([\w@$*+]+(?:[!|][\w@$*+]+)*)|([.!?;]+)|([,:()\n\r])")
_LAUGHS = re.compile(r"l+o+l+[oz]*|l+m+f*a+o+|rof+l|[hj]?a?(?:[hj][aei]){2,}[hj]?|jks?|kidding|xd+")
_STRETCHED = re.compile(r"(.)\1{2,}")
_REPEATED = re.compile(r"(.)\1+")
_TWICE = re.compile(r"([aiu])\1")
_LEET = str.maketrans("1304@5$!|7", "ieoaassiit")
_LEET_L = str.maketrans("1304@5$!|7", "leoaasslit")
_STARRED = ("kill", "killing", "suicide", "die", "raped", "rape", "cut", "cutting", "cuts", "dead")
_CENSORED = {f"{word[0]}{word[-1]}{len(word)}": word for word in _STARRED}


class Speller:
    """Turns typed tokens into the words the rules know; `respell` maps a spelling to one or more words."""

    def __init__(self, known: frozenset[str], respell: Mapping[str, str]) -> None:
        self._known = known
        self._respell = {typed: tuple(meant.split()) for typed, meant in respell.items()}

    def words(self, text: str) -> Words:
        """The text as plain words; total on any string."""
        tokens: list[str] = []
        commas: set[int] = set()
        for number, word, stop, comma in _TOKENS.findall(plain(text)):
            if number:
                tokens.append(number)
            elif word:
                tokens.extend(self._spell(word))
            elif comma or stop.startswith(".."):
                commas.add(len(tokens))
            elif stop and tokens and tokens[-1] != BREAK:
                tokens.append(BREAK)
        return Words(tuple(tokens), frozenset(commas))

    def _spell(self, typed: str) -> tuple[str, ...]:
        token = typed.strip("_*+@|")
        if not token:
            return ()
        for guess in _guesses(token):
            if guess in self._respell:
                return self._respell[guess]
            if guess in self._known:
                return (guess,)
        if _LAUGHS.fullmatch(token):
            return (LAUGH,)
        parts = re.split(r"[!|*+_]+", token)
        return (token,) if len(parts) == 1 else tuple(part for part in parts if part)


def plain(text: str) -> str:
    """The text in one case and one alphabet form: no accents, no hidden characters, long forms of "i'm", "can't"."""
    folded = unicodedata.normalize("NFKC", text.translate(_SIGNS)).casefold().translate(_SIGNS)
    bare = "".join(_visible(unicodedata.normalize("NFD", folded)))
    if (
        not bare.isascii()
        or "'" in bare
        or any(short in bare for short in ("cant", "wont", "cannot", "my self", "ill ", " 2 ", "&"))
    ):
        for short, long in _LONG_FORMS:
            bare = short.sub(long, bare)
    return _SPELLED_OUT.sub(lambda run: re.sub(r"[^a-z]", "", run[0]), bare)


def _visible(text: str) -> Iterator[str]:
    """Characters without marks and formatting; control characters become spaces."""
    if text.isascii():
        yield text.replace("\0", " ")
        return
    for character in text:
        category = unicodedata.category(character)
        if category == "Cc" and character not in "\n\r":
            yield " "
        elif category not in ("Mn", "Me", "Cf"):
            yield character


def _guesses(token: str) -> Iterator[str]:
    """The token, then what it may stand for: letters not stretched, digits read as letters, stars filled in."""
    yield token
    for calm in dict.fromkeys((token, _STRETCHED.sub(r"\1\1", token), _STRETCHED.sub(r"\1", token))):
        yield calm
        if not calm.isalpha() and not calm.isdecimal():
            yield calm.translate(_LEET)
            yield calm.translate(_LEET_L)
            yield _CENSORED.get(f"{calm[0]}{calm[-1]}{len(calm)}", calm) if "*" in calm else calm
            yield calm.replace("*", "")
    yield (_REPEATED if _STRETCHED.search(token) else _TWICE).sub(r"\1", token)
