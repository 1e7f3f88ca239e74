"""The single statements of CONVERSATION.md and the short answers beside them: key -> English source."""

from collections.abc import Mapping

from sms_service.flows.notices_team import TEAM

# bracketed names in the comments are the keys of CONVERSATION.md
NEED: Mapping[str, str] = {
    "crisis": (  # A
        "Thank you for telling us. Call or text 988 now. In danger? Call 911. "
        "We are asking a volunteer to text you. Stay with us. If we got it wrong, text OK."
    ),
    "crisis_alone": (  # B
        "Thank you for telling us. No volunteer is on now. Please call or text 988: a person is there "
        "day and night. In danger? Call 911. Wrong? Text OK."
    ),
    "still_trying": (  # C
        "We are still trying to reach a person for you. Keep texting if you can. 988 is there now, "
        "call or text. In danger? Call 911."
    ),
    "not_reached": (  # D
        "We have not reached anyone from our group yet. You matter to us. Please call or text 988 now, "
        "someone is there. We will write to you tomorrow."
    ),
    "not_reached_quiet": (  # D, where it is not safe to write
        "We have not reached anyone from our group yet. You matter to us. Please call or text 988 now, "
        "someone is there."
    ),
    "overdose": (  # OD
        "Call 911 now. Say what you took. Unlock the door. Stay awake. Can't call? Wake or text someone "
        "near you. We are telling our team."
    ),
    "medical": (
        "Call 911 now. Say where you are. Unlock the door. Can't call? Wake or text someone near you. "
        "We are telling our team."
    ),
    "other_danger": (
        "Call 911 now if they are in danger or will not wake. Stay with them if it is safe. "
        "988 helps you too, call or text. We are telling our team."
    ),
    "harm_to_others": (
        "Thank you for telling us. If anyone is in danger now, call 911. You can call or text 988 "
        "day and night. A supervisor will read this."
    ),
    "minor": (
        "Thank you for telling us. We are for adults, but you are not alone. Call or text 988, or text "
        "HOME to 741741. A supervisor will read this."
    ),
    "ok": (  # OK
        "Thanks for telling us. Sorry if that felt odd. We would rather ask. A volunteer may still say hi. "
        "Text TALK any time."
    ),
    "self_told": (
        "Thank you for telling us. A supervisor is being told and calls you. We pass on your cases. "
        "Call or text 988 now. In danger? Call 911."
    ),
    "still_here": ("Thank you. Our team will still look in on you. Call or text 988 any time. In danger? Call 911."),
    "asking": "We are asking a volunteer to text you. It can take a few minutes. In danger? Call 911 or 988.",
    "still_asking": "We are still asking. Keep texting if you like. Need someone now? Call or text 988.",
}
TALK: Mapping[str, str] = {
    "take": (  # TAKE
        "{name} from our group is here. All you text now goes to {name}. {name} is a peer, not a therapist. "
        "To do something else, text MENU."
    ),
    "after": (  # AFTER
        "Your talk with {name} is closed. To reach who is on now, text TALK. For choices, text MENU. "
        "988 is open day and night."
    ),
    "closed_member": (
        "{name} has closed this talk. Thank you for writing. To reach us again, text TALK. 988 is open day and night."
    ),
    "handed_on": "{name} has to go. We are asking the next volunteer to text you. Need someone now? 988.",
    "handed_on_nobody": (
        "{name} has to go and no volunteer is on now. We keep your place. Need someone now? Call or text 988."
    ),
    "hello_quiet": "Hi, it's the group. Good time to write?",
    "line_to_member": "{name}: {words}",
}
FRONT_DOOR: Mapping[str, str] = {
    "stray": (  # STRAY
        'We got "{n}" but had not asked. For your mood, text MOOD {n}. For a person, TALK. For more, MENU. '
        "Bad night? Call or text 988."
    ),
    "new": (  # NEW
        "Hi, this is {short}, a text line run by volunteers, not watched day and night. Text TALK "
        "for a person. "
        "Need someone now? 988. STOP ends."
    ),
    "who": (  # WHO
        "This is {short}, a community text line. This number was given to us. Not yours? Text WRONG and we "
        "will not text again."
    ),
    "home": (  # HOME
        "That word works when you send it to 741741, not to us. Text HOME to 741741 or call 988. "
        "Want our own volunteer? Text TALK here."
    ),
    "media": (  # MMS
        "We can't open pictures or voice notes here. Please send words, or call this number. "
        "Need someone now? Call or text 988."
    ),
    "died": (  # DIED
        "Thank you for writing. Someone from {short} will read this and answer. If you need a person now, "
        "call or text 988."
    ),
    "join_unknown": (
        "We do not know that group. Please check the word and text JOIN and the word. Text TALK for a person."
    ),
    "join_already": "You are already in {group}. For choices, text MENU. For a person, text TALK.",
    "join_first": ("To use that, join a group first. Text JOIN and the word of your group. Text TALK for a person."),
    "not_yet": "We do not have that yet. For choices, text MENU. For a person, text TALK.",
    "closing": ("Let's stop here for now. For a person, text TALK. For choices, text MENU. 988 is open day and night."),
}
STANDING: Mapping[str, str] = {
    "stop": (  # STOP
        "{short}: no more texts, and we can't text you back. A person is there at 988, call or text. "
        "In danger? 911. Text START to return."
    ),
    "help": (  # HELP
        "{short}: peer check-ins and group times, not a crisis line. Volunteers {hours}. Need a person? "
        "Text TALK or 988. Data rates may apply. STOP ends."
    ),
    "help_short": (  # HELP where Twilio has said who we are
        "Volunteers {hours}. Need a person? Text TALK, or call or text 988. We are not a crisis line. STOP ends."
    ),
    "started": (
        "Welcome back to {short}. We will text you again. For choices, text MENU. For a person, TALK. STOP ends."
    ),
    "deleted": ("{short}: all we kept about you is deleted. You can come back with JOIN and the word of your group."),
}
NOTICES: Mapping[str, str] = {**NEED, **TALK, **FRONT_DOOR, **STANDING, **TEAM}
