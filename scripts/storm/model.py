"""What a member must hear: their texts replayed through triage, understanding and the flows; no database is asked."""

from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sms_service.domain.words import CaseKind, Safe
from sms_service.flows.effects import Do, Effect, Escalate, Json, Refer, Save, Say, WakeAt
from sms_service.flows.engine import Place, advance, begin
from sms_service.flows.events import Heard
from sms_service.flows.facts import Facts
from sms_service.flows.understand import understand
from sms_service.flows.understood import (
    Answered,
    Danger,
    HeardText,
    HelpAsked,
    Keyworded,
    Meaning,
    MemberTalk,
    RelayIn,
    Standing,
    Started,
    Stopped,
)
from sms_service.say.ideas import ideas
from sms_service.say.sms import render_turn
from sms_service.services import directory
from sms_service.services.keywords import ARGUED_FLOWS, PLAIN_FLOWS
from sms_service.triage import Verdict, assess

SHORT, URL, GROUP, HOURS = "HOPE", "peers.example.org/p", "Hope Tuesday", "day and night"
TOLD_APART = timedelta(minutes=10)
"""Texts so close are read together."""
MOOD_QUESTIONS = frozenset({("check_in", "mood"), ("check_in", "nudge")})
FLOWS_REPLAYED = frozenset({"check_in", "menu", "helpline", "idea", "join"})


class BeyondModelError(Exception):
    """This text leads where the replay does not follow; the script chooses another."""


@dataclass(frozen=True)
class Reply:
    """The texts owed for one text heard; `urgent` ones may come twice. `opens`: a case that somebody must take."""

    bodies: tuple[str, ...]
    urgent: bool = False
    opens: CaseKind | None = None
    relayed: bool = False


@dataclass
class Replay:
    """One member as the pure engine sees them."""

    state: str = "active"
    is_member: bool = True
    place: Place | None = None
    safe: Safe = "free"
    last_mood: int | None = None
    last_mood_at: datetime | None = None
    mood_lapsed_at: datetime | None = None
    last_idea: int = -1
    referred_at: datetime | None = None
    check_in_minute: int | None = None
    case_at: datetime | None = None
    case_kind: CaseKind | None = None
    talk: MemberTalk | None = None
    talk_closed_at: datetime | None = None
    texted: bool = False
    recent: tuple[tuple[datetime, str, str], ...] = ()
    _says: list[Say] = field(default_factory=list)
    _reply: Reply = Reply(())

    def tried(self, body: str, now: datetime) -> "tuple[Replay, Reply]":
        """The member after this text, and what it is answered; BeyondModelError. This one stays as it is."""
        after = copy(self)
        return after, after.hear(body, now)

    def hear(self, body: str, now: datetime) -> Reply:
        """One text heard. BeyondModelError when it can't be replayed exactly."""
        self._says, self._reply = [], Reply(())
        verdict = self._judged(body, now)
        for meaning in understand(HeardText(body), self._standing(), verdict, now):
            self._act(meaning, body, now)
        self.recent = (*self.recent, (now, verdict.level, body))[-25:]
        self.texted = True
        reply = self._reply
        return Reply(render_turn(self._says, "en"), reply.urgent, reply.opens, reply.relayed)

    def prompted(self, now: datetime) -> tuple[str, ...]:
        """The check-in of this hour."""
        self._says = []
        self._begin("check_in", now)
        return render_turn(self._says, "en")

    def _judged(self, body: str, now: datetime) -> Verdict:
        verdict = assess(body)
        if verdict.level == "crisis" or not any(sign.isalpha() for sign in body):
            return verdict
        earlier = [one for one in self.recent if now - one[0] <= TOLD_APART]
        flagged = max((at for at, one in enumerate(earlier) if one[1] != "none"), default=-1)
        fresh = [words for _, _, words in earlier[flagged + 1 :]]
        if fresh and assess(body, fresh).level != verdict.level:
            raise BeyondModelError("the texts of the last minutes change what it means")
        return verdict

    def _standing(self) -> Standing:
        at = (self.place.flow, self.place.step) if self.place else ("", "")
        return Standing(
            state=self.state,  # type: ignore[arg-type]  # only states of this file's own are set
            is_member=self.is_member, talk=self.talk, open_flow=at[0], open_step=at[1], open_prompted=True,
            mood_open=at in MOOD_QUESTIONS, mood_lapsed_at=self.mood_lapsed_at, last_mood=self.last_mood,
            last_mood_at=self.last_mood_at, referred_at=self.referred_at, siren_at=self.case_at,
            texted_before=self.texted, talk_closed_at=self.talk_closed_at,
        )  # fmt: skip

    def _facts(self) -> Facts:
        return Facts(
            short=SHORT, hours=HOURS, on_call=True, url=URL, group=GROUP, state=self.state, safe=self.safe,
            check_in_minute=self.check_in_minute, last_mood=self.last_mood, last_mood_at=self.last_mood_at,
            mood_lapsed_at=self.mood_lapsed_at, last_idea=self.last_idea, referred_at=self.referred_at,
            talk_name=self.talk.other_name if self.talk else "", helplines=directory.helplines(), ideas=ideas(),
        )  # fmt: skip

    def _act(self, meaning: Meaning, body: str, now: datetime) -> None:  # noqa: C901 - one case for each meaning
        match meaning:
            case Keyworded("JOIN", _):
                self._begin("join", now, slots={"group_id": 1})
            case Keyworded(name, _) if name in PLAIN_FLOWS:
                self._begin(PLAIN_FLOWS[name], now)
            case Keyworded(name, arg) if name in ARGUED_FLOWS:
                self._begin(ARGUED_FLOWS[name], now, heard=arg or None)
            case Answered() if self.place is not None:
                self._went_to(*advance(self.place, Heard(body), self._facts(), now), now)
            case Danger("crisis", "suicide", in_talk=False):
                self._opened("crisis", now)
                self._say("crisis")
            case Stopped(twilio_replied=answered):
                self.state, self.place = "stopped", None
                if not answered:
                    self._say("stop", short=SHORT)
            case Started() if self.state == "stopped":
                self.state = "active"
                self._say("started", short=SHORT)
            case HelpAsked(concern=False):
                self._say("help", short=SHORT, hours=HOURS)
            case RelayIn():
                self._reply = Reply((), relayed=True)
            case _:
                raise BeyondModelError(type(meaning).__name__)

    def _say(self, notice: str, **fields: str) -> None:
        self._says.append(Say(f"notice.{notice}.say", fields))

    def _opened(self, kind: CaseKind, now: datetime) -> None:
        if self.case_at is not None:
            raise BeyondModelError("a case is open already")
        self.case_at, self.case_kind = now, kind
        self._reply = Reply((), urgent=kind == "crisis", opens=kind)

    def _begin(
        self, flow: str, now: datetime, *, slots: dict[str, Json] | None = None, heard: str | None = None
    ) -> None:
        if self.place is not None:
            raise BeyondModelError("a question is open")
        self._went_to(*begin(flow, self._facts(), now, slots=slots, heard=heard), now)

    def _went_to(self, place: Place | None, effects: Iterable[Effect], now: datetime) -> None:
        if place is not None and place.flow not in FLOWS_REPLAYED:
            raise BeyondModelError(place.flow)
        self.place = place
        for effect in effects:
            self._carry_out(effect, now)

    def _carry_out(self, effect: Effect, now: datetime) -> None:
        match effect:
            case Say():
                self._says.append(effect)
            case Save("mood", int(value)):
                self.last_mood, self.last_mood_at, self.mood_lapsed_at = value, now, None
            case Save("check_in_minute", int(value)):
                self.check_in_minute = value
            case Save("safe_to_write", "free"):
                self.safe = "free"
            case Do("join"):
                self.state, self.is_member = "active", True
            case Do("idea_given", value):
                self.last_idea = next((at for at, idea in enumerate(ideas()) if idea.id == value), -1)
            case Refer():
                self.referred_at = now
            case Escalate("talk"):
                self._opened("talk", now)
            case WakeAt():
                pass
            case _:
                raise BeyondModelError(str(effect))
