"""Which words or flow answer a danger: by level, family and whether a volunteer is on call."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms_service.domain.words import Level
from sms_service.flows.danger import danger_reply
from sms_service.flows.effects import Begin, Say
from sms_service.flows.engine import begin
from sms_service.flows.registry import FLOWS
from sms_service.say.catalogue import text
from tests.flows.player import NOW, facts_of

FAMILIES = [
    "plan",
    "farewell",
    "attempt",
    "overdose",
    "passive",
    "suicide",
    "self_harm",
    "harm_to_others",
    "violence",
    "abuse",
    "someone_else",
    "medical",
    "unsafe",
    "relapse",
    "minor",
]
LEVELS: tuple[Level, ...] = ("crisis", "concern", "none")


@pytest.mark.parametrize("family", ["plan", "farewell", "suicide", "self_harm", "unsafe", "passive", ""])
def test_a_crisis_promises_a_volunteer_only_when_one_is_on_call(family: str) -> None:
    assert danger_reply("crisis", family, facts_of()) == Say("notice.crisis.say")
    assert danger_reply("crisis", family, facts_of(on_call=False)) == Say("notice.crisis_alone.say")


@pytest.mark.parametrize("family", ["attempt", "overdose", "medical"])
def test_what_kills_at_once_is_sent_to_911_first(family: str) -> None:
    reply = danger_reply("crisis", family, facts_of())
    assert isinstance(reply, Say)
    assert text(reply.key, "en").startswith("Call 911 now.")
    assert text(reply.key, "es").startswith("Llame al 911 ya.")


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("family", ["violence", "abuse"])
def test_violence_is_asked_first_whether_it_is_safe_to_write(level: Level, family: str) -> None:
    assert danger_reply(level, family, facts_of()) == Begin("violence", {"need": family})


def test_passive_words_are_asked_are_you_safe_right_now() -> None:
    assert danger_reply("concern", "passive", facts_of()) == Begin("safe_now")


@pytest.mark.parametrize("family", ["unsafe", "relapse", "someone_else", "self_harm", "anything new"])
def test_a_concern_is_given_a_choice(family: str) -> None:
    assert danger_reply("concern", family, facts_of()) == Begin("concern", {"family": family})


@pytest.mark.parametrize("family", ["harm_to_others", "minor"])
def test_families_for_supervisors_promise_no_peer(family: str) -> None:
    for level in ("crisis", "concern"):
        reply = danger_reply("crisis" if level == "crisis" else "concern", family, facts_of())
        assert isinstance(reply, Say)
        assert "volunteer" not in text(reply.key, "en")
        assert "988" in text(reply.key, "en")


@given(st.sampled_from(LEVELS), st.sampled_from(FAMILIES) | st.text(max_size=20), st.booleans())
def test_every_danger_has_words_that_can_be_said(level: Level, family: str, on_call: bool) -> None:
    facts = facts_of(on_call=on_call)
    reply = danger_reply(level, family, facts)
    if isinstance(reply, Say):
        assert "988" in text(reply.key, "en") or "911" in text(reply.key, "en")
        return
    assert set(reply.slots) <= set(FLOWS[reply.flow].slots)
    _place, effects = begin(reply.flow, facts, NOW, slots=reply.slots)
    assert any(isinstance(effect, Say) for effect in effects)
