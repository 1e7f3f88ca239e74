"""A first name as people give it."""

import re
import unicodedata

from sms_service.domain.plain import plain, unsigned, word_set

LONGEST = 40
MOST_WORDS = 3

_BEFORE = re.compile(
    r"^\s*(?:(?:hi|hey|hello|hola|yes|si|sí|ok)\b[\s,.!]*)*"
    r"(?:(?:i am|i['’]?m|im|my name['’]?s|my name is|name is|it['’]?s"
    r"|its|this is|call me|they call me|me llamo|mi nombre es|soy|mi nombre|me dicen|ll[aá]mame|es)\s+)?",
    re.IGNORECASE,
)
_NOT_NAMES = word_set(
    """a an the and or but is are was i im you he she we they it my me your this that what who where
    why when how not no yes none nobody noone skip nothing later never ok okay yeah nope sure maybe
    please thanks help stop start menu talk join leave pause resume time language quiet wrong more
    mood idea helpline meetings find end quit cancel unsubscribe info tired sad fine good bad sick
    alone dying dead here there so very really si nada nadie luego gracias por favor quien que como
    donde hola ayuda alto parar baja salir pausa seguir hora hablar menu soy estoy el la un una yo
    tu"""
)


def parse_name(text: str) -> str | None:
    """The name in "I'm Ana", "me llamo Ana", "Ana 😊": up to 40 characters and three words; else None."""
    said = unicodedata.normalize("NFC", unsigned(text))
    if re.search(r"[\d@/:]|\.\w\w", said):
        return None
    bare = _BEFORE.sub("", said)
    name = " ".join(re.sub(r"[^\w\s'’.-]|_", " ", bare).split()).strip(" .-'’")
    words = plain(name).split()
    if not words or len(name) > LONGEST or len(name.split()) > MOST_WORDS or _NOT_NAMES.intersection(words):
        return None
    return name if name != name.lower() else " ".join(word.capitalize() for word in name.split())
