"""The webhook signature, against Twilio's own."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator  # type: ignore[import-untyped]

from sms_service.simulator.signature import check, sign
from tests.simulator.conftest import reference

words = st.text(max_size=20)


def test_signatures_equal_those_of_twilios_own_library() -> None:
    vectors: list[dict[str, Any]] = reference("signature_vectors.json")
    assert vectors
    for vector in vectors:
        made = sign(vector["token"], vector["url"], vector.get("params", {}))
        assert made == vector["signature"], vector["name"]


@given(st.dictionaries(words, words), st.text(min_size=1, max_size=10))
def test_whatever_the_parameters_twilio_pythons_validator_agrees(params: dict[str, str], token: str) -> None:
    url = "https://example.org/webhooks/sms"
    made = sign(token, url, params)
    assert RequestValidator(token).validate(url, params, made)
    assert check(token, url, params, made) == "valid"


def test_a_changed_parameter_a_foreign_token_and_no_signature_are_told_apart() -> None:
    made = sign("token", "https://example.org/", {"Body": "hi"})
    assert check("token", "https://example.org/", {"Body": "ho"}, made) == "wrong"
    assert check("other", "https://example.org/", {"Body": "hi"}, made) == "wrong"
    assert check("token", "https://example.org/", {"Body": "hi"}, None) == "missing"
