"""Segment counts, against Twilio's own calculator."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms_service.simulator.segments import segments
from tests.simulator.conftest import reference


def test_counts_equal_those_of_twilios_own_calculator() -> None:
    vectors = reference("segment_vectors.json")["vectors"]
    assert vectors
    for vector in vectors:
        assert segments(vector["text"]) == max(1, vector["plain"]["segments"]), vector["name"]


@pytest.mark.parametrize(
    ("text", "count"), [("", 1), ("a" * 160, 1), ("a" * 161, 2), ("€" * 80, 1), ("€" * 81, 2), ("я" * 71, 2)]
)
def test_the_borders_lie_where_the_standard_has_them(text: str, count: int) -> None:
    assert segments(text) == count


@given(st.text())
def test_a_longer_text_never_takes_fewer_segments(text: str) -> None:
    assert 1 <= segments(text) <= segments(text + "a")
