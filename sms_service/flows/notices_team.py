"""What volunteers and supervisors are told: statements by name, with case numbers and first names alone."""

from collections.abc import Mapping

TEAM: Mapping[str, str] = {
    "page": "{short}: case {no}, urgent. Reply TAKE {no} or PASS {no}.",  # PAGE
    "page_again": "{short}: case {no} is still waiting. Reply TAKE {no} or PASS {no}.",
    "taken": (  # TAKEN
        "You have case {no}, {name}, {language}. Plain texts go to {name}. Stuck: SUP {no}. Call: CALL {no}. "
        "End: DONE {no}. {name} wrote:"
    ),
    "wrote": "{name} {no}: {words}",
    "taken_by": "Case {no}: {name} has it. Thank you.",
    "not_open": "Case {no} is not open. Nothing was done.",
    "not_offered": "Case {no} was not offered to you. For help, call your supervisor.",
    "not_yours": "Case {no} is not yours. Nothing was sent.",
    "which_number": "Please add the case number, like {word} {no}.",
    "passed": "Case {no} is passed on. Thank you for saying so.",
    "line_to_volunteer": "{name} {no}: {words}",
    "reads_as_danger": "Case {no}: this reads as danger. Ask if {name} is safe. Stuck: SUP {no}.",
    "talk_left": "{name} {no} left the talk. Your texts no longer arrive.",
    "member_stopped": "{name} {no} sent STOP. Your texts do not arrive now. The case stays open.",
    "thanks_passed_on": "{name} {no} says: {words}",
    "unanswered": "{short}: nobody has taken case {no} yet. Reply TAKE {no}.",
    "sup_asked": "{short}: {name} asks for help with case {no}.",
    "rose": "{short}: case {no} is more urgent now. {name} has it. Please look in.",
    "not_safe": "{name} {no}: others may read that phone. Write only while {name} writes, and do not call.",
    "member_gone": "Texts do not reach {name} {no}. Please ask your supervisor.",
    "sup_told": "A supervisor is told about case {no}.",
    "vstop": (  # VSTOP, no case in hand
        "Your phone sent STOP. We can't page you, so you are off the rota. To return text START, then ON."
    ),
    "vstop_cases": (  # VSTOP
        "Your phone sent STOP. We can't page you, so you are off the rota. Cases {cases} are passed on. "
        "To return text START, then ON."
    ),
    "drill": "{short}: this is a drill, nobody is in need. Reply TAKE 0 now.",  # DRILL
    "drill_done": "Thank you. That was the drill.",
    "duty_on": "You are on call now. Pages come to this phone. To stop text OFF.",
    "duty_off": "You are off call now. Thank you.",
    "break_how": "Until when? Text BREAK 14:00 or BREAK 3 days. To stop, text OFF. You are still on call.",
}
