"""The last words: when the service cannot answer, Twilio asks here. Needs neither database nor Redis."""

from flask import Response, request

from sms_service.flows.notices import NOTICES
from sms_service.triage import assess
from sms_service.webhooks.twiml import message, spoken

SPOKEN_EN = (
    "This is a peer support line. We cannot answer right now. If you or someone is in danger, hang up and dial 911. "
    "For a person to talk to, day and night, call or text 9 8 8."
)
SPOKEN_ES = (
    "Esta es una línea de apoyo entre iguales. Ahora no podemos contestar. Si hay peligro, cuelgue y marque 911. "
    "Para hablar con una persona, día y noche, llame al 9 8 8 y oprima 2."
)
NOT_NOW = (
    "We can't answer right now. Please call or text 988: a person is there day and night. In danger? Call 911. "
    "We will read your text as soon as we can."
)
NOT_NOW_ES = (
    "Ahora no podemos contestar. Llame al 988 y oprima 2: hay alguien las 24 horas. ¿Peligro? Llame al 911. "
    "Leeremos su texto en cuanto podamos."
)
OVERDOSE = frozenset({"attempt", "overdose", "medical"})


def fallback(channel: str) -> Response:
    """Triage and 988 as TwiML; the text itself is fetched from Twilio's list when we are back."""
    if channel == "voice":
        return spoken(SPOKEN_EN, "en-US", SPOKEN_ES)
    verdict = assess(request.form.get("Body", ""))
    if verdict.level == "crisis" and verdict.family in OVERDOSE and verdict.lang == "en":
        return message(NOTICES["overdose"].removesuffix(" We are telling our team."))
    return message(NOT_NOW_ES if verdict.lang == "es" else NOT_NOW)
