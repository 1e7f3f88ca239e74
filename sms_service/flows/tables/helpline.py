"""HELPLINE: what is it about, then the lines that fit; a day later: did you get through?"""

from sms_service.flows.effects import Begin
from sms_service.flows.steps import After, Again, Answer, Ask, End, Flow, Fork, ReferTo, hours

HELPLINE = Flow(
    "helpline",
    start="about",
    slots=("need",),
    steps={
        "about": Fork("need_named", yes="lines", no="need"),
        "need": Ask(
            "What is it about?",
            (
                Answer("1", "Talk now", "lines", words=("talk", "now"), es=("hablar", "ahora"), value="talk"),
                Answer(
                    "2",
                    "Alcohol or drugs",
                    "lines",
                    words=("alcohol", "drugs", "drinking"),
                    es=("drogas",),
                    value="substance",
                ),
                Answer("3", "Not safe at home", "home", words=("home", "violence"), es=("casa", "violencia")),
                Answer("4", "Other", "other", words=("other", "something else"), es=("otra", "otra cosa")),
            ),
            keep="need",
            otherwise=Again("Text a number from 1 to 4. Need someone now? Call or text 988.", 1, "lines"),
            silence=After(hours(1), "rest"),
        ),
        "other": Ask(
            "Which fits best?",
            (
                Answer(
                    "1",
                    "Veterans",
                    "lines",
                    words=("veteran",),
                    es=("veterano", "veteranos"),
                    value="veteran",
                ),
                Answer("2", "LGBTQ", "lines", words=("gay", "trans"), es=("lgbt",), value="lgbtq"),
                Answer(
                    "3",
                    "New parent",
                    "lines",
                    words=("baby", "pregnant"),
                    es=("bebe", "padres nuevos", "embarazada"),
                    value="maternal",
                ),
                Answer("4", "Any line", "lines", words=("any", "none"), es=("cualquiera",), value="crisis"),
            ),
            keep="need",
            otherwise=Again("Text a number from 1 to 4. Need someone now? Call or text 988.", 1, "lines"),
            silence=After(hours(1), "rest"),
        ),
        "lines": Fork("lines_known", some="how_safe", none="none"),
        "how_safe": Fork("safe", free="given", kept="given_quiet"),
        "given": End(
            "{lines}. We will ask tomorrow if you got through. For a person from our group, text TALK.",
            ReferTo("line_ids"),
        ),
        "given_quiet": End(
            "{lines}. You can delete this text. For a person from our group, text TALK.", ReferTo("line_ids")
        ),
        "none": End(
            "We have no line for your country here. In danger? Call your local emergency number. "
            "For a person from our group, text TALK."
        ),
        "home": End("", Begin("violence", {"need": "violence"})),
        "rest": End(""),
    },
)

REFERRAL_CHECK = Flow(
    "referral_check",
    start="ask",
    scheduled=True,
    steps={
        "ask": Ask(
            "Hi from {short}. Did you get through to the line from yesterday?",
            (
                Answer("1", "Yes", "through", words=("i did",), es=("si pude",), yes=True, value="through"),
                Answer("2", "No", "offer", words=("busy",), es=("no pude",), no=True, value="not_through"),
                Answer(
                    "3",
                    "Did not try",
                    "offer",
                    words=("not tried", "didn't try"),
                    es=("no intente", "no llame"),
                    value="not_tried",
                ),
            ),
            save="referral_outcome",
            otherwise="offer",
            silence=After(hours(20), "rest"),
        ),
        "through": End("Good that you did. They are there day and night. For a person here, text TALK."),
        "offer": Ask(
            "Thanks for telling us. Would you like a person from our group to text you?",
            (
                Answer("1", "Yes", "person", words=("please",), es=("por favor",), yes=True),
                Answer("2", "Not now", "not_now", words=("later",), es=("ahora no", "luego"), no=True),
            ),
            otherwise=Again("Text 1 and a person will text you. Text 2: not now.", times=1, then="person", told=True),
            silence=After(hours(2), "rest"),
        ),
        "person": End("", Begin("talk")),
        "not_now": End("That is OK. For a person, text TALK any time. 988 is open day and night."),
        "rest": End(""),
    },
)
