"""One person's turn: the conversation moved on, its words gathered, everything written down once at the end."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from sms_service.domain.oncall import hours_text
from sms_service.domain.words import Channel, Lang, Why
from sms_service.flows.effects import Do, Effect, Escalate, Json, Say, WakeAt
from sms_service.flows.engine import Place, advance, begin
from sms_service.flows.events import Event, Silence
from sms_service.flows.facts import Facts
from sms_service.flows.reading import tells_of_duty
from sms_service.say.ideas import ideas
from sms_service.say.sms import render_turn
from sms_service.services import directory
from sms_service.services.desk import Work
from sms_service.store.cases import Case, cases_around
from sms_service.store.conversations import Conversation, move_conversations, open_conversation
from sms_service.store.groups import groups_of
from sms_service.store.people import change_person
from sms_service.store.programs import Line, Program
from sms_service.store.rota import on_now
from sms_service.store.standing import Who
from sms_service.triage import Verdict

MOOD_QUESTIONS = frozenset({("check_in", "mood"), ("check_in", "nudge")})
_NAMES_GROUP = frozenset({"leave", "my_data"})
_ORDER = {"ended": 0, "parked": 1, "open": 2}


@dataclass(slots=True)
class Turn:
    """A person, a line and a moment. Everything said goes out as one reply when the turn is finished."""

    work: Work
    line: Line
    who: Who
    why: Why = "reply"
    channel: Channel = "sms"
    inbound_id: int | None = None
    says: list[Say] = field(default_factory=list)
    changes: dict[str, Any] = field(default_factory=dict)
    lang_now: Lang | None = None
    verdict: Verdict | None = None
    group: str = ""
    about: int | None = None
    """The case whose member's words this reply repeats: they are forgotten together."""
    slots: Mapping[str, Json] = field(default_factory=dict)
    _open: Conversation | None = None
    _parked: Conversation | None = None
    _moved: dict[int, tuple[Conversation, datetime | None]] = field(default_factory=dict)
    _aside: list[tuple[Conversation, datetime | None]] = field(default_factory=list)
    _fresh: Place | None = None
    _silence: timedelta | None = None
    _asking: Conversation | None = None
    _cases: list[Case] | None = None

    def __post_init__(self) -> None:
        self._open, self._parked = self.who.open, self.who.parked

    @property
    def program(self) -> Program:
        """The organisation that is written to."""
        return self.line.program

    @property
    def now(self) -> datetime:
        """The moment of the turn."""
        return self.work.now

    @property
    def lang(self) -> Lang:
        """The language of this reply."""
        return self.lang_now or self.changes.get("language", self.who.person.language)

    @property
    def verdict_lang(self) -> Lang | None:
        """The language in which danger was read, when there was any."""
        return self.verdict.lang if self.verdict is not None and self.verdict.level != "none" else None

    @property
    def says_minor(self) -> bool:
        """The text says that its writer is under 18: a supervisor is told, never a peer (SAFETY.md)."""
        return self.verdict is not None and self.verdict.minor

    @property
    def cases(self) -> list[Case]:
        """Open cases around this person, as member, owner or somebody offered; own ones closed in the last 24 h."""
        if self._cases is None:
            person = self.who.person
            some = self.who.has_cases or person.is_volunteer or person.is_supervisor
            self._cases = cases_around(self.work.conn, self.program.id, person.id, self.now) if some else []
        return self._cases

    @property
    def own_case(self) -> Case | None:
        """The open case this person is the member of."""
        mine = (c for c in self.cases if c.member_id == self.who.person.id and c.state != "closed")
        return next(mine, None)

    @property
    def asks_if_safe(self) -> bool:
        """Whether "Are you safe right now?" waits for its answer."""
        kept = [Place.from_json(waiting.place) for waiting in (self._open, self._parked) if waiting]
        return any(place.flow == "safe_now" for place in (*kept, self._fresh) if place)

    def keep_case(self, case: Case) -> None:
        """The case as this turn left it."""
        self._cases = [*(c for c in self.cases if c.id != case.id), case]

    def say(self, key: str, **fields: str) -> None:
        """Words of the catalogue; a bare name is a notice."""
        self.says.append(Say(key if "." in key else f"notice.{key}.say", fields))

    def begin(self, flow: str, *, slots: Mapping[str, Json] | None = None, heard: str | None = None) -> None:
        """Another conversation begins; the open one waits if this one asks something."""
        place, effects = begin(flow, self.facts(flow, named=True), self.now, slots=slots, heard=heard)
        if place is not None and self._open is not None:
            same = Place.from_json(self._open.place).flow == flow
            self._put_away(self._open, end=same)
        self._fresh, self.slots = place, slots or {}
        self._carry_out(effects)

    def hear(self, event: Event, conversation: Conversation) -> None:
        """The open (or parked) conversation moves on."""
        place = Place.from_json(conversation.place)
        after, effects = advance(place, event, self.facts(place.flow, place.step), self.now)
        if after is None:
            self._end(conversation)
        else:
            moved = replace(
                conversation, place=after.to_json(), turn=conversation.turn + 1, asked_at=None,
                prompted=self.inbound_id is not None,
            )  # fmt: skip
            self._asking = self._in_front(moved)
        self.slots = place.slots
        self._carry_out(effects)

    def end_conversations(self) -> None:
        """Nothing is asked any more."""
        self._fresh = self._asking = None
        for conversation in (self._open, self._parked):
            if conversation is not None:
                self._moved[conversation.id] = (replace(conversation, status="ended"), self.now)
        self._open = self._parked = None

    def forget_places(self) -> None:
        """Everything about the person is deleted: no conversation goes on, and none is written back as it was."""
        self.end_conversations()
        self._aside.clear()
        self._moved = {
            known: (replace(conversation, place="", status="ended"), self.now)
            for known, (conversation, _ended) in self._moved.items()
        }

    def silence_helps(self, conversation: Conversation) -> bool:
        """Whether somebody is told when this question stays unanswered."""
        return bool(self._help_of_silence(conversation))

    def _help_of_silence(self, conversation: Conversation) -> tuple[Effect, ...]:
        place = Place.from_json(conversation.place)
        _after, effects = advance(place, Silence(), self.facts(place.flow, place.step), self.now)
        return tuple(e for e in effects if isinstance(e, Escalate) or e == Do("write_when_open"))

    def drop(self, conversation: Conversation) -> None:
        """A question that waited too long is over, without words; a mood may still come late."""
        place = Place.from_json(conversation.place)
        if (place.flow, place.step) in MOOD_QUESTIONS:
            self.changes["mood_lapsed_at"] = self.now
        self._end(conversation)

    def _in_front(self, asking: Conversation) -> Conversation:
        """The conversation that asks now is the open one; the other waits behind it."""
        other = self._open
        if asking.status == "parked" and other is not None:
            self._aside.append((replace(asking, status="ended"), None))  # one is parked at a time, also in between
            self._moved[other.id] = (replace(other, status="parked"), None)
            self._parked = other
        asking = self._open = replace(asking, status="open")
        self._moved[asking.id] = (asking, None)
        return asking

    def _put_away(self, conversation: Conversation, *, end: bool) -> None:
        if not end and self._parked is not None and self._parked.id != conversation.id:
            self._push_out(self._parked)
        status = "ended" if end else "parked"
        kept = self._moved.get(conversation.id, (conversation, None))[0]
        self._moved[conversation.id] = (replace(kept, status=status), self.now if end else None)

    def _push_out(self, conversation: Conversation) -> None:
        """A third question leaves no room for this one: it won't be asked again, so its silence counts now."""
        self._moved[conversation.id] = (replace(conversation, status="ended"), self.now)
        self._parked, why = None, self.why
        if self.own_case is None or self.own_case.state != "claimed":
            self._carry_out(self._help_of_silence(conversation))
        self.why = why  # the reply is about something else

    def _end(self, conversation: Conversation) -> None:
        """Over; the one that waited behind it is asked again, unless another begins in this turn."""
        self._moved[conversation.id] = (replace(conversation, status="ended"), self.now)
        waiting, self._parked = self._parked, None
        if waiting is None or waiting.id == conversation.id:
            self._open = None if self._open is None or self._open.id == conversation.id else self._open
        else:
            self._open = replace(waiting, status="open")
            self._moved[waiting.id] = (self._open, None)

    def _carry_out(self, effects: tuple[Effect, ...]) -> None:
        from sms_service.services.apply import apply

        for effect in effects:
            match effect:
                case Say():
                    self.says.append(effect)
                case WakeAt(after):
                    self._silence = after
                case _:
                    apply(self, effect)

    def facts(self, flow: str = "", step: str = "", *, named: bool = False) -> Facts:
        """What a conversation may know of this person, this program, this moment; `named`: its group too."""
        person, program = self.who.person, self.program
        rota = self.work.rota(program.id) if tells_of_duty(flow, step) else []
        others = [one for one in on_now(rota, "volunteer", self.now) if one.person_id != person.id]
        shifts = [one.shift for one in rota if one.role == "volunteer"]
        known = self.changes.get
        group = self.group
        if not group and named and flow in _NAMES_GROUP:
            group = next((g.name for g in groups_of(self.work.conn, program.id, person.id)), "")
        return Facts(
            short=program.short, hours=hours_text(shifts, program.zone, self.lang), on_call=bool(others),
            lang=self.lang, country=person.country, zone=known("zone", person.zone), name=known("name", person.name),
            url=program.url, group=group, state=person.state, safe=known("safe", person.safe),
            check_in_minute=known("check_in_minute", person.check_in_minute), rhythm=known("rhythm", person.rhythm),
            last_mood=self.who.last_mood, last_mood_at=self.who.last_mood_at, mood_lapsed_at=person.mood_lapsed_at,
            last_idea=known("last_idea", person.last_idea), referred_at=person.referred_at,
            talk_name=self.own_case.owner_name if self.own_case else "", helplines=directory.helplines(),
            ideas=ideas(),
        )  # fmt: skip

    def opening(self) -> tuple[Place | None, timedelta | None, tuple[str, ...]]:
        """What `begin` made ready and `finish` would write down: the question's place, its clock, the texts."""
        return self._fresh, self._silence, self._bodies()

    def finish(self, *, chosen: bool = False) -> None:
        """Writes the person, the conversation and the reply down."""
        change_person(self.work.conn, self.who.person, **self.changes)
        moved = sorted(self._moved.values(), key=lambda one: _ORDER[one[0].status])
        move_conversations(self.work.conn, self.program.id, self._aside + moved)
        bodies = self._bodies()
        to = (self.program.id, self.who.person.id, self.line.id)
        for body in bodies:
            self.work.owe(*to, self.why, body, chosen=chosen, case_id=self.about)
        self._wind_silence(bool(bodies))

    def _bodies(self) -> tuple[str, ...]:
        overrides = self.work.lines.wordings(self.work.conn, self.program.id, self.lang, self.now)
        return render_turn(self.says, self.lang, overrides)

    def _wind_silence(self, spoken: bool) -> None:
        """The open question's clock: from now, and again from when it was really handed over."""
        asking = self._asking_now()
        if asking is None or self._silence is None:
            return
        conversation_id, turn = asking
        if spoken:
            self.work.asks(self.who.person.id, conversation_id, turn, self._silence)
        self.work.wake(self.program.id, "silence", conversation_id, self.now + self._silence, turn=turn)

    def _asking_now(self) -> tuple[int, int] | None:
        if self._fresh is not None:
            new_id = open_conversation(
                self.work.conn,
                self.program.id,
                self.who.person.id,
                self.channel,
                self._fresh.to_json(),
                1,
                self.inbound_id is not None,
                self.now,
            )
            return new_id, 1
        return (self._asking.id, self._asking.turn) if self._asking else None
