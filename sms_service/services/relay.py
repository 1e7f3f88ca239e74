"""A claimed talk: words go both ways under first names, never a number (CONVERSATION.md 16-20)."""

from collections.abc import Iterator
from dataclasses import replace

from sms_service.domain.ladder import QUIET_FAMILIES
from sms_service.domain.words import Lang, Why
from sms_service.say.sms import render_notice
from sms_service.services.desk import Work, line_for
from sms_service.services.turn import Turn
from sms_service.store.cases import Case, change_case
from sms_service.store.people import person_by_id
from sms_service.store.programs import Program

LONGEST = 1400
"""Characters of one relayed text: Twilio takes 1,600 with the name before them."""
NAMELESS: dict[Lang, str] = {"en": "Friend", "es": "Alguien"}
VOLUNTEER: dict[Lang, str] = {"en": "A volunteer", "es": "Una persona"}


def name_of_member(case: Case) -> str:
    """First name as the volunteer sees it."""
    return case.member_name or NAMELESS[case.owner_lang]


def name_of_owner(case: Case) -> str:
    """First name as the member sees it."""
    return case.owner_name or VOLUNTEER[case.member_lang]


def why_of(case: Case) -> Why:
    """Words of a crisis go before everything else."""
    return "crisis" if case.kind == "crisis" else "reply"


def may_write(case: Case) -> bool:
    """Whether words the member did not just write for may go to them (CONVERSATION.md 23, 26, 31)."""
    beyond = case.member_state in ("stopped", "died")
    return not beyond and case.member_safe == "free" and case.family not in QUIET_FAMILIES


def tell_owner(work: Work, program: Program, case: Case, notice: str, **fields: str) -> None:
    """A notice to the case's owner, with the case's number and the member's first name."""
    assert case.owner_id is not None, "a case without an owner has nobody to tell"
    known = {"no": str(case.case_no), "name": name_of_member(case), "short": program.short} | fields
    line = line_for(work, program, case.owner_line)
    body = render_notice(notice, case.owner_lang, **known)
    work.owe(program.id, case.owner_id, line.id, why_of(case), body, case_id=case.id)


def tell_member(work: Work, program: Program, case: Case, notice: str, **fields: str) -> None:
    """A notice to the case's member; nothing to one who has died."""
    if case.member_state == "died":
        return
    known = {"name": name_of_owner(case), "short": program.short} | fields
    line = line_for(work, program, case.member_line)
    wordings = work.lines.wordings(work.conn, program.id, case.member_lang, work.now)
    body = render_notice(notice, case.member_lang, wordings, **known)
    work.owe(program.id, case.member_id, line.id, why_of(case), body, case_id=case.id)


def relay_in(turn: Turn, case: Case, words: str) -> None:
    """What the member of a claimed case said goes to its owner; nothing is answered by machine."""
    for part in pieces(words):
        tell_owner(turn.work, turn.program, case, "line_to_volunteer", words=part)
    change_case(turn.work.conn, turn.program.id, case.id, member_at=turn.now)


def relay_out(turn: Turn, case: Case, words: str) -> None:
    """What the owner said goes to the member, unless it can't arrive: then the owner is told."""
    member = person_by_id(turn.work.conn, case.program_id, case.member_id)
    if member.state in ("stopped", "unreachable", "died"):
        notice = "member_stopped" if member.state == "stopped" else "member_gone"
        turn.say(notice, name=name_of_member(case), no=str(case.case_no))
        return
    for part in pieces(words):
        tell_member(turn.work, turn.program, case, "line_to_member", words=part)
    change_case(turn.work.conn, turn.program.id, case.id, owner_at=turn.now)
    turn.keep_case(replace(case, owner_at=turn.now))


def pieces(words: str) -> Iterator[str]:
    """Words in texts that Twilio takes, cut at a space where there is one."""
    rest = words.strip() or "…"
    while len(rest) > LONGEST:
        cut = rest.rfind(" ", 0, LONGEST)
        cut = cut if cut > LONGEST // 2 else LONGEST
        yield rest[:cut]
        rest = rest[cut:].strip()
    yield rest
