"""Twilio's webhook signature (https://www.twilio.com/docs/usage/security#validating-requests)."""

import hashlib
import hmac
from base64 import b64encode
from collections.abc import Mapping, Sequence
from typing import Literal, TypeAlias

Params: TypeAlias = Mapping[str, str | Sequence[str]]
Verdict: TypeAlias = Literal["valid", "wrong", "missing"]


def sign(token: str, url: str, params: Params) -> str:
    """Base64 of HMAC-SHA1 over the URL and each key and value by sorted key; repeated values once, sorted."""
    text = url + "".join(key + value for key in sorted(params) for value in _values(params[key]))
    return b64encode(hmac.new(token.encode(), text.encode(), hashlib.sha1).digest()).decode()


def check(token: str, url: str, params: Params, signature: str | None) -> Verdict:
    """What a receiver that knows the token would think of this signature."""
    if signature is None:
        return "missing"
    expected = sign(token, url, params).encode()
    return "valid" if hmac.compare_digest(expected, signature.encode()) else "wrong"


def _values(value: str | Sequence[str]) -> list[str]:
    return [value] if isinstance(value, str) else sorted(set(value))
