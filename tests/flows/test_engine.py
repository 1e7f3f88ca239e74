"""The engine: where a place leads, what old places become, how limits end a conversation."""

from dataclasses import replace

import pytest

from sms_service.flows.effects import Begin, Do, Escalate, Save, Say, WakeAt
from sms_service.flows.engine import MAX_TURNS, Place, advance, begin
from sms_service.flows.events import Began, Heard, Pressed, Silence
from sms_service.flows.registry import FLOWS
from sms_service.flows.steps import After, Answer, Ask, End, Flow, Fork, Tell, hours, minutes
from sms_service.flows.turn import MAX_HOPS
from tests.flows.player import NOW, facts_of

FACTS = facts_of()


def asked(flow: str) -> Place:
    place, _effects = begin(flow, FACTS, NOW)
    assert place is not None
    return place


def test_a_flow_begins_with_its_question_and_its_silence_clock() -> None:
    place, effects = begin("check_in", FACTS, NOW)
    assert place == Place("check_in", "mood", FLOWS["check_in"].version)
    assert effects == (Say("check_in.mood.say", {"short": "HOPE"}), WakeAt(hours(4)))


def test_a_low_mood_is_saved_and_a_person_told_before_anything_is_said() -> None:
    place, effects = advance(asked("check_in"), Heard("2"), FACTS, NOW)
    assert place is not None
    assert place.step == "low"
    assert effects[:2] == (Save("mood", 2), Escalate("concern"))
    assert effects[2:] == (Say("check_in.low.say", {"mood": "2"}), WakeAt(minutes(30)))


def test_a_key_on_a_call_answers_as_a_text_does() -> None:
    assert advance(asked("check_in"), Pressed("2"), FACTS, NOW) == advance(asked("check_in"), Heard("2"), FACTS, NOW)


def test_the_argument_of_a_keyword_answers_at_once() -> None:
    place, effects = begin("check_in", FACTS, NOW, heard="9")
    assert place is None
    assert effects == (Save("mood", 9), Say("check_in.high.say", {"mood": "9"}))


def test_an_argument_that_is_no_answer_leaves_the_question_asked() -> None:
    assert begin("check_in", FACTS, NOW, heard="bananas") == begin("check_in", FACTS, NOW)


def test_orders_on_the_way_to_a_question_answered_at_once_are_given_once() -> None:
    place, effects = begin("late_mood", FACTS, NOW, slots={"mood": 2}, heard="1")
    assert place is None
    assert effects[:3] == (Save("late_mood", 2), Escalate("concern"), Escalate("talk"))


def test_a_question_can_be_put_again_when_it_was_parked() -> None:
    place, effects = advance(asked("menu"), Began(), FACTS, NOW)
    assert place is not None
    assert place.step == "first"
    assert isinstance(effects[0], Say)
    assert effects[0].key == "menu.first.say"


def test_a_begin_is_followed_inside_and_never_seen() -> None:
    place, effects = advance(asked("menu"), Heard("1"), FACTS, NOW)
    assert place is not None
    assert place.flow == "check_in"
    assert not any(isinstance(effect, Begin) for effect in effects)


def test_only_the_slots_that_are_handed_over_go_along() -> None:
    low, _ = advance(asked("check_in"), Heard("2"), FACTS, NOW)
    assert low is not None
    helpline, _ = advance(low, Heard("3"), FACTS, NOW)
    assert helpline is not None
    assert helpline.slots == {}


def test_a_place_survives_being_kept() -> None:
    place = replace(asked("check_in"), slots={"mood": 3, "heard": "sí ✓", "none": None}, tries=1, turns=4)
    assert Place.from_json(place.to_json()) == place


@pytest.mark.parametrize("broken", ["", "[]", "{}", "null", '["a"]', '["a","b","c",7,0,0]'])
def test_a_broken_kept_place_is_refused(broken: str) -> None:
    with pytest.raises(ValueError, match="not a kept place"):
        Place.from_json(broken)


def test_a_step_that_is_gone_leads_whoever_writes_to_the_menu() -> None:
    place, effects = advance(Place("check_in", "gone", "0"), Heard("hi"), FACTS, NOW)
    assert place is not None
    assert (place.flow, place.step) == ("menu", "first")
    assert isinstance(effects[0], Say)


def test_a_flow_that_is_gone_ends_in_silence_when_nobody_writes() -> None:
    assert advance(Place("gone", "gone", "0"), Silence(), FACTS, NOW) == (None, ())


def test_a_renamed_step_goes_on_where_it_was() -> None:
    flow = replace(FLOWS["check_in"], renamed={"how_are_you": "mood"})
    flows = {**FLOWS, "check_in": flow}
    place, effects = advance(Place("check_in", "how_are_you", "old"), Heard("8"), FACTS, NOW, flows=flows)
    assert place is None
    assert effects[0] == Save("mood", 8)


def test_a_place_of_an_older_version_takes_on_the_present_one() -> None:
    old = replace(asked("check_in"), version="old")
    place, _effects = advance(old, Heard("huh"), FACTS, NOW)
    assert place is not None
    assert place.version == FLOWS["check_in"].version


def test_silence_says_nothing_to_a_phone_that_others_read_but_still_tells_a_person() -> None:
    facts = facts_of(safe="after")
    place, _effects = begin("safe_now", facts, NOW)
    assert place is not None
    after, effects = advance(place, Silence(), facts, NOW)
    assert after is None
    assert effects == (Escalate("crisis", "passive"),)


def test_after_a_silence_the_words_of_a_person_are_answered_again() -> None:
    facts = facts_of(safe="after")
    low, _effects = advance(asked("check_in"), Heard("2"), facts, NOW)
    assert low is not None
    still_here, _effects = advance(low, Silence(), facts, NOW)
    assert still_here is not None
    _place, effects = advance(still_here, Heard("an idea"), facts, NOW)
    assert any(isinstance(effect, Say) for effect in effects)


def test_too_many_turns_end_with_words_and_988() -> None:
    worn = replace(asked("menu"), turns=MAX_TURNS)
    assert advance(worn, Heard("4"), FACTS, NOW) == (None, (Say("notice.closing.say"),))


def test_a_circle_in_a_table_ends_with_words_and_988() -> None:
    flow = Flow("round", start="a", steps={"a": Tell("", "b"), "b": Tell("", "a"), "c": End("")})
    assert begin("round", FACTS, NOW, flows={"round": flow}) == (None, (Say("notice.closing.say"),))


def test_the_longest_way_of_the_real_flows_is_far_from_the_limit() -> None:
    trace: list[str] = []
    low, _ = advance(asked("check_in"), Heard("0"), FACTS, NOW, trace=trace)
    assert low is not None
    advance(low, Heard("1"), facts_of(on_call=False), NOW, trace=trace)
    assert len(trace) * 2 < MAX_HOPS


def test_what_was_not_understood_can_be_kept_as_a_note() -> None:
    place, _effects = begin("talk_nobody", facts_of(on_call=False), NOW)
    assert place is not None
    after, effects = advance(place, Heard("please tell Ana I miss her"), FACTS, NOW)
    assert after is None
    assert effects[0] == Do("note_for_volunteer", "please tell Ana I miss her")


def test_a_version_changes_with_its_table_and_not_with_the_order_of_its_steps() -> None:
    ask = Ask("A?", (Answer("1", "Yes", "b", yes=True),), otherwise="b", silence=After(hours(1), "b"))
    flow = Flow("f", start="a", steps={"a": ask, "b": End("")})
    turned = Flow("f", start="a", steps={"b": End(""), "a": ask})
    changed = Flow("f", start="a", steps={"a": ask, "b": End("Bye.")})
    assert flow.version == turned.version
    assert flow.version != changed.version


def test_a_fork_without_its_branch_takes_the_first_way() -> None:
    flow = Flow("f", start="a", steps={"a": Fork("on_call", no="b"), "b": End("No.")})
    trace: list[str] = []
    begin("f", FACTS, NOW, flows={"f": flow}, trace=trace)
    assert trace == ["f.a", "f.b"]


def test_an_unknown_flow_is_the_callers_mistake() -> None:
    with pytest.raises(KeyError):
        begin("no_such_flow", FACTS, NOW)
    with pytest.raises(KeyError):
        begin("menu", FACTS, NOW, step="no_such_step")


def test_a_flow_can_begin_at_a_later_step() -> None:
    place, effects = begin("menu", FACTS, NOW, step="settings")
    assert place is not None
    assert place.step == "settings"
    assert isinstance(effects[0], Say)
