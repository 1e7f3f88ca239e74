"""MENU: what can be had here, four choices at a time, 988 always named."""

from sms_service.flows.effects import Begin
from sms_service.flows.steps import After, Again, Answer, Ask, End, Flow, hours

MENU = Flow(
    "menu",
    start="first",
    steps={
        "first": Ask(
            "{short}: what would you like? Need someone now? Call or text 988.",
            (
                Answer("1", "My mood", "mood", words=("mood", "check in"), es=("animo", "mi animo")),
                Answer("2", "A person", "person", words=("person", "talk"), es=("persona", "hablar")),
                Answer("3", "A helpline", "helpline", words=("helpline", "line"), es=("linea",)),
                Answer("4", "More", "more", words=("more",), es=("mas",)),
            ),
            otherwise=Again("Text a number from 1 to 4. For a person, text TALK.", times=1, then="closed"),
            silence=After(hours(2), "rest"),
        ),
        "more": Ask(
            "What would you like?",
            (
                Answer("1", "An idea", "idea", words=("idea",), es=("idea",)),
                Answer("2", "My hour", "time", words=("hour", "time"), es=("hora", "mi hora")),
                Answer("3", "Pause", "pause", words=("pause",), es=("pausa",)),
                Answer("4", "Settings", "settings", words=("settings",), es=("ajustes",)),
            ),
            otherwise=Again("Text a number from 1 to 4. For a person, text TALK.", times=1, then="closed"),
            silence=After(hours(2), "rest"),
        ),
        "settings": Ask(
            "What would you like to change?",
            (
                Answer("1", "Language", "language", words=("language",), es=("idioma",)),
                Answer("2", "My name", "name", words=("name",), es=("nombre", "mi nombre")),
                Answer("3", "My ZIP", "zone", words=("zip", "zone"), es=("zip", "mi zip", "zona")),
                Answer("4", "How often", "rhythm", words=("often", "rhythm"), es=("cada cuanto",)),
            ),
            otherwise=Again("Text a number from 1 to 4. For a person, text TALK.", times=1, then="closed"),
            silence=After(hours(2), "rest"),
        ),
        "mood": End("", Begin("check_in")),
        "person": End("", Begin("talk")),
        "helpline": End("", Begin("helpline")),
        "idea": End("", Begin("idea")),
        "time": End("", Begin("time")),
        "pause": End("", Begin("pause")),
        "language": End("", Begin("language")),
        "name": End("", Begin("name")),
        "zone": End("", Begin("zone")),
        "rhythm": End("", Begin("rhythm")),
        "closed": End("No problem. Text MENU or TALK any time. 988 is open day and night."),
        "rest": End(""),
    },
)
