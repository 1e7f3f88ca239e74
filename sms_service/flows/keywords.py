"""The one table of keywords (CONVERSATION.md 4): whole messages with their argument, never a part of one."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias

from sms_service.domain.hour import parse_hour
from sms_service.domain.mood import parse_mood
from sms_service.domain.number_words import small_number
from sms_service.domain.plain import plain, unaccented, word_set

Who: TypeAlias = Literal["member", "volunteer", "anyone"]
Arg: TypeAlias = Literal["", "number", "text", "case"]


@dataclass(frozen=True, slots=True)
class Keyword:
    """A word that orders something. Spellings are plain: small letters, no accents."""

    name: str
    words: tuple[str, ...]
    es: tuple[str, ...] = ()
    near: tuple[str, ...] = ()  # slips of the thumb, each one listed; never by likeness
    who: Who = "anyone"
    arg: Arg = ""

    @property
    def spellings(self) -> tuple[str, ...]:
        """Everything that is this keyword."""
        return (*self.words, *self.es, *self.near)


@dataclass(frozen=True, slots=True)
class Found:
    """A keyword heard. `arg` is "" when none was given, else a mood, days, a language, a code, a case ..."""

    name: str
    arg: str
    who: Who


KEYWORDS = (
    Keyword("TALK", ("talk",), ("hablar", "habla"), ("tlak", "tok", "tawk", "takl", "ablar", "hablr")),
    Keyword("MENU", ("menu",), ("opciones",), ("meun", "mneu", "manu")),
    Keyword("MOOD", ("mood",), ("animo",), ("moood", "modd"), arg="number"),
    Keyword("MEETINGS", ("meetings", "meeting"), ("reuniones", "reunion"), ("meetngs", "meatings", "meeings")),
    Keyword("FIND", ("find",), ("buscar", "busca"), ("fnd", "fidn"), arg="text"),
    Keyword("HELPLINE", ("helpline", "helplines", "help line"), ("lineas", "linea"), ("helplin", "hepline")),
    Keyword("IDEA", ("idea", "ideas"), (), ("iedea",)),
    Keyword("MORE", ("more",), ("mas",), ("moer",)),
    Keyword("JOIN", ("join",), ("unirme", "unirse", "unir"), ("jion", "joyn", "jon"), arg="text"),
    Keyword("LEAVE", ("leave",), ("salir", "salirme"), ("leav", "laeve"), "member", "text"),
    Keyword("PAUSE", ("pause",), ("pausa", "pausar"), ("puase", "pasue"), "member", "number"),
    Keyword("RESUME", ("resume",), ("seguir", "reanudar"), ("resmue", "rezume"), "member"),
    Keyword("TIME", ("time",), ("hora",), ("tiem",), "member", "text"),
    Keyword("LANGUAGE", ("language",), ("idioma", "lengua"), ("langauge", "languaje", "lenguaje"), arg="text"),
    Keyword("ENGLISH", ("english",), ("ingles",), ("englsh", "inglish")),
    Keyword("ESPANOL", ("spanish",), ("espanol",), ("espaniol", "spanol", "espnol")),
    Keyword("QUIET", ("quiet",), ("silencio",), ("quite mode", "queit"), "member"),
    Keyword("WRONG", ("wrong",), ("equivocado", "equivocada"), ("worng", "wron")),
    Keyword("OK", ("ok", "okay"), (), ("okey",)),
    Keyword("MY DATA", ("my data", "mydata"), ("mis datos",), ("my datas",)),
    Keyword("DELETE ME", ("delete me", "deleteme", "delete my data"), ("borrar", "borrarme", "borrame"), ()),
    Keyword("TAKE", ("take",), ("tomar", "tomo"), ("taek", "tkae"), "volunteer", "case"),
    Keyword("PASS", ("pass",), ("pasar", "paso"), ("psas",), "volunteer", "case"),
    Keyword("DONE", ("done",), ("listo", "hecho"), ("doen",), "volunteer", "case"),
    Keyword("SUP", ("sup",), (), (), "volunteer", "case"),
    Keyword("CALL", ("call",), ("llamar",), ("cal",), "volunteer", "case"),
    Keyword("HAND", ("hand",), ("ceder",), (), "volunteer", "case"),
    Keyword("ME", ("me",), (), (), "volunteer"),
    Keyword("HERE", ("here",), ("aqui",), ("heer",), "volunteer"),
    Keyword("ON", ("on",), (), (), "volunteer"),
    Keyword("OFF", ("off",), (), (), "volunteer"),
    Keyword("BREAK", ("break",), ("descanso",), (), "volunteer", "text"),
    Keyword("SWAP", ("swap",), ("cambio",), (), "volunteer", "text"),
    Keyword("STAY", ("stay",), ("quedo", "me quedo"), (), "volunteer"),
    Keyword("MY SHIFTS", ("my shifts", "my shift", "myshifts"), ("mis turnos",), (), "volunteer"),
)
_BY_SPELLING = {spelling: keyword for keyword in KEYWORDS for spelling in keyword.spellings}
_POLITE = r"(?: (?:please|pls|plz|thanks|thank you|por favor|gracias|now|ahora))*"
_ASKING = r"(?:(?:hi|hey|hello|hola|please|pls|yes|ok|sorry|por favor|si) )*"
_SOMEONE = (
    r"(?:some ?one|some ?body|any ?one|any ?body|you|u|a (?:real )?(?:person|human|human being|volunteer)"
    r"|a volunteer|someone there|real person|human|alguien|una persona|un voluntario|ustedes|usted|me)"
)
_MAY = (
    r"(?:(?:can|could|may) (?:i|we)|(?:i )?(?:need|want|would like|wanna|gotta|have|got|id like)(?: to)?"
    rf"|is there {_SOMEONE}(?: i can)?(?: to)?|any ?one to|some ?one to)"
)
_PUEDO = r"(?:quiero|quisiera|necesito|puedo|podria|me gustaria|quiero poder)"
_TO_SOMEONE = (
    rf"(?:{_MAY} )?(?:please )?(?:talk|speak|chat)(?: (?:to|with))?(?: {_SOMEONE})?"
    rf"|(?:{_PUEDO} )?hablar(?: con)?(?: {_SOMEONE})?"
)
_TALK = re.compile(rf"{_ASKING}(?:{_TO_SOMEONE}){_POLITE}(?: (?:tonight|right now|today|hoy|asap))*")
_WHO = re.compile(
    r"(?:(?:hi|hello|hey|hola|sorry|um) )*"
    r"(?:who(?: is|s)? (?:this|dis|that)|new phone who (?:this|dis)|who are you|who r u|who sent this"
    r"|whos texting(?: me)?|(?:(?:i think )?(?:you|u) have )?(?:the )?wrong (?:number|person)"
    r"|what is this(?: number)?|whats this|how did you get (?:my|this) number|do i know you"
    r"|quien (?:es|eres|habla|escribe)(?: usted)?|(?:tiene el )?numero equivocado|de quien es este numero)"
    r"(?: please)?"
)
_NOT_CODES = word_set("me us you them it him her this that now please everyone alone early here there")
_NOISE = word_set("a al el la the to de group grupo in en para")


def keyword_of(text: str) -> Found | None:
    """The keyword that the whole message is, and its argument; None for "stalking", "take a seat"."""
    said = re.sub(rf"^(?:(?:please|por favor) )*(.*?){_POLITE}$", r"\1", plain(text))
    if said in _BY_SPELLING:
        return _found(_BY_SPELLING[said], "")
    if _TALK.fullmatch(plain(text)):
        return Found("TALK", "", "anyone")
    first, _, rest = re.sub(r"^([a-z]+)(\d+)$", r"\1 \2", said).partition(" ")
    keyword = _BY_SPELLING.get(first)
    if keyword is None or not keyword.arg or not rest:
        return None
    arg = _ARGUMENTS.get(keyword.name, _case)(_typed_rest(text), rest)
    return None if arg is None else _found(keyword, arg)


def who_asked(text: str) -> bool:
    """ "who is this", "wrong number" and their like, as a whole message (CONVERSATION.md 9)."""
    return _WHO.fullmatch(plain(text)) is not None


def _found(keyword: Keyword, arg: str) -> Found:
    if keyword.name in {"ENGLISH", "ESPANOL"}:
        return Found("LANGUAGE", "en" if keyword.name == "ENGLISH" else "es", keyword.who)
    return Found(keyword.name, arg, keyword.who)


def _typed_rest(text: str) -> str:
    """What follows the first word, with the marks that plain() drops (7:30, 95112-1234)."""
    return re.sub(r"^\W*[a-z]+[\s:#,.]*", "", unaccented(text))


def _mood(typed: str, rest: str) -> str | None:
    mood = parse_mood(typed)
    if mood is not None:
        return str(mood)
    return "" if rest.isdigit() else None  # MOOD 77 asks again


def _days(_typed: str, rest: str) -> str | None:
    found = re.fullmatch(r"(?:(?:for|por) )?(\w+)(?: (days?|dias?|weeks?|semanas?))?", rest)
    number = small_number(found[1].replace("una", "uno")) if found else None
    if found is None or number is None or number == 0:
        return None
    return str(number * 7 if (found[2] or "").startswith(("week", "semana")) else number)


def _hour(typed: str, _rest: str) -> str | None:
    return None if parse_hour(typed) is None else typed.strip()


def _language(_typed: str, rest: str) -> str | None:
    keyword = _BY_SPELLING.get(rest)
    return {"ENGLISH": "en", "ESPANOL": "es"}.get(keyword.name) if keyword else None


def _code(_typed: str, rest: str) -> str | None:
    """A group's code: one word."""
    words = [word for word in rest.split() if word not in _NOISE]
    return words[0] if len(words) == 1 and words[0] not in _NOT_CODES else None


def _place(typed: str, rest: str) -> str | None:
    """A ZIP, a town, a topic: at most four words, none of which speaks of somebody."""
    words = rest.split()
    return None if len(words) > 4 or _NOT_CODES.intersection(words) else typed.strip()


def _break(typed: str, rest: str) -> str | None:
    """An hour as it was typed, or "3 days": a bare number is an hour."""
    if re.fullmatch(r"\d{1,2}(?::?\d\d)?(?: ?[ap]m)?", typed.strip()):
        return typed.strip()
    days = _days(typed, rest)
    return f"{days} days" if days and re.search(r" (?:days?|dias?|weeks?|semanas?)$", rest) else days


def _swap(typed: str, rest: str) -> str | None:
    return (
        typed.strip() if len(rest.split()) <= 4 and re.search(r"\d|day|dia|lun|mar|mie|jue|vie|sab|dom", rest) else None
    )


def _case(_typed: str, rest: str) -> str | None:
    """A case number, "7", after PASS also "7 know"."""
    found = re.fullmatch(r"(?:case |caso |no )?(\d{1,9})( know)?", rest)
    return f"{found[1]}{found[2] or ''}" if found else None


_ARGUMENTS: dict[str, Callable[[str, str], str | None]] = {
    "MOOD": _mood,
    "PAUSE": _days,
    "TIME": _hour,
    "LANGUAGE": _language,
    "JOIN": _code,
    "LEAVE": _code,
    "FIND": _place,
    "BREAK": _break,
    "SWAP": _swap,
}
