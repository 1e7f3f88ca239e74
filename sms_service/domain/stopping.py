"""Who wants no more texts, who wants them again, who asks for help: in single words and plain wordings.

Sources: 47 CFR 64.1200(a)(10) (any reasonable means), Twilio's standard words, SAFETY.md.
"""

import re
from dataclasses import dataclass

from sms_service.domain.plain import plain, unaccented, word_set

TWILIO_STOPS = word_set("stop stopall unsubscribe cancel end quit revoke optout")
"""Twilio acts on a message that is one of these alone, and answers it itself."""
OUR_STOPS = TWILIO_STOPS | {"stop all", "opt out", "alto", "parar", "baja", "cancelar", "no mas"}
STARTS = word_set("start unstop inicio")
HELPS = frozenset(
    {"help", "info", "hlep", "halp", "help me", "help please", "please help", "help me please"}
    | {"please help me", "i need help", "need help", "i need help please"}
)
_LEADING = word_set("stop stopall unsubscribe")

_BEFORE = r"(?:(?:hi|hey|hello|ok|okay|please|pls|just|sorry|hola|por favor|can you|could you|would you) )*"
_AFTER = (
    r"(?: (?:please|pls|plz|thanks|thank you|now|ok|anymore|any more|ever|again|already|today|immediately"
    r"|gracias|ya|por favor|nunca mas|mas))*"
)
_TEXTS = r"(?:texts?|messages?|msgs?|text messages?|txts?|sms)"
_ME = r"(?: (?:me|us|this number|my phone|this phone))?"
_MY = r"(?:me|my number|this number)"
_THESE = r"(?: (?:these|those|this|any|any more|more|your|the|all|so many|anything))*"
_NOT = r"(?:stop|quit|do not|dont|never)"
_SEND = r"(?:text|texting|message|messaging|contact|contacting|txt|send|sending)"
_LIST = r"(?: (?:text|texting|mailing|sms))?(?: (?:list|lists|system|service))?"
_TEXTOS = r"(?: (?:mas|mensajes|textos|mensajitos|nada))*"
_WORDINGS = (
    rf"{_NOT} {_SEND}{_ME}{_THESE}(?: {_TEXTS})?",
    rf"(?:stop|no more|cancel|end){_THESE} (?:{_TEXTS}|texting|messaging)",
    rf"(?:take|get|remove|drop) {_MY} (?:off|from)(?: (?:of|this|the|your|ur|that))*{_LIST}",
    rf"(?:remove|drop) {_MY}",
    r"(?:unsubscribe|opt) me(?: out)?(?: (?:of|from) (?:this|all|everything))?",
    r"(?:delete|lose|remove|forget|block) (?:my|this) number",
    r"i (?:want|would like|wish|need) to (?:opt out|unsubscribe)",
    rf"i (?:want|would like|need) (?:you )?to stop (?:getting|receiving|{_SEND}){_ME}{_THESE}(?: {_TEXTS})?",
    rf"i (?:do not|dont|no longer) want(?: to (?:get|receive))?{_THESE} {_TEXTS}",
    rf"(?:ya )?no (?:me|nos) (?:mand|envi|escrib|texte|contact)(?:e|es|en|a|as|an){_TEXTOS}",
    rf"(?:ya )?(?:dejen?|deja|paren?) de (?:mandar|enviar|escribir|textear|contactar)(?:me|nos)?{_TEXTOS}",
    r"(?:ya )?no quiero (?:recibir )?(?:mas )?(?:mensajes|textos)",
    r"no mas (?:mensajes|textos)",
    r"(?:quit|borr|saqu|elimin)(?:e|en|a|an)(?:me)?(?: mi numero)?(?: (?:de )?(?:la|esta|su) lista)",
)
_WORDING = re.compile(rf"{_BEFORE}(?:{'|'.join(_WORDINGS)}){_AFTER}")
_ONLY_STOP = re.compile(rf"{_BEFORE}stop{_AFTER}")
_ANOTHER_SENSE = re.compile(r"\b(?:said|says|told|tells|tell|asked|dijo|dice|dije|digo|calls?|llamen?)\b")
"""Somebody's words reported, or "don't text, call": the person wants to hear from us."""
_CLAUSE = re.compile(r"[.,;!?\n\r]+")


@dataclass(frozen=True, slots=True)
class StopSaid:
    """An opt-out as it was worded."""

    words: str
    """What to put on record."""
    twilio_word: bool = False
    """Twilio acts on it and answers: we add nothing."""
    leading: bool = False
    """Only the first word of something longer ("STOP i want to die"): a stop if the rest is danger."""
    wording: bool = False
    """A sentence, not a word of the list."""


def stop_said(text: str) -> StopSaid | None:
    """The opt-out in a whole message or a plain wording, en + es; None for "got to STOP this bill"."""
    said, words = text.strip(), plain(text)
    if words in OUR_STOPS or set(words.split()) == {"stop"}:
        return StopSaid(said, twilio_word=said.casefold() in TWILIO_STOPS)
    if _is_wording(text):
        return StopSaid(said, wording=True)
    return _leading(said)


def _is_wording(text: str) -> bool:
    said = unaccented(text)
    if _ANOTHER_SENSE.search(said):
        return False
    clauses = (plain(clause) for clause in _CLAUSE.split(said))
    return _ONLY_STOP.fullmatch(plain(text)) is not None or any(map(_WORDING.fullmatch, clauses))


def _leading(said: str) -> StopSaid | None:
    first = re.match(r"\W*(\w+)(\s*[.,;:!\n\r-])?\s*", said)
    rest = said[first.end() :] if first else ""
    if first is None or first[1].casefold() not in _LEADING or not rest:
        return None
    shouted = first[1].isupper() and not rest.split()[0].isupper()
    return StopSaid(first[1], leading=True) if shouted or first[2] else None


def baja_said(text: str) -> bool:
    """BAJA or BAJO alone: an opt-out, or "low" while a mood is being asked (CONVERSATION.md 7)."""
    return plain(text) in {"baja", "bajo"}


def no_mas_said(text: str) -> bool:
    """NO MAS alone: an opt-out that opens a concern; "ya no mas" and "no puedo mas" are not it."""
    return plain(text) == "no mas"


def start_said(text: str) -> bool:
    """START, UNSTOP or INICIO alone; YES never (CONVERSATION.md 5)."""
    return plain(text) in STARTS


def help_said(text: str) -> bool:
    """HELP or INFO alone, or as a plea; AYUDA is a helpline's keyword, not this."""
    return plain(text) in HELPS
