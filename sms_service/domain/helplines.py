"""Which helplines suit a need, a language and an hour, and how one is written in a text."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime

from phonenumbers import PhoneNumberFormat, format_number, parse

from sms_service.domain.helpline_record import Helpline, parse_directory, shift_of
from sms_service.domain.oncall import covers

__all__ = ["Helpline", "open_at", "parse_directory", "shown", "suited"]

# which words of a record's audience or name make it answer a need
NEED_WORDS: Mapping[str, tuple[str, ...]] = {
    "talk": ("peer support", "peer line", "warmline", "need to talk"),
    "veteran": ("veteran",),
    "lgbtq": ("lgbtq", "trans people"),
    "violence": ("partner violence",),
    "substance": ("substance",),
    "overdose": ("overdose",),
    "maternal": ("pregnant",),
    "abuse": ("child abuse", "sexual assault"),
    "disaster": ("disaster",),
    "young": ("young people", "under 35"),
}
OWN_LANGUAGE = {"spanish": "es"}


def open_at(line: Helpline, now: datetime) -> bool | None:
    """Whether somebody answers at this aware instant; None when the directory does not say."""
    shift = shift_of(line.hours)
    return None if shift is None else covers(shift, now)


def suited(
    lines: Iterable[Helpline], country: str, need: str, lang: str, now: datetime, limit: int = 3
) -> tuple[Helpline, ...]:
    """At most `limit` lines of this country, the closest to the need first; closed ones are left out.

    Whatever the need, one place at least is kept for the crisis line for everybody. An unknown need gets
    those alone; no need or "crisis" begins with the emergency number.
    """
    here = [line for line in lines if line.country == country]
    for_all = _in_language([line for line in here if line.for_all], lang)
    for_all.sort(key=lambda line: line.call_short is None)
    if need in {"", "crisis"}:
        return tuple(sorted(for_all, key=lambda line: not line.emergency)[:limit])
    for_all.sort(key=lambda line: line.emergency)
    close = [line for line in here if not line.emergency and _answers(line, need)]
    awake = [line for line in close if open_at(line, now) is not False]
    nearest = _in_language(awake, OWN_LANGUAGE.get(need, lang))
    nearest.sort(key=lambda line: open_at(line, now) is None)
    room = limit - 1 if for_all else limit
    first = nearest[:limit] if any(line.for_all for line in nearest[:limit]) else nearest[:room]
    return tuple(_once([*first, *for_all])[:limit])


def _answers(line: Helpline, need: str) -> bool:
    if need in OWN_LANGUAGE:
        return line.for_all and OWN_LANGUAGE[need] in line.languages
    about = f"{line.audience} {line.name}".casefold()
    return any(word in about for word in NEED_WORDS.get(need, ()))


def _in_language(lines: list[Helpline], lang: str) -> list[Helpline]:
    """Those that speak it (all of them when none does), its own lines first, one entry a number."""
    speaking = [line for line in lines if lang in line.languages] or lines
    return _once(sorted(speaking, key=lambda line: line.languages != (lang,) and lang != "en"))


def _once(lines: list[Helpline]) -> list[Helpline]:
    first: dict[tuple[str | None, str | None, str | None], Helpline] = {}
    for line in lines:
        first.setdefault((line.call_short or line.call_dial, line.text_to, None if line.text_to else line.name), line)
    return list(first.values())


_ENGLISH = {
    "call": "call",
    "both": "call or text",
    "to": " ",
    "text": "text {to}",
    "word": "text {word} to {to}",
    "or": "or",
    "oprima": "press",
}
_SPANISH = {
    "call": "llame",
    "both": "llame o mande un texto",
    "to": " al ",
    "text": "mande un texto al {to}",
    "word": "mande {word} al {to}",
    "or": "o",
    "press": "oprima",
    "Emergency services": "Emergencias",
    "your ZIP": "su ZIP",
}
_KEY = re.compile(r"[ ,(]*\b(press|oprima) (\d)\)?$")
"""The key that leads on, at the end of a shown number: "988 press 1", "988 (oprima 2)"."""


def shown(line: Helpline, lang: str) -> str:
    """The line in a few words for a text, e.g. "Crisis Text Line: text HOME to 741741".

    A line with its number in its name goes by the number alone: "988: call or text". In Spanish a line that
    asks for a key says so: "988, oprima 2: llame o mande AYUDA al 988" (CONVERSATION.md 8).
    """
    words = _SPANISH if lang == "es" else _ENGLISH
    name = words.get(line.name, line.name).removesuffix(" en espanol")
    if line.call_display is None and line.text_to is None:
        return line.chat if line.chat and line.chat in name else f"{name}: {line.chat}"
    dialled = re.sub(r"\D", "", _KEY.sub("", line.call_display or ""))
    short = bool(dialled) and dialled == line.call_short and dialled in re.sub(r"\D", "", line.name)
    number = _number(line, lang, words)
    if short:
        return f"{number}: {_ways(line, '', words)}"
    return f"{name}: {_ways(line, words['to'] + number, words)}"


def _ways(line: Helpline, to: str, words: Mapping[str, str]) -> str:
    """How to reach it: call, text, or both; `to` is the number to call, unless it was said already."""
    if line.text_to is None:
        return words["call"] + to
    if line.text_to in {line.call_short, line.call_dial} and line.text_keyword is None:
        return words["both"] + to
    keyword = (line.text_keyword or "").strip("<>")
    keyword = words.get(keyword, keyword)
    text = words["word" if keyword else "text"].format(word=keyword, to=_typed(line.text_to))
    if line.call_display is None:
        return text
    return f"{words['call']}{to}{',' if ',' in to else ''} {words['or']} {text}"


def _number(line: Helpline, lang: str, words: Mapping[str, str]) -> str:
    """The number to dial with the key that leads on: "988, press 1", in Spanish "988, oprima 2"."""
    display = line.call_display or ""
    key = _KEY.search(display)
    if key:
        return f"{_KEY.sub('', display)}, {words.get(key[1], key[1])} {key[2]}"
    spanish_key = re.search(r"press (\d) Spanish", line.call_note or "") if lang == "es" else None
    return f"{display}, oprima {spanish_key[1]}" if spanish_key else display


def _typed(text_to: str) -> str:
    """A number as a person types it at home."""
    if not text_to.startswith("+"):
        return text_to
    return format_number(parse(text_to), PhoneNumberFormat.NATIONAL)
