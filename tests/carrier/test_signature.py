"""Twilio's signature: genuine ones pass in every spelling, nothing else does."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms_service.carrier.signature import sign, valid

VECTORS = Path(__file__).parents[2].parent / "shared" / "twilio" / "signature_vectors.json"
URL = "https://ex.org/webhooks/sms"
TOKEN = "12345678"
pairs = st.lists(st.tuples(st.text(min_size=1, max_size=8), st.text(max_size=20)), max_size=6)


def vectors() -> list[Any]:
    if not VECTORS.exists():
        return []
    return [v for v in json.loads(VECTORS.read_text()) if "params" in v]  # we are sent forms, never JSON


def as_pairs(params: dict[str, Any]) -> list[tuple[str, str]]:
    return [(key, value) for key, held in params.items() for value in (held if isinstance(held, list) else [held])]


def form(params: list[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for key, value in params:
        found.setdefault(key, []).append(value)
    return found


@pytest.mark.skipif(not VECTORS.exists(), reason=f"{VECTORS} is absent")
@pytest.mark.parametrize("vector", vectors(), ids=lambda v: v["name"])
def test_signatures_made_by_twilios_own_library_pass(vector: Any) -> None:
    params = as_pairs(vector["params"])
    assert valid(vector["url"], params, vector["signature"], [vector["token"]]) is vector["node_validate"]
    assert not valid(vector["url"], params, vector["signature"], ["another token"])


def test_a_repeated_parameter_counts_once_per_distinct_value_sorted() -> None:
    params = [("Media", "b"), ("Media", "a"), ("Media", "b")]
    assert sign(URL, form(params), TOKEN) == sign(URL, {"Media": ["a", "b"]}, TOKEN)
    assert valid(URL, params, sign(URL, {"Media": ["a", "b"]}, TOKEN), [TOKEN])


def test_blank_and_unknown_parameters_count() -> None:
    header = sign(URL, {"Body": ["hi"], "FromCity": [""], "Novelty": ["1"]}, TOKEN)
    params = [("Body", "hi"), ("FromCity", ""), ("Novelty", "1")]
    assert valid(URL, params, header, [TOKEN])
    for left_out in range(3):
        assert not valid(URL, params[:left_out] + params[left_out + 1 :], header, [TOKEN])


@pytest.mark.parametrize("header", [None, "", "x", "é", "\udce9", "=" * 28])
def test_a_missing_or_odd_header_fails(header: str | None) -> None:
    assert not valid(URL, [("Body", "hi")], header, [TOKEN])


def test_without_a_token_nothing_passes() -> None:
    assert not valid(URL, [], sign(URL, {}, ""), [])


def test_the_previous_token_still_passes_while_rotating() -> None:
    assert valid(URL, [], sign(URL, {}, "old token"), ["new token", "old token"])


@pytest.mark.parametrize(
    ("called", "signed"),
    [
        ("https://ex.org/sms", "https://ex.org:443/sms"),
        ("https://ex.org:443/sms", "https://ex.org/sms"),
        ("http://ex.org/sms", "http://ex.org:80/sms"),
        ("https://ex.org:8443/sms", "https://ex.org/sms"),
    ],
)
def test_the_port_may_be_written_or_left_out(called: str, signed: str) -> None:
    assert valid(called, [], sign(signed, {}, TOKEN), [TOKEN])


def test_escapes_in_the_address_are_taken_byte_for_byte() -> None:
    header = sign(URL + "?name=o%27neil%20%C3%B1", {}, TOKEN)
    assert valid(URL + "?name=o%27neil%20%C3%B1", [], header, [TOKEN])
    assert not valid(URL + "?name=o'neil ñ", [], header, [TOKEN])


def test_an_address_that_is_none_fails_without_raising() -> None:
    assert not valid("http://[half", [], "x", [TOKEN])
    assert not valid("http://ex.org:port/", [], "x", [TOKEN])


@given(params=pairs, other=pairs)
def test_any_form_passes_with_its_own_signature_and_no_other_form_does(
    params: list[tuple[str, str]], other: list[tuple[str, str]]
) -> None:
    header = sign(URL, form(params), TOKEN)
    assert valid(URL, params, header, [TOKEN])
    flat = "".join(k + v for k, vs in sorted(form(params).items()) for v in sorted(set(vs)))
    flat_other = "".join(k + v for k, vs in sorted(form(other).items()) for v in sorted(set(vs)))
    assert valid(URL, other, header, [TOKEN]) is (flat == flat_other)
