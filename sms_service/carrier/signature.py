"""Did Twilio write this request? Twilio's signature over the address and the form (fails closed)."""

import base64
import hashlib
import hmac
from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import urlsplit


def valid(url: str, params: Iterable[tuple[str, str]], header: str | None, tokens: Sequence[str]) -> bool:
    """Whether `header` signs this form at this address under one of `tokens`.

    `url` is the address as Twilio called it, byte for byte (PUBLIC_URL + raw URI, nothing un-escaped);
    `params` are all form pairs, blank, unknown and repeated ones included. No header, no tokens: False.
    """
    if not header or not tokens:
        return False
    given = header.encode("utf-8", "surrogateescape")
    form = _form(params)
    signed = [
        hmac.compare_digest(sign(spelling, form, token).encode(), given)
        for token in tokens
        for spelling in _spellings(url)
    ]
    return any(signed)


def sign(url: str, form: Mapping[str, Iterable[str]], token: str) -> str:
    """base64(HMAC-SHA1(token, url + each sorted key with its sorted distinct values))."""
    text = url + "".join(key + value for key in sorted(form) for value in sorted(set(form[key])))
    mac = hmac.new(token.encode(), text.encode("utf-8", "surrogatepass"), hashlib.sha1)
    return base64.b64encode(mac.digest()).decode()


def _form(params: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    form: dict[str, list[str]] = {}
    for key, value in params:
        form.setdefault(key, []).append(value)
    return form


def _spellings(url: str) -> tuple[str, ...]:
    """The address as it stands, without its port, and with the default one: Twilio signs any of them."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return (url,)
    default = 443 if parts.scheme == "https" else 80
    other = parts.netloc.removesuffix(f":{port}") if port else f"{parts.netloc}:{default}"
    scheme, _, rest = url.partition("://")
    return (url, f"{scheme}://{other}{rest.removeprefix(parts.netloc)}")
