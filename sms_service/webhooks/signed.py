"""Was it Twilio? Fails closed: no signature, a wrong one, or a foreign address is 403."""

from flask import Response, request

from sms_service.carrier.signature import valid
from sms_service.settings import Settings


class Signed:
    """The guard before every webhook."""

    def __init__(self, settings: Settings) -> None:
        self._tokens = settings.twilio_tokens
        self._base = settings.public_url.rstrip("/")

    def refuse(self) -> Response | None:
        """None when the request is Twilio's."""
        pairs = [(key, value) for key, values in request.form.lists() for value in values]
        header = request.headers.get("X-Twilio-Signature")
        if valid(self._base + raw_uri(), pairs, header, self._tokens):
            return None
        return Response("The signature is not Twilio's.\n", 403, mimetype="text/plain")


def raw_uri() -> str:
    """Path and query as they came over the wire: Flask's own have their escapes undone (TWILIO.md)."""
    raw = request.environ.get("RAW_URI") or request.environ.get("REQUEST_URI") or request.full_path.rstrip("?")
    return str(raw)
