"""When somebody may not be well: P, the choice after a concern, violence at home, are you OK, an idea."""

from sms_service.flows.effects import Begin, Escalate, Save
from sms_service.flows.steps import (
    After,
    Again,
    Answer,
    Ask,
    DoWith,
    End,
    Flow,
    Fork,
    Notice,
    ReferTo,
    hours,
    minutes,
)
from sms_service.flows.tables.choices import help_choices, person_offer, still_here

SAFE_NOW = Flow(
    "safe_now",
    start="ask",
    steps={
        "ask": Ask(
            "That sounds so heavy. I'm glad you said it. Are you safe right now? Text 1: yes. 2: not "
            "sure. 3: no. "
            "Call or text 988 any time.",
            (
                Answer("1", "Yes", "safe", words=("safe", "i am safe"), es=("a salvo", "estoy a salvo"), yes=True),
                Answer("2", "Not sure", "danger", words=("not sure", "idk", "maybe"), es=("no se", "tal vez")),
                Answer("3", "No", "danger", words=("not safe",), es=("no estoy a salvo",), no=True),
            ),
            told=True,
            otherwise=Again(
                "We hear you. Are you safe right now? Text 1: yes. 2: not sure. 3: no. Call or text 988 any time.",
                times=1,
                then="danger",
            ),
            silence=After(minutes(10), "danger"),
        ),
        "safe": End("", Escalate("concern", "passive"), Begin("concern")),
        "danger": Fork("on_call", yes="asking", no="alone"),
        "asking": End(Notice("crisis"), Escalate("crisis", "passive")),
        "alone": End(Notice("crisis_alone"), Escalate("crisis", "passive")),
    },
)


def _concern(text: str, helpline: str = "helpline") -> Ask:
    choices = (*help_choices()[:2], *(_leading(answer, helpline) for answer in help_choices()[2:]))
    return Ask(text, choices, otherwise="person_offer", silence=After(minutes(30), "still_here"))


def _leading(answer: Answer, goto: str) -> Answer:
    return Answer(answer.key, answer.label, goto, answer.words, answer.es)


CONCERN = Flow(
    "concern",
    start="kind",
    slots=("family",),
    steps={
        "kind": Fork("concern_kind", other="hard", someone="someone", panic="panic", relapse="relapse"),
        "hard": _concern("Thank you for telling us. You are not alone with this. What would help?"),
        "someone": _concern(
            "It is hard to fear for someone. Ask them how they are, listen and stay close. "
            "988 helps you too, call or text. What would help?"
        ),
        "panic": _concern(
            "That sounds scary. Breathe out slowly, name 5 things you can see. 988 is there, call or text. "
            "What would help?"
        ),
        "relapse": _concern(
            "Thank you for telling us. One hard day does not undo your work. What would help?",
            "substance_line",
        ),
        "person_offer": person_offer(),
        "still_here": still_here(),
        "person": End("", Begin("talk")),
        "idea": End("", Begin("idea")),
        "helpline": End("", Begin("helpline")),
        "substance_line": End("", Begin("helpline", {"need": "substance"})),
        "not_now": End("That is OK. For a person, text TALK any time. 988 is open day and night."),
        "rest": End(""),
    },
)

VIOLENCE = Flow(
    "violence",
    start="ask",
    slots=("need",),
    steps={
        "ask": Ask(
            "Got it. Is it safe to text you? Text 1: yes. 2: no. If you need help now call 911. "
            "You can delete this text and yours.",
            (
                Answer("1", "Yes", "lines", words=("safe",), es=("seguro",), yes=True),
                Answer("2", "No", "silent", words=("not safe",), es=("no es seguro",), no=True),
            ),
            told=True,
            first=(Save("safe_to_write", "after"),),
            otherwise=Again("Is it safe to text you? Text 1: yes. 2: no. In danger? Call 911.", 1, "silent"),
            silence=After(hours(1), "silent"),
        ),
        "lines": Fork("lines_known", some="given", none="none"),
        "given": End("{lines}. In danger? Call 911. We write only after you write.", ReferTo("line_ids")),
        "none": End("In danger? Call your local emergency number. We write only after you write."),
        "silent": End(""),
    },
)

ARE_YOU_OK = Flow(
    "are_you_ok",
    start="ask",
    steps={
        "ask": Ask(
            "Are you OK? Text 1: yes. 2: no.",
            (
                Answer("1", "Yes", "fine", words=("ok", "fine", "i am ok"), es=("bien", "estoy bien"), yes=True),
                Answer("2", "No", "not_fine", words=("bad",), es=("mal", "estoy mal"), no=True),
            ),
            told=True,
            otherwise="not_fine",
            silence=After(hours(1), "open_door"),
        ),
        "fine": End("Good. For a person, text TALK any time."),
        "not_fine": End("", Escalate("concern"), Begin("concern")),
        "open_door": End("We are here. For a person, text TALK. 988 is open day and night."),
    },
)

IDEA = Flow(
    "idea",
    start="any",
    steps={
        "any": Fork("idea_known", some="given", none="none"),
        "given": End("{idea} For one more, text MORE. For a person, text TALK.", DoWith("idea_given", "idea_id")),
        "none": End("Try this: breathe out slowly, 5 times. For a person, text TALK."),
    },
)
