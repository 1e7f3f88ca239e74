"""Every conversation of the service, by name."""

from collections.abc import Mapping

from sms_service.flows.steps import Flow
from sms_service.flows.tables.baja import BAJA
from sms_service.flows.tables.check_in import CHECK_IN
from sms_service.flows.tables.coming_and_going import DELETE_ME, LEAVE, MY_DATA, PAUSE, RESUME, WRONG
from sms_service.flows.tables.helpline import HELPLINE, REFERRAL_CHECK
from sms_service.flows.tables.join import JOIN
from sms_service.flows.tables.late_mood import LATE_MOOD
from sms_service.flows.tables.menu import MENU
from sms_service.flows.tables.need import ARE_YOU_OK, CONCERN, IDEA, SAFE_NOW, VIOLENCE
from sms_service.flows.tables.quiet import QUIET
from sms_service.flows.tables.settings import LANGUAGE, NAME, RHYTHM, SUITS, TIME, ZONE
from sms_service.flows.tables.talk import LEAVE_TALK, TALK, TALK_NOBODY, TALK_WAITING
from sms_service.flows.tables.team import HELD_LATE, HELD_WHICH, HELD_WORDS, OUTCOME, SELF

MEMBERS = (
    *(JOIN, CHECK_IN, LATE_MOOD, MENU, TALK, TALK_NOBODY, TALK_WAITING, LEAVE_TALK, HELPLINE, REFERRAL_CHECK, IDEA),
    *(SAFE_NOW, CONCERN, VIOLENCE, ARE_YOU_OK, BAJA, QUIET, TIME, LANGUAGE, ZONE, NAME, RHYTHM, SUITS),
    *(PAUSE, RESUME, LEAVE, DELETE_ME, MY_DATA, WRONG),
)
TEAM = (HELD_WORDS, HELD_WHICH, HELD_LATE, SELF, OUTCOME)

FLOWS: Mapping[str, Flow] = {flow.name: flow for flow in (*MEMBERS, *TEAM)}
