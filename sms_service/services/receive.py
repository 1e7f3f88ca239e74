"""One inbound text, one transaction: kept once, understood, answered in rows (DESIGN.md §5).

1. The line tells the program; the person is found or made, and locked, so that two texts of one person queue.
2. The SID is kept; one that was heard before changes nothing.
3. Danger is looked for in the text, and in it together with the last ten minutes.
4. What it means is decided purely (flows/understand.py) and acted on (services/act.py).
5. Reply, wakes and cases are written, then the bell is rung.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sms_service.domain.phone import Number, country_of, textable
from sms_service.domain.words import Level
from sms_service.domain.zone import zone_of_number
from sms_service.flows.spoken import in_spanish
from sms_service.flows.understand import understand
from sms_service.flows.understood import (
    Answered,
    Danger,
    Duty,
    HeardText,
    HelpAsked,
    Keyworded,
    Meaning,
    NoMasStop,
    RelayIn,
    RelayOut,
    Started,
    Stopped,
)
from sms_service.services import enrol
from sms_service.services.act import act_on
from sms_service.services.desk import Desk, Work
from sms_service.services.stand import standing_of
from sms_service.services.turn import Turn
from sms_service.store.inbounds import add_inbound, flag_inbound, hear
from sms_service.store.people import Person, new_person
from sms_service.store.programs import Line
from sms_service.store.standing import Who, earlier_texts, nobody_yet, who_wrote
from sms_service.triage import Verdict, assess

log = logging.getLogger(__name__)
OLD = timedelta(minutes=10)
"""A text caught up later than this is heard only for danger and stop; people see it on Today."""
JUST_NOW = timedelta(seconds=10)
"""An older text was caught up; after a restore it may have been answered before."""
LOOP = 20
"""The 21st text of one person in five minutes gets no more replies, danger excepted: two machines may be talking."""
OptOutType = Literal["", "STOP", "START", "HELP"]
GRAVITY: dict[Level, int] = {"none": 0, "concern": 1, "crisis": 2}


ALWAYS_HEARD = RelayIn | RelayOut | Duty | HelpAsked
FOR_HELP = frozenset({"TALK", "HELPLINE"})
IN_NEED = frozenset({"safe_now", "violence", "are_you_ok", "concern", "talk_nobody"})
"""What even a loop does not silence: words between people, whatever asks for help, answers to "are you safe?"."""


@dataclass(frozen=True, slots=True)
class InboundText:
    """What Twilio said arrived. `at` is when; `now` may be later for one that was caught up."""

    sid: str
    from_number: str
    to_number: str
    body: str
    at: datetime
    media: int = 0
    opt_out_type: OptOutType = ""

    def __repr__(self) -> str:
        """The SID only."""
        return f"<InboundText {self.sid}>"


def receive(desk: Desk, text: InboundText, now: datetime) -> bool:
    """Hears one text. A sender that can't be answered is logged by SID and left. False: no line of ours."""
    number = textable(text.from_number)
    if number is None:
        log.warning("sender cannot be answered", extra={"sid": text.sid})
        return True
    verdict = assess(text.body)
    ours: list[bool] = []
    desk.transact(f"in:{text.sid}", now, lambda work: ours.append(_hear(work, text, number, verdict)))
    return ours[-1]


def _hear(work: Work, text: InboundText, number: Number, verdict: Verdict) -> bool:
    line = work.lines.line(work.conn, text.to_number, work.now)
    if line is None:
        log.error("a text for a number that is no line of ours", extra={"sid": text.sid})
        return False
    if work.now - text.at > JUST_NOW:
        work.doubt(text.at)
    kept = _keep(work, line, text, number, verdict)
    if kept is None:
        return True
    inbound_id, who = kept
    turn = Turn(work, line, who, inbound_id=inbound_id)
    verdict = _with_the_last_minutes(turn, text, verdict)
    turn.verdict = verdict
    if who.person.line_id != line.id:
        turn.changes["line_id"] = line.id
    if who.person.state == "unreachable":
        enrol.reached(turn)
    if in_spanish(text.body, verdict.lang):
        turn.lang_now = "es"
    heard = HeardText(text.body, text.media, text.opt_out_type)
    standing = standing_of(turn)
    for meaning in understand(heard, standing, verdict, work.now):
        if _worth_acting(turn, text, meaning, standing.open_flow):
            act_on(turn, meaning, heard)
    turn.finish()
    return True


def _keep(work: Work, line: Line, text: InboundText, number: Number, verdict: Verdict) -> tuple[int, Who] | None:
    """The text written down and its person locked, whoever it is; None when this SID was heard before."""
    program_id, judged = line.program.id, (verdict.level, verdict.family, verdict.rule)
    given = (text.sid, text.body, text.media, judged, work.now)
    heard = hear(work.conn, program_id, number, line.id, *given)
    stranger = None if heard else _stranger(work, line, number, spanish=in_spanish(text.body, verdict.lang))
    if stranger is not None:
        first = add_inbound(work.conn, program_id, stranger.id, line.id, "sms", *given)
        return None if first is None else (first, nobody_yet(stranger))
    heard = heard or hear(work.conn, program_id, number, line.id, *given)  # somebody else may just have made them
    if heard is None:
        return None
    return heard[0], who_wrote(work.conn, program_id, heard[1], "sms", work.now, heard[0])


def _stranger(work: Work, line: Line, number: Number, *, spanish: bool) -> Person | None:
    """A person the program does not know yet; a first text in Spanish asks for somebody who speaks it."""
    program = line.program
    return new_person(
        work.conn, program.id, number, work.now, language="es" if spanish else program.language,
        country=country_of(number) or program.country, zone=zone_of_number(number) or program.zone, line_id=line.id,
    )  # fmt: skip


def _with_the_last_minutes(turn: Turn, text: InboundText, verdict: Verdict) -> Verdict:
    """The text read together with those just before it: a crisis may come in pieces."""
    assert turn.inbound_id is not None, "only a kept text is read"
    if verdict.level == "crisis" or not any(sign.isalpha() for sign in text.body):
        return verdict
    earlier = earlier_texts(turn.who)
    flagged = max((i for i, one in enumerate(earlier) if one.level != "none"), default=-1)
    fresh = [one.body for one in earlier[flagged + 1 :]]
    joined = assess(text.body, fresh) if fresh else verdict
    if GRAVITY[joined.level] <= GRAVITY[verdict.level]:
        return verdict
    flag_inbound(turn.work.conn, turn.program.id, turn.inbound_id, (joined.level, joined.family, joined.rule))
    return joined


def _worth_acting(turn: Turn, text: InboundText, meaning: Meaning, open_flow: str) -> bool:
    """An old text counts only for danger and stop; a loop gets no more replies, yet words between people go on."""
    if isinstance(meaning, Stopped | Started):
        return not _was_overtaken(turn, text)
    if isinstance(meaning, Danger | NoMasStop):
        return True
    if turn.now - text.at > OLD:
        return False
    asks = isinstance(meaning, Keyworded) and meaning.name in FOR_HELP
    asks = asks or (isinstance(meaning, Answered) and open_flow in IN_NEED)
    return asks or isinstance(meaning, ALWAYS_HEARD) or turn.who.texts_of_5_min < LOOP


def _was_overtaken(turn: Turn, text: InboundText) -> bool:
    """A STOP or START fetched after a newer one was heard: what was said last counts. The list knows whole seconds."""
    person = turn.who.person
    return person.state in ("active", "stopped") and text.at + timedelta(seconds=1) < person.state_at
