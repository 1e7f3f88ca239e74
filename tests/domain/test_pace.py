"""How a line is paced: what may stand before a crisis reply and its page, and how often bulk goes."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms_service.domain.pace import BAR, LEAST, MOMENT, MOST, busy_for, is_tight, may_go, rest_after_bulk
from sms_service.domain.words import Lane

RATES = st.floats(0.1, 1000)
SEGMENTS = st.integers(1, 10)


@given(lane=st.sampled_from(("scheduled", "bulk")), rate=RATES, segments=SEGMENTS, wait=st.floats(0.001, 10))
def test_what_is_handed_over_ahead_lets_a_page_keep_the_bar(
    lane: Lane, rate: float, segments: int, wait: float
) -> None:
    if may_go(lane, rate, segments, wait):
        assert wait + (segments + 1) / rate + MOMENT <= BAR


@given(rate=RATES, segments=SEGMENTS, lane=st.sampled_from(("urgent", "reply", "scheduled", "bulk")))
def test_a_free_line_takes_a_message_of_any_lane(lane: Lane, rate: float, segments: int) -> None:
    assert may_go(lane, rate, segments, 0)


@pytest.mark.parametrize(
    ("lane", "rate", "wait", "goes"),
    [
        ("urgent", 1, 500, True),
        ("reply", 1, 0.9, True),
        ("reply", 1, 1.0, False),
        ("scheduled", 1, 0.1, False),
        ("scheduled", 100, 0.89, True),
        ("scheduled", 100, 0.9, False),
        ("bulk", 1, 0.1, False),
        ("bulk", 3, 0.7, True),
        ("bulk", 100, 0.79, True),
        ("bulk", 100, 0.8, False),
    ],
)
def test_how_far_ahead_each_lane_goes(lane: Lane, rate: float, wait: float, goes: bool) -> None:
    assert may_go(lane, rate, 1, wait) is goes


@given(rate=RATES, segments=SEGMENTS)
def test_bulk_gets_at_most_four_fifths_of_a_line_and_never_nothing(rate: float, segments: int) -> None:
    share = busy_for("reply", rate, segments) / rest_after_bulk(rate, segments)
    assert share * 1.000001 >= LEAST
    assert share <= MOST * 1.000001


def test_only_a_slow_line_is_tight() -> None:
    assert is_tight(1)
    assert not is_tight(1.5)
    assert rest_after_bulk(1, 1) == pytest.approx(10)
    assert rest_after_bulk(1, 2) == pytest.approx(40)
    assert rest_after_bulk(3, 1) == pytest.approx(1.25 / 3)


@pytest.mark.parametrize("rate", [1, 3, 100])
def test_beside_endless_bulk_99_of_100_pages_keep_the_bar(rate: float) -> None:
    """Three thousand crises at random moments; all that a line was handed leaves it first in, first out."""
    chance = random.Random(rate)  # a fixed sequence is what is wanted
    bulk_at = twilio_free_at = 0.0
    late = 0
    for crisis in range(3000):
        arrives = 15.0 * crisis + chance.uniform(0, 10)
        while bulk_at < arrives + MOMENT:  # what is handed over until the reply is at Twilio stands before it
            twilio_free_at = max(bulk_at, twilio_free_at) + 1 / rate
            wait = 0.0 if is_tight(rate) else MOST - 1 / rate
            bulk_at += rest_after_bulk(rate, 1)
            twilio_free_at = max(twilio_free_at, bulk_at - rest_after_bulk(rate, 1) + wait)
        page_on_handset = max(twilio_free_at, arrives + MOMENT) + 1 / rate
        late += page_on_handset - arrives > BAR
        twilio_free_at = page_on_handset + 1 / rate
        bulk_at = max(bulk_at, twilio_free_at)
    assert late <= 30
