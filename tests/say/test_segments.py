"""Parts of an SMS, counted as Twilio's own calculator counts them."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms_service.say.segments import GSM_BASIC, GSM_EXTENSION, encoding, segments

VECTORS = Path(__file__).parents[3] / "shared" / "twilio" / "segment_vectors.json"


def vectors() -> list[Any]:
    if not VECTORS.exists():
        reason = pytest.mark.skip(reason=f"{VECTORS} is not here: Twilio's figures are not compared")
        return [pytest.param({}, marks=reason)]
    return [pytest.param(one, id=one["name"]) for one in json.loads(VECTORS.read_text("utf-8"))["vectors"]]


@pytest.mark.parametrize("vector", vectors())
def test_a_text_takes_as_many_parts_as_twilio_says(vector: dict[str, Any]) -> None:
    plain = vector["plain"]
    assert (encoding(vector["text"]), segments(vector["text"])) == (plain["encoding"], plain["segments"])


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("ñ" * 160, 1),
        ("á" + "a" * 69, 1),
        ("á" + "a" * 70, 2),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("€" * 152, 2),
        ("€" * 153, 3),
        ("😀" * 35, 1),
        ("😀" * 36, 2),
        ("", 1),
    ],
)
def test_the_edges_of_each_alphabet(text: str, parts: int) -> None:
    assert segments(text) == parts


def test_one_accented_vowel_changes_the_whole_text() -> None:
    assert encoding("éñü¿¡àÉ{€}") == "GSM-7"
    assert {encoding(vowel) for vowel in "áíóúÁÍÓÚ"} == {"UCS-2"}


def test_the_tables_are_those_of_gsm_03_38() -> None:
    assert len(GSM_BASIC) == 127  # 128 places, one of them the escape
    assert len(GSM_EXTENSION) == 10
    assert not GSM_BASIC & GSM_EXTENSION


@given(st.text(max_size=400), st.characters())
def test_more_words_never_take_fewer_parts(text: str, more: str) -> None:
    assert segments(text) <= segments(text + more) <= 3 * segments(text) + 1
