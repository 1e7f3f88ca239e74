"""Facts worked out for a table: which branch a fork takes, what a placeholder says. Pure and total.

`FORKS` maps a fact to its branches, `FIELDS` a placeholder to its text, `WIDEST` each placeholder to the
longest value that the check of segments assumes.
"""

from collections.abc import Callable, Mapping
from datetime import datetime

from sms_service.domain.helplines import Helpline, shown, suited
from sms_service.domain.hour import shown_hour
from sms_service.domain.mood import band
from sms_service.flows.effects import Json
from sms_service.flows.facts import Facts, Idea
from sms_service.flows.steps import Fork

Slots = Mapping[str, Json]
Branching = Callable[[Facts, Slots, datetime], str]
Showing = Callable[[Facts, Slots, datetime], Json]

WIDEST_LINES = 190
"""Characters of all helplines in one text: what is left of two parts beside the words around them."""


def branch(fork: Fork, facts: Facts, slots: Slots, now: datetime) -> str:
    """The step a fork leads to; a fact without its own branch takes the first, which the check forbids."""
    _names, work_out = FORKS[fork.fact]
    name = work_out(facts, slots, now)
    return fork.branches.get(name) or next(iter(fork.branches.values()))


def value(name: str, facts: Facts, slots: Slots, now: datetime) -> Json:
    """A slot's value, else a derived one, else None."""
    if name in slots and name not in FIELDS:
        return slots[name]
    return FIELDS[name](facts, slots, now) if name in FIELDS else None


def _mood_band(facts: Facts, slots: Slots, _now: datetime) -> str:
    mood = slots.get("mood")
    return band(mood, facts.last_mood) if isinstance(mood, int) else "middle"


def _concern_kind(_facts: Facts, slots: Slots, _now: datetime) -> str:
    kinds = {"someone_else": "someone", "unsafe": "panic", "relapse": "relapse"}
    return kinds.get(str(slots.get("family") or ""), "other")


def _about(_facts: Facts, slots: Slots, _now: datetime) -> str:
    return "them" if slots.get("about") == "them" else "me"


def _may_ask(facts: Facts, _slots: Slots, _now: datetime) -> str:
    """Whether we may text first: somebody who only wrote to us, or rests, is promised no question tomorrow."""
    return "free" if facts.safe == "free" and facts.state == "active" else "kept"


FORKS: Mapping[str, tuple[tuple[str, ...], Branching]] = {
    "mood_band": (("low", "falling", "middle", "high"), _mood_band),
    "on_call": (("yes", "no"), lambda facts, _slots, _now: "yes" if facts.on_call else "no"),
    "safe": (("free", "kept"), _may_ask),
    "need_named": (("yes", "no"), lambda _facts, slots, _now: "yes" if slots.get("need") else "no"),
    "lines_known": (
        ("some", "none"),
        lambda facts, slots, now: "some" if _lines(facts, slots, now) else "none",
    ),
    "idea_known": (("some", "none"), lambda facts, _slots, _now: "some" if facts.ideas else "none"),
    "concern_kind": (("someone", "panic", "relapse", "other"), _concern_kind),
    "pause_kind": (("days", "open"), lambda _facts, slots, _now: "days" if slots.get("days") else "open"),
    "about": (("me", "them"), _about),
}


def _lines(facts: Facts, slots: Slots, now: datetime) -> tuple[Helpline, ...]:
    """As many of the suited helplines as one text has room for, the first in any case."""
    need = str(slots.get("need") or "crisis")
    found = suited(facts.helplines, facts.country, need, facts.lang, now)
    while len(found) > 1 and len(_shown_lines(found, facts)) > WIDEST_LINES:
        found = found[:-1]
    return found


def _shown_lines(lines: tuple[Helpline, ...], facts: Facts) -> str:
    return ". ".join(shown(line, facts.lang) for line in lines)


def next_idea(facts: Facts) -> Idea | None:
    """The idea after the last one given, from the beginning again after the last of all."""
    return facts.ideas[(facts.last_idea + 1) % len(facts.ideas)] if facts.ideas else None


def _idea(facts: Facts, _slots: Slots, _now: datetime) -> Json:
    idea = next_idea(facts)
    return "" if idea is None else (idea.es if facts.lang == "es" else idea.en)


def _idea_id(facts: Facts, _slots: Slots, _now: datetime) -> Json:
    idea = next_idea(facts)
    return idea.id if idea else None


def _hour(facts: Facts, slots: Slots, _now: datetime) -> Json:
    minute = slots.get("check_in_minute", facts.check_in_minute)
    return shown_hour(minute, facts.lang) if isinstance(minute, int) else ""


def _zone(facts: Facts, slots: Slots, _now: datetime) -> Json:
    return str(slots.get("zone") or facts.zone).rpartition("/")[2].replace("_", " ")


def _name(facts: Facts, slots: Slots, _now: datetime) -> Json:
    return slots.get("name") or facts.name


def _held(_facts: Facts, slots: Slots, _now: datetime) -> Json:
    words = " ".join(str(slots.get("words") or "").split())
    return words if len(words) <= LONGEST_HELD else f"{words[:LONGEST_HELD]}..."


LONGEST_HELD = 60
"""Characters of a volunteer's held text that are shown back."""


def _data(facts: Facts, slots: Slots, now: datetime) -> Json:
    """What MY DATA names: no words of the member, values alone."""
    spanish = facts.lang == "es"
    mood = "" if facts.last_mood is None else f"{'animo' if spanish else 'mood'} {facts.last_mood}"
    language = "español" if spanish else "English"
    known = (facts.name, language, _zone(facts, slots, now), _hour(facts, slots, now), mood, facts.group)
    return ", ".join(str(part) for part in known if part)


FIELDS: Mapping[str, Showing] = {
    "short": lambda facts, _slots, _now: facts.short,
    "hours": lambda facts, _slots, _now: facts.hours,
    "group": lambda facts, _slots, _now: facts.group,
    "url": lambda facts, _slots, _now: facts.url,
    "talk_name": lambda facts, _slots, _now: facts.talk_name,
    "name": _name,
    "hour": _hour,
    "zone": _zone,
    "idea": _idea,
    "idea_id": _idea_id,
    "lines": lambda facts, slots, now: _shown_lines(_lines(facts, slots, now), facts),
    "line_ids": lambda facts, slots, now: " ".join(line.id for line in _lines(facts, slots, now)),
    "words": _held,
    "data": _data,
}

WIDEST: Mapping[str, str] = {
    "short": "PEERS OF SJ 1",
    "hours": "Mon-Fri 18-22:30",
    "group": "Hope Tuesday evenings",
    "url": "peers.example.org/p",
    "talk_name": "Maximiliano",
    "name": "Maximiliano",
    "name2": "Guadalupe",
    "no": "1234",
    "no2": "1235",
    "cases": "1234, 1235",
    "mood": "10",
    "n": "10",
    "days": "365",
    "hour": "11:45 pm",
    "zone": "Indianapolis",
    "idea": "i" * 100,
    "lines": "l" * WIDEST_LINES,
    "words": "w" * (LONGEST_HELD + 3),
    "data": "d" * 110,
    "language": "Spanish",
    "word": "HAND",
}
