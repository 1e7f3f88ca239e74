"""One text in front of the rules, with what is read off it by several of them."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sms_service.domain.plain import plain
from sms_service.domain.yes_no import parse_yes_no
from sms_service.flows.keywords import Found, keyword_of
from sms_service.flows.understood import Answered, CaseRef, HeardText, Judged, Standing

IN_FLIGHT_FOR = timedelta(seconds=10)
LIVE_FOR = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Hearing:
    """The text, who says it, what triage thinks of it, and when."""

    heard: HeardText
    standing: Standing
    verdict: Judged
    now: datetime

    @property
    def body(self) -> str:
        """What was typed."""
        return self.heard.body.strip()

    @property
    def keyword(self) -> Found | None:
        """The keyword that the whole text is."""
        return keyword_of(self.body)

    @property
    def wordless(self) -> bool:
        """Neither word nor digit, nor a thumb that says yes or no, nor a bare "?" or "!"."""
        signs = set(self.body) - set("?¿!¡ ")
        return not plain(self.body) and parse_yes_no(self.body) is None and (bool(signs) or not self.body)

    @property
    def on_duty(self) -> bool:
        """Whether this phone is one of the team's."""
        return self.standing.is_volunteer or self.standing.is_supervisor or bool(self.standing.cases)

    @property
    def owned(self) -> tuple[CaseRef, ...]:
        """The open cases this person has taken."""
        return tuple(case for case in self.standing.cases if case.open and case.stand == "owned")

    @property
    def talk_is_live(self) -> bool:
        """The volunteer wrote to this member within ten minutes (CONVERSATION.md 16)."""
        talk = self.standing.talk
        return talk is not None and self.within(LIVE_FOR, talk.volunteer_wrote_at)

    def within(self, span: timedelta, since: datetime | None) -> bool:
        """Whether something happened, and no longer ago than this."""
        return since is not None and self.now - since <= span

    def answer(self) -> Answered:
        """An answer is for the newest question that had been there for ten seconds (CONVERSATION.md 2).

        A question that replied to the person's own text can't have crossed with their answer: there it is enough
        that it was handed over.
        """
        asked_at = self.standing.open_asked_at
        crossing = timedelta(0) if self.standing.open_prompted else IN_FLIGHT_FOR
        in_flight = asked_at is None or self.now - asked_at < crossing
        return Answered("parked" if in_flight and self.standing.parked_flow else "open")
