"""Placeholders at their longest, forks at their edges, and places that no table knows any more."""

from dataclasses import replace

import pytest

from sms_service.domain.oncall import LONGEST
from sms_service.flows.derive import FORKS, WIDEST, WIDEST_LINES, value
from sms_service.flows.effects import Json, Save, Say
from sms_service.flows.engine import MAX_HEARD, MAX_TURNS, advance, begin
from sms_service.flows.events import Heard, Pressed, Silence
from sms_service.flows.registry import FLOWS
from sms_service.flows.steps import PLACEHOLDER
from sms_service.flows.texts import all_texts
from tests.flows.player import NOW, facts_of

ROOM = {
    "short": 12, "hours": LONGEST, "group": 20, "url": 18, "talk_name": 11, "name": 11, "name2": 9, "no": 4, "no2": 4,
    "cases": 10, "mood": 2, "n": 2, "days": 3, "hour": 8, "zone": 12, "idea": 100, "lines": WIDEST_LINES, "words": 63,
    "data": 110, "language": 7, "word": 4,
}  # fmt: skip
"""Characters that the longest value of each placeholder may need."""


@pytest.mark.parametrize(("name", "room"), ROOM.items())
def test_the_check_of_segments_leaves_room_for_the_longest_value(name: str, room: int) -> None:
    assert room <= len(WIDEST[name]) <= room + 3


def test_every_placeholder_of_every_text_has_its_widest_value() -> None:
    used = {name for text in all_texts(FLOWS).values() for name in PLACEHOLDER.findall(text)}
    assert used <= set(WIDEST)


def test_every_placeholder_that_is_worked_out_is_worked_out_of_the_facts() -> None:
    facts = facts_of(talk_name="Ben", name="Ana", check_in_minute=1110, zone="America/New_York")
    shown = {name: value(name, facts, {}, NOW) for name in ("short", "hours", "group", "url", "talk_name", "name")}
    assert " / ".join(map(str, shown.values())) == "HOPE / 6-10 pm / Hope / hope.example/p / Ben / Ana"
    assert (value("hour", facts, {}, NOW), value("zone", facts, {}, NOW)) == ("6:30 pm", "New York")
    assert value("zone", facts, {"zone": "America/Puerto_Rico"}, NOW) == "Puerto Rico"
    assert value("idea_id", facts, {}, NOW) == facts.ideas[0].id
    assert value("idea_id", facts_of(ideas=()), {}, NOW) is None


def test_a_slot_never_stands_in_for_what_is_worked_out() -> None:
    for name in ("short", "hours", "group", "url", "talk_name", "idea", "lines", "data"):
        assert value(name, facts_of(), {name: "forged"}, NOW) != "forged"


def way(fact: str, slots: dict[str, Json] | None = None, **known: object) -> str:
    return FORKS[fact][1](facts_of(**known), slots or {}, NOW)


@pytest.mark.parametrize(
    ("fact", "slots", "known", "branch"),
    [
        ("on_call", {}, {"on_call": True}, "yes"),
        ("on_call", {}, {"on_call": False}, "no"),
        ("safe", {}, {"safe": "free", "state": "active"}, "free"),
        ("safe", {}, {"safe": "after", "state": "active"}, "kept"),
        ("safe", {}, {"safe": "free", "state": "paused"}, "kept"),
        ("need_named", {"need": "talk"}, {}, "yes"),
        ("need_named", {}, {}, "no"),
        ("lines_known", {}, {}, "some"),
        ("lines_known", {}, {"country": "FR"}, "none"),
        ("idea_known", {}, {}, "some"),
        ("idea_known", {}, {"ideas": ()}, "none"),
        ("about", {"about": "them"}, {}, "them"),
        ("about", {"about": "me"}, {}, "me"),
        ("about", {}, {}, "me"),
    ],
)
def test_a_fork_goes_by_what_is_known(fact: str, slots: dict[str, Json], known: dict[str, object], branch: str) -> None:
    assert way(fact, slots, **known) == branch
    assert branch in FORKS[fact][0]


def test_nobody_who_does_not_say_what_for_is_shown_the_crisis_lines() -> None:
    assert value("line_ids", facts_of(), {}, NOW) == value("line_ids", facts_of(), {"need": "crisis"}, NOW)


def test_sixty_characters_of_a_held_text_are_shown_whole() -> None:
    assert value("words", facts_of(), {"words": "y" * 60}, NOW) == "y" * 60
    assert value("words", facts_of(), {"words": "y" * 61}, NOW) == "y" * 60 + "..."
    assert value("words", facts_of(), {}, NOW) == ""


def test_a_conversation_may_take_its_last_turn_and_no_more() -> None:
    place, _effects = begin("menu", facts_of(), NOW)
    assert place is not None
    last = replace(place, turns=MAX_TURNS - 1)
    assert advance(last, Heard("2"), facts_of(), NOW)[1][0] != Say("notice.closing.say")
    over = replace(place, turns=MAX_TURNS)
    assert advance(over, Heard("2"), facts_of(), NOW) == (None, (Say("notice.closing.say"),))
    assert advance(over, Silence(), facts_of(safe="after"), NOW) == (None, ())


@pytest.mark.parametrize("event", [Heard, Pressed])
def test_of_what_is_heard_1600_characters_are_kept(event: type[Heard] | type[Pressed]) -> None:
    asked, _effects = begin("name", facts_of(), NOW)
    noted, _effects = begin("talk_nobody", facts_of(on_call=False), NOW)
    assert asked is not None
    assert noted is not None
    again, _effects = advance(asked, event("9" * 5000), facts_of(), NOW)
    assert again is not None
    assert again.slots["heard"] == "9" * MAX_HEARD


def test_a_question_answered_at_once_is_neither_put_nor_waited_for() -> None:
    _place, effects = begin("time", facts_of(), NOW, heard="7 pm")
    assert effects[0] == Save("check_in_minute", 19 * 60)
    assert [effect.key for effect in effects if isinstance(effect, Say)] == ["time.saved.say"]


def test_a_step_renamed_to_nothing_known_ends_at_the_menu() -> None:
    flow = replace(FLOWS["name"], renamed={"gone": "ask", "lost": "nowhere"})
    flows = {**FLOWS, "name": flow}
    place, _effects = begin("name", facts_of(), NOW)
    assert place is not None
    found, _effects = advance(replace(place, step="gone"), Heard("Ana"), facts_of(), NOW, flows=flows)
    assert found is None
    lost, _effects = advance(replace(place, step="lost"), Heard("Ana"), facts_of(), NOW, flows=flows)
    assert lost is not None
    assert (lost.flow, lost.step) == ("menu", "first")
    assert advance(replace(place, step="lost"), Silence(), facts_of(), NOW, flows=flows) == (None, ())
