"""Whatever is texted, at any place: one outcome, of known orders, in few parts, and an end."""

from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from sms_service.domain.words import Lang
from sms_service.flows.effects import (
    ORDERS,
    SAVES,
    Begin,
    Do,
    Effect,
    Escalate,
    Json,
    Refer,
    Save,
    Say,
    WakeAt,
)
from sms_service.flows.engine import MAX_TURNS, Place, advance, begin
from sms_service.flows.events import Began, Event, Heard, Pressed, Silence
from sms_service.flows.facts import Facts
from sms_service.flows.registry import FLOWS
from sms_service.flows.steps import Ask, Listen
from sms_service.say.catalogue import english
from sms_service.say.segments import segments
from sms_service.say.sms import MOST_PARTS, render_turn
from tests.flows.player import NOW, facts_of

PLACES = [
    (flow.name, name) for flow in FLOWS.values() for name, step in flow.steps.items() if isinstance(step, Ask | Listen)
]
SLOTS: dict[str, Json] = {
    "mood": 2,
    "no": "7",
    "no2": "9",
    "name": "Ana",
    "name2": "Leo",
    "words": "ok",
    "group_id": 3,
}
WORDS = ["yes", "no", "si", "7", "7 pm", "talk", "me", "95112", "a person", "nunca", "3 or 4", "stop", ""]

texts = st.one_of(st.text(max_size=200), st.sampled_from(WORDS), st.integers(-5, 1500).map(str))
events = st.one_of(
    texts.map(Heard), st.text("0123456789*#", max_size=5).map(Pressed), st.just(Silence()), st.just(Began())
)
langs: st.SearchStrategy[Lang] = st.sampled_from(["en", "es"])


@st.composite
def known(draw: st.DrawFn) -> Facts:
    """Facts of any member."""
    some: dict[str, Any] = {
        "lang": draw(langs),
        "on_call": draw(st.booleans()),
        "safe": draw(st.sampled_from(["free", "after", "never"])),
        "country": draw(st.sampled_from(["US", "GB", "FR"])),
        "last_mood": draw(st.none() | st.integers(0, 10)),
        "last_idea": draw(st.integers(-1, 40)),
        "check_in_minute": draw(st.none() | st.integers(360, 1439)),
        "name": draw(st.sampled_from(["", "Ana", "María José"])),
    }
    facts = facts_of(**some)
    return facts if draw(st.booleans()) else replace(facts, ideas=(), helplines=())


@st.composite
def places(draw: st.DrawFn) -> Place:
    """Any open question, any number of tries, with the slots a service hands over or none."""
    flow, step = draw(st.sampled_from(PLACES))
    slots = SLOTS if draw(st.booleans()) else {}
    return Place(flow, step, draw(st.sampled_from(["old", FLOWS[flow].version])), slots, draw(st.integers(0, 3)))


@settings(max_examples=400, deadline=None)
@given(places(), events, known())
def test_any_event_at_any_place_has_one_outcome_of_known_effects(place: Place, event: Event, facts: Facts) -> None:
    after, effects = advance(place, event, facts, NOW)
    assert (after, effects) == advance(place, event, facts, NOW)
    assert all(known_effect(effect) for effect in effects)
    if after is not None:
        assert Place.from_json(after.to_json()) == after
        assert isinstance(FLOWS[after.flow].steps[after.step], Ask | Listen)
        assert sum(isinstance(effect, WakeAt) for effect in effects) == 1


@settings(max_examples=300, deadline=None)
@given(places(), events, known())
def test_every_reply_keeps_to_two_parts_in_both_languages(place: Place, event: Event, facts: Facts) -> None:
    _after, effects = advance(place, event, facts, NOW)
    bodies = render_turn([effect for effect in effects if isinstance(effect, Say)], facts.lang)
    assert all(body and segments(body) <= MOST_PARTS for body in bodies if "María" not in body)
    assert not any("{" in body for body in bodies)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(sorted(FLOWS)), st.lists(events, max_size=MAX_TURNS + 2), known())
def test_every_conversation_is_over_within_its_limits(flow: str, heard: list[Event], facts: Facts) -> None:
    place, _effects = begin(flow, facts, NOW, slots=SLOTS)
    for event in [*heard, *[Heard("hm")] * (MAX_TURNS + 2)]:
        if place is None:
            break
        place, _effects = advance(place, event, facts, NOW)
    assert place is None


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(sorted(FLOWS)), known())
def test_silence_alone_ends_every_conversation_soon(flow: str, facts: Facts) -> None:
    place, _effects = begin(flow, facts, NOW, slots=SLOTS)
    for _ in range(4):
        if place is not None:
            place, _effects = advance(place, Silence(), facts, NOW)
    assert place is None


@given(st.text(max_size=60), st.text(max_size=60), st.text(max_size=60), events)
def test_a_place_nobody_knows_is_met_without_a_word_of_alarm(flow: str, step: str, version: str, event: Event) -> None:
    after, effects = advance(Place(flow, step, version), event, facts_of(), NOW)
    assert all(known_effect(effect) for effect in effects)
    assert after is None or after.flow in FLOWS


def known_effect(effect: Effect) -> bool:
    match effect:
        case Say(key, fields):
            return key in english() and all(isinstance(value, str) for value in fields.values())
        case Save(name, _):
            return name in SAVES
        case Do(what, _):
            return what in ORDERS
        case WakeAt(after):
            return after.total_seconds() > 0
        case Escalate(level, _):
            return level in {"crisis", "concern", "talk"}
        case Refer(helplines):
            return bool(helplines)
        case Begin():
            return False
