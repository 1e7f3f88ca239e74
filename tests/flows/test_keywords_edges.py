"""Every keyword by the words that people are told, the slips that are forgiven, and what follows it."""

import pytest

from sms_service.flows.keywords import keyword_of
from sms_service.flows.spoken import in_spanish

SPELLED = {
    "TALK": "talk hablar habla tlak tok tawk takl ablar hablr",
    "MENU": "menu opciones meun mneu manu",
    "MOOD": "mood animo moood modd",
    "MEETINGS": "meetings meeting reuniones reunion meetngs meatings meeings",
    "FIND": "find buscar busca fnd fidn",
    "HELPLINE": "helpline helplines lineas linea helplin hepline",
    "IDEA": "idea ideas iedea",
    "MORE": "more mas moer",
    "JOIN": "join unirme unirse unir jion joyn jon",
    "LEAVE": "leave salir salirme leav laeve",
    "PAUSE": "pause pausa pausar puase pasue",
    "RESUME": "resume seguir reanudar resmue rezume",
    "TIME": "time hora tiem",
    "LANGUAGE": "language idioma lengua langauge languaje lenguaje",
    "QUIET": "quiet silencio queit",
    "WRONG": "wrong equivocado equivocada worng wron",
    "OK": "ok okay okey",
    "DELETE ME": "deleteme borrar borrarme borrame",
    "TAKE": "take tomar tomo taek tkae",
    "PASS": "pass pasar paso psas",
    "DONE": "done listo hecho doen",
    "SUP": "sup",
    "CALL": "call llamar cal",
    "HAND": "hand ceder",
    "ME": "me",
    "HERE": "here aqui heer",
    "ON": "on",
    "OFF": "off",
    "BREAK": "break descanso",
    "SWAP": "swap cambio",
    "STAY": "stay quedo",
}
"""CONVERSATION.md 4: the word, its Spanish, near spellings from a list."""


@pytest.mark.parametrize(("word", "name"), [(word, name) for name, words in SPELLED.items() for word in words.split()])
def test_a_word_its_spanish_and_its_slips_are_one_keyword(word: str, name: str) -> None:
    found = keyword_of(word)
    assert found is not None
    assert (found.name, found.arg) == (name, "")


@pytest.mark.parametrize(
    ("text", "lang"),
    [(word, "en") for word in ("english", "ingles", "englsh", "inglish", "language english")]
    + [(word, "es") for word in ("spanish", "español", "espaniol", "spanol", "espnol", "idioma español")],
)
def test_a_language_is_chosen_by_its_name(text: str, lang: str) -> None:
    found = keyword_of(text)
    assert found is not None
    assert (found.name, found.arg, found.who) == ("LANGUAGE", lang, "anyone")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("help line", "HELPLINE"),
        ("quite mode", "QUIET"),
        ("my data", "MY DATA"),
        ("mis datos", "MY DATA"),
        ("delete my data", "DELETE ME"),
        ("my shift", "MY SHIFTS"),
        ("mis turnos", "MY SHIFTS"),
        ("me quedo", "STAY"),
        ("por favor menu", "MENU"),
        ("menu now please", "MENU"),
        ("please talk, thank you", "TALK"),
        ("I want to speak with a real person please", "TALK"),
        ("can we chat", "TALK"),
        ("necesito hablar con un voluntario hoy", "TALK"),
        ("hi, is there anyone I can talk to", "TALK"),
    ],
)
def test_some_keywords_are_several_words_and_manners_change_none(text: str, name: str) -> None:
    found = keyword_of(text)
    assert found is not None
    assert (found.name, found.arg) == (name, "")


MEMBERS = "LEAVE PAUSE RESUME TIME QUIET"
TEAMS = "TAKE PASS DONE SUP CALL HAND ME HERE ON OFF BREAK SWAP STAY"


@pytest.mark.parametrize("name", [*SPELLED])
def test_a_keyword_belongs_to_members_to_the_team_or_to_anyone(name: str) -> None:
    found = keyword_of(SPELLED[name].split()[0])
    assert found is not None
    expected = "member" if name in MEMBERS.split() else "volunteer" if name in TEAMS.split() else "anyone"
    assert found.who == expected


@pytest.mark.parametrize(
    ("text", "arg"),
    [
        ("pause 2", "2"),
        ("pausa por 3 dias", "3"),
        ("pause for one week", "7"),
        ("pausa una semana", "7"),
        ("pausa dos semanas", "14"),
        ("time 7", "7"),
        ("hora 19:30", "19:30"),
        ("mood 0", "0"),
        ("mood 11", ""),
        ("join the hope", "hope"),
        ("unirme al grupo hope", "hope"),
        ("join a b", "b"),
        ("leave hope", "hope"),
        ("find san jose ca usa", "san jose ca usa"),
        ("take 123456789", "123456789"),
        ("take case 7", "7"),
        ("tomar caso 7", "7"),
        ("pass no 7 know", "7 know"),
        ("please done 7", "7"),
        ("break 14", "14"),
        ("break 1430", "1430"),
        ("break 9am", "9am"),
        ("swap friday", "friday"),
        ("cambio el 5", "el 5"),
        ("swap a b c 5", "a b c 5"),
    ],
)
def test_what_follows_a_keyword_is_its_argument(text: str, arg: str) -> None:
    found = keyword_of(text)
    assert found is not None
    assert found.arg == arg


@pytest.mark.parametrize(
    "text",
    [
        "pause 0",
        "pause 3 moons",
        "time 25",
        "language french",
        "mood bad",
        "mood 7.5",
        "join me",
        "join early",
        "leave us",
        "find a b c d e",
        "find me",
        "take 1234567890",
        "take7know",
        "pass 7 knows",
        "break 9:5",
        "break 100:00",
        "swap shift",
        "swap a b c d 5",
        "menu 3",
        "me 7",
        "on 7",
    ],
)
def test_a_keyword_with_something_else_behind_it_is_words(text: str) -> None:
    assert keyword_of(text) is None


@pytest.mark.parametrize(
    ("text", "judged", "spanish"),
    [
        ("HABLAR", "en", True),
        ("animo 3", "en", True),
        ("tomar 7", "en", True),
        ("tomar el 7", "en", False),
        ("alto", "en", True),
        ("parar", "en", True),
        ("baja", "en", True),
        ("cancelar", "en", True),
        ("unirme", "es", False),
        ("idioma", "es", False),
        ("ingles", "es", False),
        ("español", "es", False),
        ("no puedo mas hoy", "es", True),
        ("no puedo mas hoy", "en", False),
        ("no puedo mas", "es", False),
        ("no no no no", "es", False),
        ("", "es", False),
        ("talk", "en", False),
    ],
)
def test_a_text_is_surely_spanish_by_its_keyword_or_by_four_words(text: str, judged: str, spanish: bool) -> None:
    assert in_spanish(text, judged) is spanish  # type: ignore[arg-type]
