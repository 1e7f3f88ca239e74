"""TALK: a volunteer is asked, or, with nobody on, three choices (T0; CONVERSATION.md 14)."""

from sms_service.flows.effects import Begin, Do, Escalate
from sms_service.flows.listen_for import AnyWords
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

TALK = Flow(
    "talk",
    start="anybody",
    steps={
        "anybody": Fork("on_call", yes="asking", no="nobody"),
        "asking": End(Notice("asking"), Escalate("talk")),
        "nobody": End("", Begin("talk_nobody")),
    },
)

TALK_NOBODY = Flow(
    "talk_nobody",
    start="choice",
    steps={
        "choice": Ask(
            "No volunteer is on now. We are back {hours}. Text 1: write me then. 2: leave a note. "
            "3: a line open now. Need someone now? Call or text 988.",
            (
                Answer(
                    "1",
                    "Write me then",
                    "write_then",
                    words=("write me", "then"),
                    es=("escribame", "me escriben", "escribanme"),
                ),
                Answer("2", "Leave a note", "note", words=("note", "leave a note"), es=("nota", "recado")),
                Answer("3", "A line open now", "line", words=("line", "helpline"), es=("linea",)),
            ),
            told=True,
            otherwise="words_kept",
            silence=After(minutes(10), "write_anyway"),
        ),
        "write_then": End(
            "We will write to you when we are back: {hours}. Need someone before? Call or text 988.",
            Do("write_when_open"),
        ),
        "write_anyway": End("", Do("write_when_open")),
        "note": Listen(
            AnyWords(),
            "Text your note now. A volunteer reads it when we are back: {hours}.",
            keep="note",
            goto="note_kept",
            otherwise=Again("Text your note in words, please.", times=1, then="write_anyway"),
            silence=After(hours(2), "write_anyway"),
        ),
        "note_kept": End(
            "Saved. A volunteer will read your note and write to you. Need someone before? Call or text 988.",
            DoWith("note_for_volunteer", "note"),
        ),
        "words_kept": End(
            "Thank you. We keep your words for the next volunteer: {hours}. Need someone now? Call or text 988.",
            DoWith("note_for_volunteer", "heard"),
        ),
        "line": End("", Begin("helpline", {"need": "talk"})),
    },
)

TALK_WAITING = Flow(
    "talk_waiting",
    start="choice",
    steps={
        "choice": Ask(
            "No volunteer is free yet. We keep asking. Text 1: I will wait. 2: leave a note. "
            "3: a line open now. Need someone now? Call or text 988.",
            (
                Answer("1", "I will wait", "waiting", words=("wait",), es=("espero", "esperar")),
                Answer("2", "Leave a note", "note", words=("note", "leave a note"), es=("nota", "recado")),
                Answer("3", "A line open now", "line", words=("line", "helpline"), es=("linea",)),
            ),
            told=True,
            otherwise="note_kept",
            silence=After(hours(1), "rest"),
        ),
        "waiting": End("Thank you. We keep asking. Need someone before? Call or text 988."),
        "note": Listen(
            AnyWords(),
            "Text your note now. The next volunteer who is free reads it.",
            keep="note",
            goto="note_kept",
            otherwise=Again("Text your note in words, please.", times=1, then="waiting"),
            silence=After(hours(2), "rest"),
        ),
        "note_kept": End("Saved. The next volunteer reads it. Need someone before? Call or text 988."),
        "line": End("", Begin("helpline", {"need": "talk"})),
        "rest": End(""),
    },
)

LEAVE_TALK = Flow(
    "leave_talk",
    start="ask",
    steps={
        "ask": Ask(
            "Leave your talk with {talk_name}?",
            (
                Answer("1", "Leave", "leave", words=("leave", "go"), es=("salir", "dejar"), yes=True),
                Answer("2", "Stay", "stay", words=("stay",), es=("seguir", "quedarme"), no=True),
            ),
            otherwise=Again("Text 1 to leave the talk, 2 to stay.", times=1, then="stay", told=True),
            silence=After(minutes(10), "still_in"),
        ),
        "leave": End("", Do("leave_talk"), Begin("menu")),
        "stay": End("OK. {talk_name} still reads what you text."),
        "still_in": End(""),
    },
)
