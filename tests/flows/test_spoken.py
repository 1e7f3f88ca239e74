"""When a text is surely Spanish (CONVERSATION.md 8)."""

import pytest

from sms_service.flows.spoken import in_spanish
from sms_service.triage import assess


@pytest.mark.parametrize(
    "text",
    [
        "HABLAR",
        "Ánimo 7",
        "reuniones",
        "ALTO",
        "Parar.",
        "mis datos",
        "no me manden mas mensajes",
        "hoy me siento bien",
    ],
)
def test_a_spanish_keyword_or_sentence_is_spanish(text: str) -> None:
    assert in_spanish(text, assess(text).lang)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "7",
        "no",
        "si",
        "me too no",
        "no no no no",
        "TALK",
        "MOOD 7",
        "stop texting me",
        "🙂",
        "Unirme hope",
        "Español",
    ],
)
def test_what_is_english_or_may_be_either_is_not(text: str) -> None:
    assert not in_spanish(text, assess(text).lang)
