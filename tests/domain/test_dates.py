"""Days as people write them; today is Monday, 23 November 2026."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms_service.domain.dates import parse_date

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("today", TODAY),
        ("mañana", date(2026, 11, 24)),
        ("pasado mañana", date(2026, 11, 25)),
        ("Friday", date(2026, 11, 27)),
        ("next fri", date(2026, 11, 27)),
        ("el lunes", date(2026, 11, 30)),
        ("12/24", date(2026, 12, 24)),
        ("24/12", date(2026, 12, 24)),
        ("Dec 24th", date(2026, 12, 24)),
        ("24 de diciembre", date(2026, 12, 24)),
        ("1/2", date(2027, 1, 2)),
        ("2026-12-24", date(2026, 12, 24)),
        ("feb 29", date(2028, 2, 29)),
        ("11/23", TODAY),
    ],
)
def test_a_day_is_heard(text: str, day: date) -> None:
    assert parse_date(text, TODAY) == day


def test_spanish_figures_put_the_day_first() -> None:
    assert (parse_date("1/2", TODAY, "es"), parse_date("1/2", TODAY, "en")) == (
        date(2027, 2, 1),
        date(2027, 1, 2),
    )


@pytest.mark.parametrize("text", ["2/30", "13/13", "hello", "", "0/5", "someday"])
def test_a_day_that_does_not_exist_is_none(text: str) -> None:
    assert parse_date(text, TODAY) is None


@given(st.dates(date(2026, 11, 23), date(2027, 11, 22)))
def test_a_day_of_the_coming_year_needs_no_year(day: date) -> None:
    assert parse_date(f"{day.month}/{day.day}", TODAY) == day


@given(st.text(), st.dates())
def test_any_text_is_a_day_or_none(text: str, today: date) -> None:
    found = parse_date(text, today)
    assert found is None or isinstance(found, date)
