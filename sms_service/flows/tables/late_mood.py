"""A mood that answers a prompt of last night: saved as late and met like any mood (LATE)."""

from sms_service.flows.effects import Begin, Escalate
from sms_service.flows.steps import After, Ask, End, Flow, Fork, Keep, Tell, minutes
from sms_service.flows.tables.choices import after_idea, help_choices, person_offer, still_here

LATE_MOOD = Flow(
    "late_mood",
    start="save",
    slots=("mood",),
    steps={
        "save": Tell("", "weigh", Keep("late_mood", "mood")),
        "weigh": Fork("mood_band", low="low", falling="low", middle="middle", high="high"),
        "low": Ask(
            "Saved: mood {mood} for last night. That sounds hard. Text 1: a person. 2: an idea. 3: a "
            "helpline. "
            "988 is always open. Wrong? Text MOOD 7.",
            help_choices(),
            told=True,
            first=(Escalate("concern"),),
            otherwise="person_offer",
            silence=After(minutes(30), "still_here"),
        ),
        "middle": after_idea("Saved: mood {mood} for last night. {idea} Would more help?"),
        "high": End("Saved: mood {mood} for last night. Good to hear. For a new mood, text MOOD and a number."),
        "fine": End("Good. We are here. For a person, text TALK any time."),
        "person_offer": person_offer(),
        "still_here": still_here(),
        "person": End("", Begin("talk")),
        "idea": End("", Begin("idea")),
        "helpline": End("", Begin("helpline")),
        "not_now": End("That is OK. For a person, text TALK any time. 988 is open day and night."),
        "rest": End(""),
    },
)
