"""The small numbers as words, English and Spanish."""

_ENGLISH = (
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
)
_SPANISH = (
    "cero",
    "uno",
    "dos",
    "tres",
    "cuatro",
    "cinco",
    "seis",
    "siete",
    "ocho",
    "nueve",
    "diez",
    "once",
    "doce",
)

SMALL_NUMBERS: dict[str, int] = {word: n for words in (_ENGLISH, _SPANISH) for n, word in enumerate(words)} | {
    "una": 1  # la una
}
"""Zero to twelve. "un" is the article, "once" is eleven only for who asked for an hour."""


def small_number(word: str) -> int | None:
    """The number of a plain word or of at most two digits, else None."""
    if word.isascii() and word.isdigit() and len(word) <= 2:
        return int(word)
    return SMALL_NUMBERS.get(word)
