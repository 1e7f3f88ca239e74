"""What a member sets by text: hour, language, zone, name, rhythm."""

from sms_service.flows.effects import Begin
from sms_service.flows.listen_for import FirstName, Hour, Where
from sms_service.flows.steps import After, Again, Answer, Ask, End, Flow, Listen, hours

UNCHANGED = "Nothing was changed. For choices, text MENU. For a person, text TALK."

TIME = Flow(
    "time",
    start="ask",
    steps={
        "ask": Listen(
            Hour(),
            "When should we ask how you are? Text an hour like 7 pm.",
            save="check_in_minute",
            goto="saved",
            otherwise=Again("Text an hour from 6 am to 11 pm, like 7 pm.", times=1, then="unchanged"),
            silence=After(hours(2), "rest"),
        ),
        "saved": End("Saved: {hour}. We will ask how you are at that hour."),
        "unchanged": End(UNCHANGED),
        "rest": End(""),
    },
)

LANGUAGE = Flow(
    "language",
    start="ask",
    steps={
        "ask": Ask(
            "Which language? Text 1: English. 2: Spanish (espanol).",
            (
                Answer("1", "English", "english", words=("english", "en"), es=("ingles",), value="en"),
                Answer("2", "Spanish", "spanish", words=("spanish",), es=("espanol", "es"), value="es"),
            ),
            told=True,
            save="language",
            otherwise=Again("Text 1: English. 2: espanol.", times=1, then="unchanged"),
            silence=After(hours(2), "rest"),
        ),
        "english": End("Saved: English. To change it, text ESPANOL."),
        "spanish": End("Saved: Spanish. To change it, text ENGLISH."),
        "unchanged": End(UNCHANGED),
        "rest": End(""),
    },
)

ZONE = Flow(
    "zone",
    start="ask",
    steps={
        "ask": Listen(
            Where(),
            "Where are you, so that we keep your hours? Text your ZIP code, or a zone like Pacific.",
            save="zone",
            goto="saved",
            otherwise=Again(
                "Text 5 digits of a ZIP code, or Eastern, Central, Mountain or Pacific.",
                times=1,
                then="unchanged",
            ),
            silence=After(hours(2), "rest"),
        ),
        "saved": End("Saved. We go by your local time now: {zone}."),
        "unchanged": End(UNCHANGED),
        "rest": End(""),
    },
)

NAME = Flow(
    "name",
    start="ask",
    steps={
        "ask": Listen(
            FirstName(),
            "What should we call you? A first name or any name you like.",
            save="name",
            goto="saved",
            otherwise=Again("Just a name, please, in a word or two.", times=1, then="unchanged"),
            silence=After(hours(2), "rest"),
        ),
        "saved": End("Thank you, {name}. To change it, text MENU."),
        "unchanged": End(UNCHANGED),
        "rest": End(""),
    },
)


def _rhythms() -> tuple[Answer, ...]:
    return (
        Answer(
            "1",
            "Each day",
            "saved",
            words=("daily", "every day"),
            es=("diario", "cada dia", "todos los dias"),
            value="daily",
        ),
        Answer("2", "Weekdays", "saved", words=("weekdays",), es=("entre semana",), value="weekdays"),
        Answer(
            "3",
            "Once a week",
            "saved",
            words=("weekly",),
            es=("semanal", "una vez por semana"),
            value="weekly",
        ),
    )


RHYTHM = Flow(
    "rhythm",
    start="ask",
    steps={
        "ask": Ask(
            "How often should we ask how you are?",
            _rhythms(),
            save="rhythm",
            otherwise=Again("Text 1, 2 or 3, please.", times=1, then="unchanged"),
            silence=After(hours(2), "rest"),
        ),
        "saved": End("Saved. To change it, text MENU. For a person, text TALK."),
        "unchanged": End(UNCHANGED),
        "rest": End(""),
    },
)

SUITS = Flow(
    "suits",
    start="ask",
    scheduled=True,
    steps={
        "ask": Ask(
            "Hi from {short}. It has been quiet. How often should we ask?",
            (*_rhythms(), Answer("4", "Pause", "pause", words=("pause", "never"), es=("pausa", "nunca"))),
            save="rhythm",
            otherwise=Again("Text 1, 2, 3 or 4, please.", times=1, then="unchanged"),
            silence=After(hours(20), "rest"),
        ),
        "saved": End("Saved. Good that you wrote. For a person, text TALK."),
        "pause": End("", Begin("pause")),
        "unchanged": End("OK, all stays as it was. For a person, text TALK."),
        "rest": End(""),
    },
)
