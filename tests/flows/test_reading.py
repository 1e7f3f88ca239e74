"""A conversation that is not told who is on duty says and does the same whoever is."""

from datetime import UTC, datetime

import pytest

from sms_service.flows.effects import Json
from sms_service.flows.engine import Place, advance, begin
from sms_service.flows.events import Event, Heard, Silence
from sms_service.flows.facts import Facts
from sms_service.flows.reading import tells_of_duty
from sms_service.flows.registry import FLOWS

NOON = datetime(2026, 3, 4, 17, 0, tzinfo=UTC)
SOMEBODY = Facts(short="HOPE", hours="day and night", on_call=True)
NOBODY = Facts(short="HOPE", hours="when we can", on_call=False)
SAID = ("1", "2", "3", "4", "7 pm", "0", "7", "yes", "no", "me", "what?", "Zoe", "20001")

EVENTS: tuple[Event, ...] = (*(Heard(said) for said in SAID), Silence())


ALL = [(name, step) for name, flow in FLOWS.items() for step in ("", *flow.steps)]
SILENT = [(name, step) for name, step in ALL if not tells_of_duty(name, step)]


@pytest.mark.parametrize(
    ("name", "step"),
    [("talk", ""), ("talk_nobody", ""), ("check_in", "low"), ("menu", "first"), ("menu", ""), ("safe_now", "ask")],
)
def test_these_tell_of_it_within_the_turn(name: str, step: str) -> None:
    assert tells_of_duty(name, step)


@pytest.mark.parametrize(("name", "step"), [("join", ""), ("check_in", ""), ("check_in", "mood"), ("outcome", "ask")])
def test_these_do_not(name: str, step: str) -> None:
    assert not tells_of_duty(name, step)


@pytest.mark.parametrize(("name", "step"), [("", ""), ("gone", ""), ("menu", "gone")])
def test_at_a_place_nobody_knows_everything_may_be_told(name: str, step: str) -> None:
    assert tells_of_duty(name, step)


@pytest.mark.parametrize("name", [name for name, step in SILENT if not step])
@pytest.mark.parametrize("heard", [None, *SAID])
def test_what_begins_is_the_same_whoever_is_on(name: str, heard: str | None) -> None:
    assert begin(name, SOMEBODY, NOON, heard=heard) == begin(name, NOBODY, NOON, heard=heard)


@pytest.mark.parametrize(("name", "step"), [at for at in SILENT if at[1]])
def test_what_is_heard_leads_to_the_same_whoever_is_on(name: str, step: str) -> None:
    flow = FLOWS[name]
    slots: dict[str, Json] = dict.fromkeys(flow.slots, "7")
    for tries in (0, 5):
        place = Place(name, step, flow.version, slots, tries)
        for event in EVENTS:
            assert advance(place, event, SOMEBODY, NOON) == advance(place, event, NOBODY, NOON), event
