"""The few TwiML documents that webhooks for texts answer with."""

from xml.sax.saxutils import escape

from flask import Response

EMPTY = '<?xml version="1.0" encoding="UTF-8"?><Response/>'


def empty() -> Response:
    """Heard; the reply goes out by the outbox."""
    return Response(EMPTY, 200, mimetype="text/xml")


def message(words: str) -> Response:
    """One text, sent by Twilio itself."""
    body = f'<?xml version="1.0" encoding="UTF-8"?><Response><Message>{escape(words)}</Message></Response>'
    return Response(body, 200, mimetype="text/xml")


def spoken(words: str, language: str, more: str = "", more_language: str = "es-US") -> Response:
    """Said on a call, then hung up."""
    says = f'<Say language="{language}">{escape(words)}</Say>'
    says += f'<Say language="{more_language}">{escape(more)}</Say>' if more else ""
    body = f'<?xml version="1.0" encoding="UTF-8"?><Response>{says}{says}<Hangup/></Response>'
    return Response(body, 200, mimetype="text/xml")
