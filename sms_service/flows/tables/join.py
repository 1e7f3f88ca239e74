"""Joining a group: agreement with privacy, is it safe to write, at which hour (CONVERSATION.md 12)."""

from sms_service.flows.effects import Do, Save
from sms_service.flows.listen_for import SIX_PM, Hour
from sms_service.flows.steps import After, Again, Answer, Ask, DoWith, End, Flow, Listen, hours
from sms_service.flows.tables.quiet import safe_question

PRIV = (
    "Volunteers and staff may read your texts. We keep them 30 days. If a life is in danger we may give "
    "your number to 911. More: {url}"
)

JOIN = Flow(
    "join",
    start="agree",
    slots=("group_id",),
    steps={
        "agree": Ask(
            "{short}: mood check-ins by text for {group}, about 1 a day. We are peers, not therapists. "
            "We are not here day and night. Msg & data rates may apply. HELP for help, STOP to end.",
            (
                Answer(
                    "1",
                    "Join",
                    "safe",
                    words=("join", "i agree", "agree"),
                    es=("unirme", "acepto", "quiero unirme"),
                    yes=True,
                    does=(DoWith("join", "group_id"),),
                ),
                Answer("2", "No", "declined", words=("no thanks", "not now"), es=("no gracias",), no=True),
            ),
            also=PRIV,
            otherwise=Again(
                "Text 1 to join or 2 for no. For a person, text TALK.", times=1, then="declined", told=True
            ),
            silence=After(hours(4), "lapsed"),
        ),
        "safe": safe_question(free="hour", after="done_after", never="done_never", unclear="safe_unclear"),
        "safe_unclear": End(
            "You are in. To be safe, we write only after you write. To change that, text QUIET. "
            "For a person, text TALK. HELP for help, STOP ends.",
            Save("safe_to_write", "after"),
        ),
        "hour": Listen(
            Hour(offer=SIX_PM),
            "When should we ask how you are? Text 1 for 6 pm, or an hour like 7 pm.",
            save="check_in_minute",
            goto="done",
            otherwise=Again("Text 1 for 6 pm, or an hour from 6 am to 11 pm, like 7 pm.", times=1, then="hour_offer"),
            silence=After(hours(2), "hour_offer"),
        ),
        "hour_offer": End(
            "You are in. We will ask each day at 6 pm. For another hour, text TIME. For a person, TALK. "
            "HELP for help, STOP ends.",
            Save("check_in_minute", SIX_PM),
        ),
        "done": End(
            "You are in. {short} will ask each day at {hour}. For another hour, text TIME. "
            "For a person, text TALK. For all, MENU. Msg & data rates may apply. HELP for help, STOP ends."
        ),
        "done_after": End(
            "You are in. We write only after you write. Text MOOD any time, or TALK for a person. "
            "To change this, text QUIET. Msg & data rates may apply. HELP for help, STOP ends."
        ),
        "done_never": End(
            "You are in. We will not text first. Call this number any time. To change this, text QUIET. "
            "Msg & data rates may apply. HELP for help, STOP ends."
        ),
        "declined": End(
            "OK. You are not in, and we will not text you. Need a person? Text TALK, or call or text 988.",
            Do("decline"),
        ),
        "lapsed": End(""),
    },
)
