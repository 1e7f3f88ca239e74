"""The edges of what is heard: the last value that counts, the first that does not, and words that only look alike."""

from datetime import date

import pytest

from sms_service.domain.dates import parse_date
from sms_service.domain.hour import parse_hour, shown_hour
from sms_service.domain.mood import band, parse_mood
from sms_service.domain.names import parse_name
from sms_service.domain.numbers import parse_choice
from sms_service.domain.yes_no import parse_yes_no

MONDAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("no, bueno", False),
        ("no, right", False),
        ("no, seguro", False),
        ("no, sure", False),
        ("no sure", None),
        ("no bueno", None),
        ("no claro", None),
        ("ok no", None),
        ("yes - i guess", True),
        ("yes i guess", None),
        ("yes i will today", True),
        ("please", True),
        ("gracias", None),
        ("s", True),
        ("✅ ✔", True),
        ("❌", False),
        ("why not", True),
        ("no problem", True),
        ("i am not", False),
        ("por supuesto que no", False),
        ("of course not", False),
        ("im not", False),
        ("i do not", False),
        ("no worries", True),
        ("i do", True),
        ("i am", True),
        ("i can", True),
        ("i will", True),
        ("sounds good", True),
        ("go ahead", True),
        ("por supuesto", True),
        ("cómo no", True),
        ("está bien", True),
        ("de acuerdo", True),
        ("👌", True),
        ("✔", True),
        ("both", None),
        ("idk yes", None),
    ],
)
def test_a_yes_or_no_holds_only_if_the_rest_does_not_take_it_back(text: str, meant: bool | None) -> None:
    assert parse_yes_no(text) is meant


@pytest.mark.parametrize(
    ("text", "choice"),
    [
        ("9", 9),
        ("10", None),
        ("0", None),
        ("-2", None),
        ("2-3", None),
        ("1.5", None),
        ("2,5", None),
        ("2 or 3", None),
        ("2) a helpline", 2),
        ("2. a helpline 3", None),
        ("the first one", 1),
        ("the second one", 2),
        ("segunda", 2),
        ("tercero", 3),
        ("option 3 please", 3),
        ("number one", 1),
    ],
)
def test_one_choice_is_heard_and_never_half_of_two(text: str, choice: int | None) -> None:
    assert parse_choice(text) == choice


def test_a_choice_that_is_not_offered_is_none() -> None:
    assert (parse_choice("3", highest=3), parse_choice("4", highest=3)) == (3, None)


@pytest.mark.parametrize(
    ("text", "mood"),
    [
        ("0", 0),
        ("10", 10),
        ("11", None),
        ("on a scale of 1 to 10 7", 7),
        ("7/10", 7),
        ("7.5", None),
        ("-3", None),
        ("$7", None),
        ("70%", None),
        ("half", None),
        ("7 and 8", None),
        ("7 kids", None),
        ("7, kids left", 7),
        ("3 because", 3),
        ("3 noches", None),
        ("once", None),
    ],
)
def test_a_mood_is_one_whole_number_that_counts_nothing_else(text: str, mood: int | None) -> None:
    assert parse_mood(text) == mood


@pytest.mark.parametrize(
    ("mood", "last", "called"),
    [
        (2, None, "low"),
        (3, None, "middle"),
        (6, None, "middle"),
        (7, None, "high"),
        (6, 10, "falling"),
        (7, 10, "high"),
        (4, 8, "falling"),
        (5, 8, "middle"),
        (2, 10, "low"),
    ],
)
def test_two_is_low_and_four_less_is_a_fall(mood: int, last: int | None, called: str) -> None:
    """SAFETY.md: a mood of 2 or less, or a fall of 4 or more, is a concern."""
    assert band(mood, last) == called


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Ana María López", "Ana María López"),
        ("Ana María López Ruiz", None),
        ("a" * 40, "A" + "a" * 39),
        ("a" * 41, None),
        ("Hi, I'm Ana!", "Ana"),
        ("McDonald", "McDonald"),
        ("jean-luc", "Jean-luc"),
        ("@ana", None),
        ("ana.com", None),
        ("ana 2", None),
        ("nobody", None),
        (". - '", None),
    ],
)
def test_a_name_has_three_words_and_forty_characters_at_most(text: str, name: str | None) -> None:
    assert parse_name(text) == name


@pytest.mark.parametrize(
    ("text", "clock"),
    [
        ("midday", "12:00"),
        ("medianoche", "0:00"),
        ("quarter past 7", "19:15"),
        ("7 y cuarto", "19:15"),
        ("7 treinta", "19:30"),
        ("seven fifteen", "19:15"),
        ("twelve forty five", "12:45"),
        ("once y media", "23:30"),
        ("23", "23:00"),
        ("24", None),
        ("12:59", "12:59"),
        ("7:60", None),
        ("0", None),
        ("0:30", "0:30"),
        ("00:15", "0:15"),
        ("12:30 am", "0:30"),
        ("12:30 at night", "0:30"),
        ("13 pm", "13:00"),
        ("13 de la mañana", None),
        ("11 de la mañana", "11:00"),
        ("5 de la madrugada", "5:00"),
        ("7 en la noche", "19:00"),
        ("3 in the afternoon", "15:00"),
        ("7 a", "7:00"),
        ("7 p", "19:00"),
        ("7.30", "19:30"),
        ("7 horas", "19:00"),
        ("8 o'clock", "20:00"),
        ("half past 7 thirty", None),
    ],
)
def test_an_hour_is_read_to_the_minute(text: str, clock: str | None) -> None:
    hour, _, minute = (clock or "").partition(":")
    assert parse_hour(text) == (int(hour) * 60 + int(minute) if clock else None)


@pytest.mark.parametrize(
    ("minute", "english", "spanish"),
    [
        (0, "midnight", "12 am"),
        (1, "12:01 am", "12:01 am"),
        (59, "12:59 am", "12:59 am"),
        (60, "1 am", "1 am"),
        (719, "11:59 am", "11:59 am"),
        (720, "noon", "12 pm"),
        (721, "12:01 pm", "12:01 pm"),
        (780, "1 pm", "1 pm"),
        (1439, "11:59 pm", "11:59 pm"),
        (1440, "midnight", "12 am"),
    ],
)
def test_an_hour_is_shown_as_people_say_it(minute: int, english: str, spanish: str) -> None:
    assert (shown_hour(minute, "en"), shown_hour(minute, "es")) == (english, spanish)


WEEKDAYS = {
    27: "friday fri viernes",
    28: "saturday sat sábado",
    29: "sunday sun domingo",
    30: "monday mon lunes",
    24: "tuesday tue tues martes",
    25: "wednesday wed weds miércoles",
    26: "thursday thu thur thurs jueves",
}


@pytest.mark.parametrize(("word", "day"), [(word, day) for day, words in WEEKDAYS.items() for word in words.split()])
def test_a_weekday_is_the_next_one_in_both_languages(word: str, day: int) -> None:
    """A Monday's "Monday" is in a week."""
    assert parse_date(word, MONDAY) == date(2026, 11, day)


MONTHS = "ene feb mar abr may jun jul ago sep oct nov dic", "jan feb mar apr may jun jul aug sep oct nov dec"


@pytest.mark.parametrize(("word", "month"), [(word, n) for names in MONTHS for n, word in enumerate(names.split(), 1)])
def test_a_month_has_its_first_three_letters_in_both_languages(word: str, month: int) -> None:
    year = 2026 if month == 12 else 2027
    assert parse_date(f"2 {word}", MONDAY) == date(year, month, 2)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("hoy", MONDAY),
        ("esta noche", MONDAY),
        ("tonight", MONDAY),
        ("tomorrow", date(2026, 11, 24)),
        ("tmrw", date(2026, 11, 24)),
        ("11/22", date(2027, 11, 22)),
        ("12/24/26", date(2026, 12, 24)),
        ("12/24/2027", date(2027, 12, 24)),
        ("24.12.27", date(2027, 12, 24)),
        ("24 de dic de 2027", date(2027, 12, 24)),
        ("3rd of july", date(2027, 7, 3)),
        ("march 3rd", date(2027, 3, 3)),
        ("2026-2-3", date(2026, 2, 3)),
        ("29 feb 2027", None),
        ("may", None),
        ("32/1", None),
        ("1/0", None),
    ],
)
def test_a_day_without_a_year_is_the_coming_one(text: str, day: date | None) -> None:
    assert parse_date(text, MONDAY) == day
