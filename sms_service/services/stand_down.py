"""One of the team can't go on, by their own crisis or their own STOP: off the rota, cases handed on."""

from datetime import timedelta

from sms_service.services.claim import hand_on
from sms_service.services.escalate import refused
from sms_service.services.turn import Turn

OFF_FOR = timedelta(days=7)
"""After a crisis of their own; ON ends it before (CONVERSATION.md 17)."""


def stand_down(turn: Turn) -> list[int]:
    """Off the rota now; their talks start at the next rung, and so do the pages they had. The cases they owned."""
    person = turn.who.person
    turn.changes["off_until"] = turn.now + OFF_FOR
    owned = [case for case in turn.cases if case.owner_id == person.id and case.state == "claimed"]
    for case in owned:
        turn.keep_case(hand_on(turn.work, turn.program, case))
    for case in turn.cases:
        if case.offered and case.state == "open" and case.member_id != person.id and case.owner_id is None:
            refused(turn.work, turn.program, case)
    return [case.case_no for case in owned]
