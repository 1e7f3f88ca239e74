"""TALK and crisis: a volunteer is paged, takes the case, words go both ways, DONE ends it."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import partial

from sms_service.flows.effects import Effect, Say
from sms_service.flows.engine import Place, advance, begin
from sms_service.flows.events import Heard
from sms_service.flows.facts import Facts
from sms_service.flows.understood import MemberTalk
from sms_service.say.sms import render_notice, render_turn
from storm.crowd import Crowd, Life, Phone
from storm.ledger import Owed
from storm.lives import Lives
from storm.model import HOURS, SHORT

PAGE = re.compile(rf"{SHORT}: case (\d+)(?:, urgent\.| is still waiting\.) Reply TAKE \1 or PASS \1\.")
BRIEF = re.compile(r"You have case (\d+), (\w+), English\.")
TAKEN = re.compile(r"Case \d+(?:: \w+ has it\. Thank you\.| is not open\. Nothing was done\.)")
HELD = re.compile(r'Send "TAKE \d+" to \w+, or close \d+\?.*|For \w+ \(\d+\) or \w+ \(\d+\)\? Reply .*')
"""A TAKE that came too late from somebody who owns another case is held and asked about (CONVERSATION.md 19)."""
COMFORTS = tuple(render_notice(name, "en") for name in ("still_asking", "still_trying"))
"""What a member may hear when nobody has taken their case for five minutes."""
OPENERS = ("TALK", "i need to talk to someone", "i want to die", "i am going to kill myself")
TO_MEMBER = ("hello, how is it going?", "i am here, take your time", "that was a long day for you")
TO_VOLUNTEER = ("it was a long day", "thank you for being here", "work was a lot this week")


class Needs:
    """Members who need somebody, and the volunteers who answer their pages."""

    def __init__(self, crowd: Crowd, lives: Lives, members: Iterable[Phone], team: Iterable[Phone]) -> None:
        self._crowd, self._lives = crowd, lives
        self._dice = crowd.dice
        self._by_name = {phone.name: phone for phone in members}
        self._openings: dict[Phone, tuple[str, bool]] = {}
        self._owners: dict[Phone, tuple[Phone, int, Owed]] = {}
        self._closing: set[Phone] = set()
        self._asked: set[Phone] = set()  # something else waits for their "1"
        self.pages: set[tuple[str, str]] = set()
        self.paged: set[int] = set()
        self.paged_twice: list[tuple[str, str]] = []
        self.comforts = 0
        self.wrong: list[tuple[str, str]] = []
        self.opened = 0
        for volunteer in team:
            crowd.listeners[volunteer.number] = partial(self._page, volunteer)
        for member in self._by_name.values():
            crowd.listeners[member.number] = self._comfort

    @property
    def open(self) -> int:
        """Cases that wait or go on."""
        return len(self._openings)

    def need(self, member: Phone) -> Life:
        """From the first word to the last of one talk."""
        opener = self._dice.choice(OPENERS)
        yield member.may_text
        owed = self._lives.speak(member, opener)
        urgent = member.replay.case_kind == "crisis"
        self._openings[member] = (opener, urgent)
        self.opened += 1
        yield lambda: _all(owed) and member in self._owners and _all([self._owners[member][2]])
        volunteer, number, _ = self._owners[member]
        member.replay.talk = MemberTalk(number, volunteer.name, self._crowd.stage.now())
        for _ in range(self._dice.randrange(1, 3)):
            words = self._dice.choice(TO_MEMBER)
            self._crowd.text(volunteer, f"{number} {words}")
            yield partial(_all, [self._crowd.owe(member, f"{volunteer.name}: {words}", urgent=urgent)])
            words = self._dice.choice(TO_VOLUNTEER)
            yield member.may_text
            self._lives.speak(member, words)
            yield partial(_all, [self._crowd.owe(volunteer, f"{member.name} {number}: {words}", urgent=urgent)])
        yield from self._close(member, volunteer, number, urgent=urgent)

    def _close(self, member: Phone, volunteer: Phone, number: int, *, urgent: bool) -> Life:
        """DONE and how it ended; of one volunteer's cases one after the other."""
        yield lambda: volunteer not in self._closing
        self._closing.add(volunteer)
        asked, saved = _outcome(member.name, number)
        self._crowd.text(volunteer, f"DONE {number}")
        closed = render_notice("closed_member", "en", name=volunteer.name, short=SHORT)
        owed = [self._crowd.owe(member, closed, urgent=urgent), *(self._crowd.owe(volunteer, one) for one in asked)]
        yield partial(_all, owed)
        if volunteer.may_text() and volunteer not in self._asked:
            self._crowd.text(volunteer, "1")
            yield partial(_all, [self._crowd.owe(volunteer, one) for one in saved])
        self._closing.discard(volunteer)
        del self._openings[member], self._owners[member]
        replay = member.replay
        replay.talk, replay.case_at, replay.case_kind = None, None, None
        replay.talk_closed_at = self._crowd.stage.now()

    def _page(self, volunteer: Phone, body: str, at: float) -> bool:
        """A page on a volunteer's phone; each may come once."""
        del at
        found = PAGE.fullmatch(body)
        if found is None:
            return False
        if (volunteer.number, body) in self.pages:
            self.paged_twice.append((volunteer.number, body))
        self.pages.add((volunteer.number, body))
        self.paged.add(int(found[1]))
        self._crowd.begin(self._take(volunteer, int(found[1])), within=2.0)
        return True

    def _take(self, volunteer: Phone, number: int) -> Life:
        if number in {known for _, known, _ in self._owners.values()}:
            return
        self._crowd.text(volunteer, f"TAKE {number}")
        answered = self._crowd.owe(
            volunteer,
            lambda body: bool(BRIEF.match(body) or TAKEN.fullmatch(body) or HELD.fullmatch(body)),
            what=f"TAKE {number}",
        )
        yield partial(_all, [answered])
        if HELD.fullmatch(answered.body):
            self._asked.add(volunteer)
        found = BRIEF.match(answered.body)
        if found:
            self._briefed(volunteer, int(found[1]), self._by_name[found[2]], answered.body)

    def _briefed(self, volunteer: Phone, number: int, member: Phone, body: str) -> None:
        """The case is theirs: the rest of the briefing and the member's greeting are owed."""
        opener, urgent = self._openings[member]
        first, *rest = _brief(member.name, number, opener)
        if body != first:
            self.wrong.append((volunteer.number, body))
        for words in rest:
            self._crowd.owe(volunteer, words)
        greeting = render_notice("take", "en", name=volunteer.name, short=SHORT)
        self._owners[member] = (volunteer, number, self._crowd.owe(member, greeting, urgent=urgent))

    def _comfort(self, body: str, at: float) -> bool:
        del at
        self.comforts += body in COMFORTS
        return body in COMFORTS


def _all(owed: Iterable[Owed]) -> bool:
    return all(one.arrived_at is not None for one in owed)


def _brief(name: str, number: int, opener: str) -> tuple[str, ...]:
    known = {"no": str(number), "name": name}
    says = [
        Say("notice.taken.say", known | {"language": "English"}),
        Say("notice.line_to_volunteer.say", known | {"words": opener}),
    ]
    return render_turn(says, "en")


def _outcome(name: str, number: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """How a volunteer is asked how it ended, and thanked for the answer."""
    facts = Facts(short=SHORT, hours=HOURS, on_call=True)
    now = datetime.now(UTC)
    place, asked = begin("outcome", facts, now, slots={"name": name, "no": str(number)})
    assert isinstance(place, Place), "the outcome is asked"
    _, saved = advance(place, Heard("1"), facts, now)
    return _said(asked), _said(saved)


def _said(effects: Iterable[Effect]) -> tuple[str, ...]:
    return render_turn([effect for effect in effects if isinstance(effect, Say)], "en")
