"""A conversation that is not told who is on duty says and does the same whoever is."""

from datetime import UTC, datetime

import pytest

from sms_service.flows.effects import Json
from sms_service.flows.engine import Place, advance, begin
from sms_service.flows.events import Event, Heard, Silence
from sms_service.flows.facts import Facts
from sms_service.flows.reading import tells_of_duty
from sms_service.flows.registry import FLOWS
from sms_service.flows.steps import Ask, Listen

NOON = datetime(2026, 3, 4, 17, 0, tzinfo=UTC)
SOMEBODY = Facts(short="HOPE", hours="day and night", on_call=True)
NOBODY = Facts(short="HOPE", hours="when we can", on_call=False)
SILENT = sorted(name for name in FLOWS if not tells_of_duty(name))
SAID = ("1", "2", "3", "4", "7 pm", "0", "7", "yes", "no", "me", "what?", "Zoe", "20001")

EVENTS: tuple[Event, ...] = (*(Heard(said) for said in SAID), Silence())


@pytest.mark.parametrize("name", ["talk", "talk_nobody", "check_in", "menu", "safe_now", "concern", "late_mood"])
def test_these_tell_of_it_or_lead_to_one_that_does(name: str) -> None:
    assert tells_of_duty(name)


def test_most_settings_and_the_teams_questions_do_not() -> None:
    assert {"join", "outcome", "held_words", "time", "leave", "pause"} <= set(SILENT)


def test_without_a_flow_everything_may_be_told() -> None:
    assert tells_of_duty("")


@pytest.mark.parametrize("name", SILENT)
def test_they_begin_the_same_whoever_is_on(name: str) -> None:
    assert begin(name, SOMEBODY, NOON) == begin(name, NOBODY, NOON)


@pytest.mark.parametrize("name", SILENT)
def test_they_go_on_the_same_whoever_is_on(name: str) -> None:
    flow = FLOWS[name]
    slots: dict[str, Json] = dict.fromkeys(flow.slots, "7")
    for step in (key for key, step in flow.steps.items() if isinstance(step, Ask | Listen)):
        for tries in (0, 5):
            place = Place(name, step, flow.version, slots, tries)
            for event in EVENTS:
                assert advance(place, event, SOMEBODY, NOON) == advance(place, event, NOBODY, NOON), (step, event)
