"""How many SMS segments a text takes (3GPP TS 23.038; GSM-7 160/153, UCS-2 70/67)."""

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_ESCAPED = frozenset("\f^{}\\[~]|€")


def segments(text: str) -> int:
    """At least 1, also for an empty text."""
    sizes = _gsm_sizes(text)
    if sizes is not None:
        return _parts(sizes, single=160, part=153)
    return _parts([2 if ord(char) > 0xFFFF else 1 for char in text], single=70, part=67)


def _gsm_sizes(text: str) -> list[int] | None:
    """Septets per character, or None when one of them is outside GSM-7."""
    sizes = []
    for char in text:
        if char in _BASIC:
            sizes.append(1)
        elif char in _ESCAPED:
            sizes.append(2)
        else:
            return None
    return sizes


def _parts(sizes: list[int], *, single: int, part: int) -> int:
    """A character of two units is never split over two segments."""
    if sum(sizes) <= single:
        return 1
    count, used = 1, 0
    for size in sizes:
        if used + size > part:
            count, used = count + 1, 0
        used += size
    return count
