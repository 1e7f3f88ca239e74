"""BAJA while a mood is open: low, or no more texts? (CONVERSATION.md 7)"""

from sms_service.flows.effects import Begin, Do, Escalate
from sms_service.flows.steps import After, Again, Answer, Ask, End, Flow, Notice, hours

BAJA = Flow(
    "baja",
    start="ask",
    steps={
        "ask": Ask(
            "Is your mood low, or do you want to end these texts? Text 1: low mood. 2: end the texts. "
            "Call or text 988 if you need it.",
            (
                Answer("1", "Low mood", "low", words=("low", "mood"), es=("animo", "animo bajo", "bajo")),
                Answer(
                    "2",
                    "End the texts",
                    "stopped",
                    words=("no more texts",),
                    es=("dejar", "dejar los textos"),
                ),
            ),
            told=True,
            otherwise=Again("Text 1: low mood. 2: end the texts.", times=1, then="low"),
            silence=After(hours(4), "unanswered"),
        ),
        "low": End("", Escalate("concern"), Begin("concern")),
        "stopped": End(Notice("stop"), Do("stop")),
        "unanswered": End("", Escalate("concern")),
    },
)
