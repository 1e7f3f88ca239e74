"""How many SMS parts a text takes: GSM 03.38 with its extension table, else UCS-2."""

from typing import Literal

GSM_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM_EXTENSION = frozenset("\f^{}\\[~]|€")
"""Two septets each: an escape and the character."""

GSM_ONE, GSM_MANY = 160, 153
UCS_ONE, UCS_MANY = 70, 67


def encoding(text: str) -> Literal["GSM-7", "UCS-2"]:
    """GSM-7 when every character is in its tables, else UCS-2 for the whole text."""
    return "GSM-7" if GSM_BASIC.union(GSM_EXTENSION).issuperset(text) else "UCS-2"


def segments(text: str) -> int:
    """The parts this text is sent and charged as; one at least."""
    if encoding(text) == "GSM-7":
        return _parts([2 if char in GSM_EXTENSION else 1 for char in text], GSM_ONE, GSM_MANY)
    return _parts([2 if ord(char) > 0xFFFF else 1 for char in text], UCS_ONE, UCS_MANY)


def _parts(widths: list[int], one: int, many: int) -> int:
    """A pair (escape + character, or two surrogates) is never cut in half, so a part may stay one short."""
    if sum(widths) <= one:
        return 1
    parts, room = 1, many
    for width in widths:
        if width > room:
            parts, room = parts + 1, many
        room -= width
    return parts
