"""What each keyword of a member or a stranger begins (flows/keywords.py is the table of the words)."""

from collections.abc import Callable, Mapping

from sms_service.domain.plain import unaccented
from sms_service.flows.keywords import KEYWORDS
from sms_service.services.apply import DO, SAVE
from sms_service.services.turn import Turn
from sms_service.store.groups import group_by_code, groups_of

PLAIN_FLOWS = {
    "TALK": "talk", "MENU": "menu", "HELPLINE": "helpline", "QUIET": "quiet", "WRONG": "wrong", "IDEA": "idea",
    "MORE": "idea", "RESUME": "resume", "MY DATA": "my_data", "DELETE ME": "delete_me", "LEAVE": "leave",
}  # fmt: skip
"""Keywords that begin a conversation and take no argument."""
ARGUED_FLOWS = {"MOOD": "check_in", "TIME": "time", "PAUSE": "pause"}
"""Keywords whose argument answers the first question at once."""

MEMBERS_ONLY = {keyword.name for keyword in KEYWORDS if keyword.who == "member"}


def obey(turn: Turn, name: str, arg: str) -> None:
    """Begins what the keyword asks for."""
    if name in MEMBERS_ONLY and not turn.who.person.is_member:
        turn.say("join_first")
    elif name in PLAIN_FLOWS:
        turn.begin(PLAIN_FLOWS[name])
    elif name in ARGUED_FLOWS:
        turn.begin(ARGUED_FLOWS[name], heard=arg or None)
    else:
        SPECIAL[name](turn, arg)


def _join(turn: Turn, arg: str) -> None:
    group = group_by_code(turn.work.conn, turn.program.id, unaccented(arg).upper().strip()) if arg else None
    if group is None:
        turn.say("join_unknown")
        return
    turn.group = group.name
    if turn.who.person.is_member and group in groups_of(turn.work.conn, turn.program.id, turn.who.person.id):
        turn.say("join_already", group=group.name)
        return
    if not turn.who.person.is_member:
        turn.changes["language"] = group.language
    turn.begin("join", slots={"group_id": group.id})


def _language(turn: Turn, arg: str) -> None:
    if arg in ("en", "es"):
        SAVE["language"](turn, arg)
    turn.begin("language", heard=arg or None)


def _not_yet(turn: Turn, arg: str) -> None:
    turn.say("not_yet")


def _ok(turn: Turn, arg: str) -> None:
    """OK after a siren: thanks, never an apology for asking; after a plan it cancels nothing."""
    DO["cancel_siren"](turn, None)
    calm = turn.own_case is not None and turn.own_case.kind != "crisis"
    turn.say("ok" if calm else "still_here")


SPECIAL: Mapping[str, Callable[[Turn, str], None]] = {
    "JOIN": _join,
    "LANGUAGE": _language,
    "OK": _ok,
    "MEETINGS": _not_yet,
    "FIND": _not_yet,
}
