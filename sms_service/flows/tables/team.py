"""The volunteers' side: a text that is held and asked about, is this about you, how did it end."""

from sms_service.flows.effects import Do
from sms_service.flows.listen_for import CaseNumber, MeOrCase
from sms_service.flows.steps import (
    After,
    Again,
    Answer,
    Ask,
    DoWith,
    End,
    Flow,
    Fork,
    Listen,
    Notice,
    hours,
    minutes,
)

HELD_WORDS = Flow(
    "held_words",
    start="ask",
    slots=("words", "name", "no"),
    steps={
        "ask": Ask(
            'Send "{words}" to {name}, or close {no}?',
            (
                Answer("1", "Send", "send", words=("send",), es=("mandar", "enviar")),
                Answer("2", "Close", "close", words=("close", "done"), es=("cerrar", "listo")),
            ),
            otherwise=Again('Text 1 to send "{words}" to {name}, 2 to close {no}.', times=1, then="kept", told=True),
            silence=After(minutes(5), "kept"),
        ),
        "send": End("", DoWith("relay_held", "no")),
        "close": End("", DoWith("close_case", "no")),
        "kept": End("Nothing was sent to {name} and case {no} is still open."),
    },
)

HELD_WHICH = Flow(
    "held_which",
    start="ask",
    slots=("name", "no", "name2", "no2"),
    steps={
        "ask": Listen(
            CaseNumber(),
            "For {name} ({no}) or {name2} ({no2})? Reply {no} or {no2}.",
            keep="chosen",
            goto="send",
            otherwise=Again("Reply {no} for {name} or {no2} for {name2}.", times=1, then="kept"),
            silence=After(minutes(5), "kept"),
        ),
        "send": End("", DoWith("relay_held", "chosen")),
        "kept": End("Nothing was sent. Begin your text with the case number, like {no}."),
    },
)

HELD_LATE = Flow(
    "held_late",
    start="ask",
    slots=("words", "name", "no"),
    steps={
        "ask": Ask(
            'Your talk with {name} ({no}) was a while ago. Send "{words}"?',
            (
                Answer("1", "Send", "send", words=("send",), es=("mandar", "enviar"), yes=True),
                Answer("2", "Do not send", "kept", words=("not",), es=("no mandar",), no=True),
            ),
            otherwise=Again("Text 1 to send it to {name}, 2 not to.", times=1, then="kept", told=True),
            silence=After(minutes(10), "kept"),
        ),
        "send": End("", DoWith("relay_held", "no")),
        "kept": End("Nothing was sent to {name}."),
    },
)

SELF = Flow(
    "self",
    start="ask",
    slots=("name", "no"),
    steps={
        "ask": Listen(
            MeOrCase(),
            "Is this about you? Text ME and a supervisor calls you. We pass on your cases. For {name}? "
            "Text {no} and we send it. 988 is for you too.",
            keep="about",
            goto="whose",
            otherwise=Again("Text ME if it is about you, or {no} for {name}. 988 is for you too.", 1, "me"),
            silence=After(minutes(10), "me"),
        ),
        "whose": Fork("about", me="me", them="them"),
        "me": End(Notice("self_told"), Do("self_crisis")),
        "them": End("", DoWith("relay_held", "no")),
    },
)


def _endings() -> tuple[Answer, ...]:
    return (
        Answer("1", "Reached", "saved", words=("reached",), es=("hablamos",), yes=True, value="reached"),
        Answer(
            "2",
            "Not reached",
            "not_reached",
            words=("not reached",),
            es=("no contesta",),
            value="not_reached",
        ),
        Answer(
            "3",
            "Went to 988",
            "saved",
            words=("handed",),
            es=("fue al 988", "fue a la linea"),
            value="handed_988",
        ),
        Answer("4", "No danger", "saved", words=("false alarm",), es=("sin peligro",), value="false_alarm"),
    )


OUTCOME = Flow(
    "outcome",
    start="ask",
    slots=("name", "no"),
    steps={
        "ask": Ask(
            "Case {no}: how did it end with {name}?",
            _endings(),
            save="outcome",
            otherwise=Again("Case {no}: text a number from 1 to 4, please.", times=1, then="unsaved"),
            silence=After(minutes(30), "once_more"),
        ),
        "once_more": Ask(
            "Please tell us how case {no} ended.",
            _endings(),
            save="outcome",
            otherwise=Again("Case {no}: text a number from 1 to 4, please.", times=1, then="unsaved"),
            silence=After(hours(4), "rest"),
        ),
        "saved": End("Saved. Thank you. Take a breath before the next one."),
        "not_reached": End("Saved. We will try {name} again. Thank you for staying with it."),
        "unsaved": End("OK. A supervisor will ask you how case {no} ended."),
        "rest": End(""),
    },
)
