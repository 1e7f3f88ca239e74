"""The words by key: English from the tables, others from PO files, a program's own over both."""

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from io import BytesIO
from types import MappingProxyType

from babel.messages.pofile import read_po

from sms_service.domain.words import Lang
from sms_service.flows.registry import FLOWS
from sms_service.flows.texts import all_texts

TRANSLATIONS: tuple[Lang, ...] = ("es",)
NO_OVERRIDES: Mapping[str, str] = MappingProxyType({})
_LIFELINES = re.compile(r"\b(?:911|988)\b")


@cache
def english() -> Mapping[str, str]:
    """Every key `flow.step.part` with its English source."""
    return MappingProxyType(all_texts(FLOWS))


@cache
def translations(lang: Lang) -> Mapping[str, tuple[str, str]]:
    """Every translated key: the English it was made from and the translation, looked up by context alone."""
    po = files("sms_service.say").joinpath(f"locales/{lang}/LC_MESSAGES/flows.po").read_bytes()
    catalogue = read_po(BytesIO(po), locale=lang)
    return MappingProxyType(
        {
            message.context: (str(message.id), str(message.string))
            for message in catalogue
            if message.context and message.string
        }
    )


def text(
    key: str,
    lang: Lang,
    overrides: Mapping[str, str] = NO_OVERRIDES,
    *,
    sources: Mapping[str, str] | None = None,
) -> str:
    """The words of a key, placeholders unfilled.

    A missing translation falls back to English and a stale one stays in use: both fail `flows check`, and
    words in the wrong tongue are better than none. `overrides` are a program's own wordings in this language;
    one that loses a 911 or 988 of the original is ignored. `sources` are the English texts of other flows
    than the project's own. KeyError on an unknown key.
    """
    source = (english() if sources is None else sources)[key]
    ours = source if lang == "en" else translations(lang).get(key, (source, source))[1]
    own = overrides.get(key)
    return own if own is not None and lifelines(ours) <= lifelines(own) else ours


def lifelines(words: str) -> set[str]:
    """Which of 911 and 988 a text names."""
    return set(_LIFELINES.findall(words))
