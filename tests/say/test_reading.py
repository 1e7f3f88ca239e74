"""How hard a text is to read."""

import pytest

from sms_service.say.reading import counted, english_syllables, fernandez_huerta, flesch_kincaid, spanish_syllables


@pytest.mark.parametrize(
    ("word", "syllables"),
    [("cat", 1), ("safe", 1), ("people", 2), ("saved", 1), ("wanted", 2), ("volunteer", 3), ("someone", 2), ("I", 1)],
)
def test_english_syllables_are_about_right(word: str, syllables: int) -> None:
    assert abs(english_syllables(word) - syllables) <= (word == "someone")


@pytest.mark.parametrize(
    ("word", "syllables"),
    [("sol", 1), ("que", 1), ("hablar", 2), ("guerra", 2), ("ayuda", 3), ("voluntario", 4), ("leer", 2), ("ciudad", 2)],
)
def test_spanish_syllables_are_about_right(word: str, syllables: int) -> None:
    assert spanish_syllables(word) == syllables


def test_easy_words_are_easy_and_hard_words_are_hard() -> None:
    easy = flesch_kincaid(["The cat sat on the mat. It was a hot day."])
    hard = flesch_kincaid(["Institutional prerequisites necessitate comprehensive psychological documentation."])
    assert easy < 3 < 12 < hard


def test_the_english_formula_is_flesch_kincaids() -> None:
    # 5 words, 1 sentence, 6 syllables
    assert flesch_kincaid(["We can go there today."]) == pytest.approx(0.39 * 5 + 11.8 * 6 / 5 - 15.59)


def test_easy_spanish_is_easy_and_hard_spanish_is_hard() -> None:
    assert fernandez_huerta(["Hoy hace sol. Me voy a casa."]) <= 5
    assert fernandez_huerta(["La documentacion institucional imprescindible obstaculiza procedimientos."]) > 8


def test_names_numbers_placeholders_and_command_words_do_not_count() -> None:
    assert counted(["{short}: text TALK or 988. Call 911!"]) == (["text", "or", "Call"], 2)


def test_no_words_are_no_burden() -> None:
    assert flesch_kincaid([]) == 0
    assert fernandez_huerta(["988 911"]) == 0
