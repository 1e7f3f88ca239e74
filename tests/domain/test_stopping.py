"""Who wants no more texts (SCENARIOS.md 5 and 6, SAFETY.md)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms_service.domain.stopping import (
    OUR_STOPS,
    TWILIO_STOPS,
    baja_said,
    help_said,
    no_mas_said,
    start_said,
    stop_said,
)

DRESSED = st.sampled_from(["{}", " {} ", "{}.", "{}!!", "\n{}\r\n", "{}\n-Sam", "“{}”"])


@given(st.sampled_from(sorted(OUR_STOPS)), DRESSED, st.integers(0, 2))
def test_each_opt_out_word_stops_in_any_dress(word: str, dress: str, case: int) -> None:
    shaped = (word.upper(), word.lower(), word.title())[case]
    said = stop_said(dress.format(shaped))
    assert said is not None
    assert not said.leading


@pytest.mark.parametrize("word", sorted(TWILIO_STOPS))
def test_twilio_answers_its_own_words_alone(word: str) -> None:
    alone, dotted = stop_said(f" {word.upper()} "), stop_said(f"{word}.")
    assert alone is not None
    assert dotted is not None
    assert (alone.twilio_word, dotted.twilio_word) == (True, False)


@pytest.mark.parametrize("text", ["No más", "NO MAS", "Opt out", "stop stop stop", "alto", "cancelar", "STOP ALL"])
def test_our_own_words_stop_too(text: str) -> None:
    assert stop_said(text) is not None


@pytest.mark.parametrize(
    "text",
    [
        "take me off this list",
        "please stop texting me",
        "Please stop texting me, I'm fine now.",
        "dont text me anymore",
        "Don’t text me any more!",
        "remove me from your list",
        "unsubscribe me",
        "stop sending me messages",
        "i don't want these texts",
        "please stop",
        "delete my number",
        "ya no me manden mensajes",
        "no me escriban más",
        "dejen de mandarme mensajes",
        "no quiero recibir más mensajes",
        "quítenme de la lista",
    ],
)
def test_a_plain_wording_stops(text: str) -> None:
    """Any reasonable means will do (47 CFR 64.1200(a)(10))."""
    said = stop_said(text)
    assert said is not None
    assert said.wording
    assert said.words == text


@pytest.mark.parametrize(
    "text",
    [
        "got to STOP this bill",
        "my ex won't stop texting me",
        "he said stop texting me",
        "don't text me, call me",
        "ya no mas",
        "ya no más",
        "no puedo mas",
        "stop hitting me",
        "STOP HURTING ME",
        "stop the pain",
        "i can't stop",
        "i want to stop drinking",
        "end it all",
        "i quit my job",
        "cancel my 6pm",
        "get me out of here",
        "remove me from this world",
        "no more pain",
        "bajo",
        "nonstop",
        "stop it",
        "",
    ],
)
def test_stop_inside_a_sentence_is_no_opt_out(text: str) -> None:
    assert stop_said(text) is None


@pytest.mark.parametrize("text", ["STOP i want to die", "Stop. i want to die", "STOP\ni took all my pills"])
def test_a_leading_stop_is_left_to_the_caller(text: str) -> None:
    said = stop_said(text)
    assert said is not None
    assert said.leading
    assert said.words.casefold() == "stop"


def test_baja_and_no_mas_are_told_apart() -> None:
    assert [baja_said(text) for text in ("BAJA", "bajo.", "baja mi animo")] == [True, True, False]
    assert [no_mas_said(text) for text in ("No más", "ya no mas", "no mas textos")] == [True, False, False]


def test_only_start_words_start() -> None:
    assert [start_said(text) for text in ("START", " unstop.", "Inicio", "YES", "start over", "si")] == [
        True,
        True,
        True,
        False,
        False,
        False,
    ]


def test_help_is_a_plea_too() -> None:
    assert [help_said(text) for text in ("HELP", "hlep", "help me please", "info")] == [True] * 4
    assert [help_said(text) for text in ("AYUDA", "hell", "helpline", "that helped")] == [False] * 4


@given(st.text())
def test_any_text_can_be_asked(text: str) -> None:
    """Total, and what stops never starts."""
    assert not (stop_said(text) and start_said(text))
