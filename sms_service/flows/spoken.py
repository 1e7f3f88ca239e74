"""Is a text surely Spanish? Then an English member is answered in Spanish (CONVERSATION.md 8)."""

from sms_service.domain.plain import plain, word_set
from sms_service.domain.words import Lang
from sms_service.flows.keywords import KEYWORDS

ENOUGH = 4
"""Different words of a text whose language can be told: "no" and "me" are in both."""
_OWN_LANGUAGE = frozenset({"JOIN", "LANGUAGE", "ENGLISH", "ESPANOL"})  # the group or the choice decides
_STOPS = word_set("alto parar baja cancelar")
_WORDS = _STOPS | {word for keyword in KEYWORDS if keyword.name not in _OWN_LANGUAGE for word in keyword.es}


def in_spanish(text: str, judged: Lang) -> bool:
    """Whether it is a Spanish keyword with its argument, or a sentence that triage `judged` Spanish."""
    words = plain(text).split()
    if not words:
        return False
    alone = " ".join(words) in _WORDS or (words[0] in _WORDS and words[-1].isdigit() and words[1:-1] == [])
    return alone or (judged == "es" and len(set(words)) >= ENOUGH)
