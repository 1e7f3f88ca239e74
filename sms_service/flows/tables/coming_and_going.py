"""Resting, returning and leaving: pause, resume, leave, delete me, my data, wrong number."""

from sms_service.flows.effects import Do
from sms_service.flows.listen_for import Days
from sms_service.flows.steps import After, Again, Answer, Ask, DoWith, End, Flow, Fork, Listen, hours

PAUSE = Flow(
    "pause",
    start="ask",
    steps={
        "ask": Listen(
            Days(),
            "For how many days should we rest? Text a number like 7, or 0: until you text RESUME.",
            keep="days",
            goto="how_long",
            otherwise=Again("A number of days, please, like 7. Or 0: until you text RESUME.", 1, "open"),
            silence=After(hours(2), "open"),
        ),
        "how_long": Fork("pause_kind", days="days", open="open"),
        "days": End(
            "OK. We will not text first for the next {days} days. To go on before, text RESUME. For a person, TALK.",
            DoWith("pause", "days"),
        ),
        "open": End("OK. We will not text first until you text RESUME. For a person, text TALK any time.", Do("pause")),
    },
)

RESUME = Flow(
    "resume",
    start="back",
    steps={"back": End("Welcome back. We will ask how you are again. For another hour, text TIME.", Do("resume"))},
)

LEAVE = Flow(
    "leave",
    start="ask",
    steps={
        "ask": Ask(
            "Leave {group}? Check-ins will end. You can still text TALK.",
            (
                Answer("1", "Leave", "left", words=("leave",), es=("salir", "dejar"), yes=True),
                Answer("2", "Stay", "stay", words=("stay",), es=("quedarme", "seguir"), no=True),
            ),
            otherwise=Again("Text 1 to leave, 2 to stay.", times=1, then="stay", told=True),
            silence=After(hours(2), "rest"),
        ),
        "left": End(
            "You have left. Thank you for being with us. To return, text JOIN and the word of your group. "
            "988 is open day and night.",
            Do("leave"),
        ),
        "stay": End("Good. You are still in. For choices, text MENU."),
        "rest": End(""),
    },
)

DELETE_ME = Flow(
    "delete_me",
    start="ask",
    steps={
        "ask": Ask(
            "Delete all we keep about you? You leave the group and your texts and moods are gone for good.",
            (
                Answer("1", "Delete", "deleted", words=("delete",), es=("borrar",), yes=True),
                Answer("2", "Keep", "kept", words=("keep",), es=("guardar",), no=True),
            ),
            otherwise=Again("Text 1 to delete all, 2 to keep it.", times=1, then="kept", told=True),
            silence=After(hours(2), "rest"),
        ),
        "deleted": End(
            "OK. We delete it now. If a talk is open, we delete it when that ends. 988 is open day and night.",
            Do("delete_me"),
        ),
        "kept": End("OK. Nothing is deleted. For choices, text MENU."),
        "rest": End(""),
    },
)

MY_DATA = Flow(
    "my_data",
    start="told",
    steps={
        "told": End(
            "We keep: {data}. Texts for 30 days, moods for 12 months. To have it all sent, ask a "
            "person: TALK. "
            "To delete it, text DELETE ME.",
            Do("send_my_data"),
        )
    },
)

WRONG = Flow(
    "wrong",
    start="gone",
    steps={
        "gone": End(
            "Sorry about that. We will not text this number again. Need someone? 988 is open day and night.",
            Do("wrong_number"),
        )
    },
)
