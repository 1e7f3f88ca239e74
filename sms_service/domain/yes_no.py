"""Yes and no in the words people use, English and Spanish."""

import re

from sms_service.domain.plain import plain, unaccented, unsigned, word_set

_YES = word_set(
    """yes yess yesss yep yeps yeah yeahh yea yah yup yas ya sure ok okay okey k kk absolutely
    definitely certainly correct right affirmative indeed please si sii siii sip simon claro dale
    vale correcto cierto bueno seguro exacto afirmativo"""
)
_NO = word_set("""no noo nooo nope nop nah naw never not dont cant wont didnt cannot nunca jamas tampoco nel""")
_LETTERS = {"y": True, "s": True, "n": False}
_DOUBT = word_set(
    """maybe perhaps but unless depends dunno idk unsure either both kinda sorta sometimes if quizas
    quiza pero talvez depende"""
)
_WHOLE = {
    "of course": True,
    "no problem": True,
    "no worries": True,
    "why not": True,
    "i do": True,
    "i am": True,
    "i can": True,
    "i will": True,
    "sounds good": True,
    "go ahead": True,
    "por supuesto": True,
    "como no": True,
    "esta bien": True,
    "de acuerdo": True,
    "of course not": False,
    "i am not": False,
    "im not": False,
    "i do not": False,
    "para nada": False,
    "claro que no": False,
    "por supuesto que no": False,
}
_POLITE = word_set("""please pls plz thanks thank you thx ty gracias por favor sir maam mam senor senora amigo""")
_FOLLOWS = _POLITE | word_set(
    """i do did am im ill can will would want to like be there it is that thats fine it ok okay really
    now today tonight course so me que lo se quiero puedo voy estoy muchas mil ahora hoy senorita"""
)
_SIGNS = {"👍": True, "👌": True, "✅": True, "✔": True, "👎": False, "❌": False}


def parse_yes_no(text: str) -> bool | None:
    """True for a yes, False for a no; None for doubt, both at once, or anything else."""
    said = unaccented(unsigned(text))
    words = plain(text).split()
    if not words:
        signs = {meant for sign, meant in _SIGNS.items() if sign in said}
        return signs.pop() if len(signs) == 1 else None
    whole = " ".join(words)
    if whole in _WHOLE:
        return _WHOLE[whole]
    kept = [word for word in words if word not in _POLITE] or words
    if len(kept) == 1 and kept[0] in _LETTERS:
        return _LETTERS[kept[0]]
    return _by_first_word(said, words)


def _by_first_word(said: str, words: list[str]) -> bool | None:
    first, rest = words[0], words[1:]
    if first not in _YES | _NO or _DOUBT.intersection(words):
        return None
    meant = first in _YES
    if (_NO if meant else _YES - _FOLLOWS - {"right", "bueno", "seguro", "sure"}).intersection(rest):
        return None
    paused = re.match(rf"\W*{first}\s*[^\w\s]", said) is not None
    own = _YES if meant else _NO
    return meant if paused or all(word in own | _FOLLOWS for word in rest) else None
