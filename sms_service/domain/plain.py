"""What somebody typed, reduced to what is compared: small letters, no accents, punctuation or signature."""

import re
import unicodedata
from itertools import takewhile

KEYCAP_TEN = "\U0001f51f"
ACUTE = "´"  # typed for an apostrophe; NFKD would make a space of it
_SIGNATURE = re.compile(r"[-–—~]|sent (?:from|via) |enviado desde ", re.IGNORECASE)
_DROPPED = re.compile("['’‘`´ʼ]")  # don't and dont are one word


def unsigned(text: str) -> str:
    """The text without a signature on a line of its own ("YES\\r\\n-Sam"), stripped."""
    first, *others = text.strip().splitlines() or [""]
    said = takewhile(lambda line: _SIGNATURE.match(line.strip()) is None, others)
    return "\n".join((first, *said)).strip()


def unaccented(text: str) -> str:
    """Small letters without accents; punctuation stays, keycaps become digits, dashes the plain one."""
    if text.isascii():
        return text.replace("'", "").replace("`", "").lower()  # what the rest would come to, at once
    spread = unicodedata.normalize("NFKD", text.replace(KEYCAP_TEN, "10").replace(ACUTE, "'"))
    letters = (_simple(char) for char in spread if not unicodedata.category(char).startswith(("M", "Cf")))
    return _DROPPED.sub("", "".join(letters).casefold())


def _simple(char: str) -> str:
    if unicodedata.category(char) == "Pd":
        return "-"
    return str(unicodedata.decimal(char)) if char.isdecimal() else char


def plain(text: str) -> str:
    """Words and digits alone, single spaces: " No, MÁS!! " -> "no mas"; "" when there is neither."""
    return " ".join(re.findall(r"[^\W_]+", unaccented(unsigned(text))))


def word_set(listed: str) -> frozenset[str]:
    """The words of a list written with spaces."""
    return frozenset(listed.split())
