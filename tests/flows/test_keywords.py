"""The table of keywords: what is one, what is none (SCENARIOS.md 3)."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms_service.domain.plain import plain
from sms_service.domain.stopping import help_said, start_said, stop_said
from sms_service.flows.keywords import KEYWORDS, Keyword, keyword_of, who_asked

ORDERED = {
    "TALK MENU MOOD MEETINGS FIND HELPLINE IDEA MORE JOIN LANGUAGE ENGLISH ESPANOL WRONG OK": ("anyone",),
    "LEAVE PAUSE RESUME TIME QUIET": ("member",),
    "TAKE PASS DONE SUP CALL HAND ME HERE ON OFF BREAK SWAP STAY": ("volunteer",),
}


@pytest.mark.parametrize(
    ("text", "name", "arg"),
    [
        ("TALK", "TALK", ""),
        ("talk!", "TALK", ""),
        ("tlak", "TALK", ""),
        ("Ablar", "TALK", ""),
        ("I need to talk to someone", "TALK", ""),
        ("quiero hablar con alguien", "TALK", ""),
        ("¿Puedo hablar con una persona?", "TALK", ""),
        ("can i talk to a person", "TALK", ""),
        ("is there someone i can talk to", "TALK", ""),
        ("menu please", "MENU", ""),
        ("JOIN HOPE", "JOIN", "hope"),
        ("join hope!", "JOIN", "hope"),
        ("Unirme esperanza", "JOIN", "esperanza"),
        ("unirme a ESPERANZA", "JOIN", "esperanza"),
        ("join the hope group", "JOIN", "hope"),
        ("join", "JOIN", ""),
        ("mood", "MOOD", ""),
        ("MOOD 7", "MOOD", "7"),
        ("Ánimo siete", "MOOD", "7"),
        ("mood 7/10", "MOOD", "7"),
        ("mood 77", "MOOD", ""),
        ("Take 5", "TAKE", "5"),
        ("take7", "TAKE", "7"),
        ("TAKE #7.", "TAKE", "7"),
        ("PASS 7 KNOW", "PASS", "7 know"),
        ("done", "DONE", ""),
        ("break 14:00", "BREAK", "14:00"),
        ("my shifts", "MY SHIFTS", ""),
        ("pause", "PAUSE", ""),
        ("pause 2 weeks", "PAUSE", "14"),
        ("pausa tres días", "PAUSE", "3"),
        ("TIME 7:30pm", "TIME", "7:30pm"),
        ("hora 7 de la tarde", "TIME", "7 de la tarde"),
        ("English", "LANGUAGE", "en"),
        ("Español", "LANGUAGE", "es"),
        ("idioma inglés", "LANGUAGE", "en"),
        ("FIND 95112", "FIND", "95112"),
        ("buscar San José", "FIND", "san jose"),
        ("REUNIONES", "MEETINGS", ""),
        ("MY DATA", "MY DATA", ""),
        ("delete me", "DELETE ME", ""),
        ("Borrar", "DELETE ME", ""),
        ("más", "MORE", ""),
        ("ok", "OK", ""),
    ],
)
def test_a_keyword_is_heard_with_its_argument(text: str, name: str, arg: str) -> None:
    found = keyword_of(text)
    assert found is not None
    assert (found.name, found.arg) == (name, arg)


@pytest.mark.parametrize(
    "text",
    [
        "stalking",
        "walk",
        "hell",
        "top",
        "take a seat",
        "take my hand",
        "talk is cheap",
        "i talk too much",
        "i need to talk to my mom",
        "mood swings are killing me",
        "join me",
        "leave me alone",
        "time to go",
        "ok off to bed",
        "find me someone",
        "call me",
        "done with life",
        "pause my life",
        "me too",
        "on my way",
        "pass the salt",
        "break up",
        "swap meet",
        "join us tomorrow for dinner",
        "someone",
        "7",
        "",
    ],
)
def test_part_of_a_message_is_no_keyword(text: str) -> None:
    assert keyword_of(text) is None


def test_the_table_is_that_of_the_contract() -> None:
    """CONVERSATION.md 4, name by name, and who may use each."""
    who = {keyword.name: keyword.who for keyword in KEYWORDS}
    for names, roles in ORDERED.items():
        assert {name: who[name] in roles for name in names.split()} == dict.fromkeys(names.split(), True)
    assert len(who) == sum(len(names.split()) for names in ORDERED) + len(("MY DATA", "DELETE ME", "MY SHIFTS"))


def test_no_spelling_orders_two_things() -> None:
    spellings = Counter(spelling for keyword in KEYWORDS for spelling in keyword.spellings)
    assert [spelling for spelling, times in spellings.items() if times > 1] == []
    assert [spelling for spelling in spellings if spelling != plain(spelling)] == []


def test_no_keyword_is_one_of_twilio_s_words() -> None:
    """Stop, start and help words have one meaning only."""
    spellings = [spelling for keyword in KEYWORDS for spelling in keyword.spellings]
    assert [word for word in spellings if stop_said(word) or start_said(word) or help_said(word)] == []


@given(
    st.sampled_from(KEYWORDS),
    st.sampled_from(["{}", " {}. ", "{}!!", "please {}", "{}\n-Sam", "«{}»"]),
    st.booleans(),
)
def test_every_spelling_is_heard_in_any_dress(keyword: Keyword, dress: str, loud: bool) -> None:
    for spelling in keyword.spellings:
        found = keyword_of(dress.format(spelling.upper() if loud else spelling))
        assert found is not None
        assert found.name in {keyword.name, "LANGUAGE"}


@given(st.text())
def test_any_text_is_a_keyword_or_none(text: str) -> None:
    found = keyword_of(text)
    assert found is None or found.name in {keyword.name for keyword in KEYWORDS}


@pytest.mark.parametrize("text", ["who is this", "Who’s this?", "wrong number", "¿Quién es?", "new phone who dis"])
def test_who_is_this_is_asked(text: str) -> None:
    assert who_asked(text)


@pytest.mark.parametrize("text", ["who am i", "WRONG", "who is this for", "i know who did this"])
def test_other_questions_are_not_who_is_this(text: str) -> None:
    assert not who_asked(text)
