"""How are you today: a mood from 0 to 10, met with fitting words (SCENARIOS.md 2, 8, 9)."""

from sms_service.flows.effects import Begin, Do, Escalate
from sms_service.flows.listen_for import Mood
from sms_service.flows.steps import (
    After,
    Again,
    Ask,
    End,
    Flow,
    Fork,
    Listen,
    hours,
    minutes,
)
from sms_service.flows.tables.choices import after_idea, help_choices, person_offer, still_here

JUST_A_NUMBER = Again("Just a number from 0 to 10, please.", times=1, then="later")

CHECK_IN = Flow(
    "check_in",
    start="mood",
    scheduled=True,
    steps={
        "mood": Listen(
            Mood(0, 10),
            "Hi from {short}. From 0 to 10, how are you today?",
            save="mood",
            goto="weigh",
            otherwise=JUST_A_NUMBER,
            silence=After(hours(4), "nudge"),
        ),
        "nudge": Listen(
            Mood(0, 10),
            "No rush. From 0 to 10, how are you today? Any number is fine.",
            save="mood",
            goto="weigh",
            otherwise=JUST_A_NUMBER,
            silence=After(hours(4), "lapsed"),
        ),
        "weigh": Fork("mood_band", low="low", falling="falling", middle="middle", high="high"),
        "low": Ask(
            "Mood {mood} saved. That sounds hard. What would help?",
            help_choices(),
            first=(Escalate("concern"),),
            otherwise="person_offer",
            silence=After(minutes(30), "still_here"),
        ),
        "falling": Ask(
            "Mood {mood} saved. That is a lot lower than last time. What would help?",
            help_choices(),
            first=(Escalate("concern"),),
            otherwise="person_offer",
            silence=After(minutes(30), "still_here"),
        ),
        "middle": after_idea("Mood {mood} saved. Thanks for telling us. {idea} Would more help?"),
        "high": End("Mood {mood} saved. Good to hear. Hold on to what helped today. See you next time."),
        "fine": End("Good. We are here. For a person, text TALK any time."),
        "person_offer": person_offer(),
        "still_here": still_here(),
        "person": End("", Begin("talk")),
        "idea": End("", Begin("idea")),
        "helpline": End("", Begin("helpline")),
        "not_now": End("That is OK. For a person, text TALK any time. 988 is open day and night."),
        "later": End("No problem. Text MOOD and a number any time, or TALK for a person.", Do("mood_lapsed")),
        "lapsed": End("", Do("mood_lapsed")),
        "rest": End(""),
    },
)
