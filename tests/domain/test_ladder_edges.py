"""Who is paged after how many minutes and what the member hears meanwhile (CONVERSATION.md 14), word for word."""

from datetime import timedelta
from itertools import product
from typing import get_args

import pytest

from sms_service.domain.delivery import REPORTED, MessageState, next_state, settled
from sms_service.domain.ladder import (
    GRAVE_NOW,
    QUIET_FAMILIES,
    SUPERVISOR_FAMILIES,
    Ladder,
    ladder_for,
    next_repeat,
)
from sms_service.domain.words import CaseKind

STATES: tuple[MessageState, ...] = get_args(MessageState)


def paged(ladder: Ladder) -> str:
    """ "0 volunteer, 2 volunteer": minutes and whom."""
    return ", ".join(f"{rung.after / timedelta(minutes=1):g} {rung.whom}" for rung in ladder.rungs)


def told(ladder: Ladder) -> str:
    """ "5 still_trying": minutes and the notice or flow."""
    return ", ".join(f"{one.after / timedelta(minutes=1):g} {one.notice}{one.flow}" for one in ladder.comforts)


@pytest.mark.parametrize(
    ("kind", "family", "staffed", "who", "hears"),
    [
        (
            "crisis", "suicide", True, "0 volunteer, 2 volunteer, 4 supervisor, 8 supervisors",
            "5 still_trying, 15 not_reached",
        ),
        ("crisis", "suicide", False, "0 supervisor, 2 supervisor, 4 supervisors", "15 not_reached"),
        ("crisis", "violence", True, "0 supervisor, 2 supervisors, 4 supervisors", "15 not_reached"),
        ("crisis", "harm_to_others", False, "0 supervisor, 2 supervisors, 4 supervisors", "15 not_reached"),
        ("report", "abuse", True, "0 supervisor, 2 supervisors, 4 supervisors", "15 not_reached"),
        ("concern", "minor", True, "0 supervisor, 15 supervisors", ""),
        ("concern", "minor", False, "0 supervisor, 15 supervisors", ""),
        ("talk", "", True, "0 volunteer, 3 volunteer, 15 supervisor", "5 still_asking, 8 talk_waiting"),
        ("talk", "", False, "", ""),
        ("concern", "unsafe", True, "0 volunteer, 15 volunteer, 60 supervisor", ""),
        ("concern", "unsafe", False, "", ""),
    ],
)  # fmt: skip
def test_a_case_climbs_its_own_ladder(kind: CaseKind, family: str, staffed: bool, who: str, hears: str) -> None:
    ladder = ladder_for(kind, family, staffed)
    assert (paged(ladder), told(ladder)) == (who, hears)


@pytest.mark.parametrize("family", ["suicide", "violence"])
@pytest.mark.parametrize("staffed", [True, False])
def test_only_a_crisis_goes_on_for_ever_and_becomes_an_incident(family: str, staffed: bool) -> None:
    crisis = ladder_for("crisis", family, staffed)
    assert (crisis.repeats, crisis.incident) == (True, timedelta(minutes=15))
    for kind in ("talk", "concern"):
        other = ladder_for(kind, family, staffed)
        assert (other.repeats, other.incident) == (False, None)


@pytest.mark.parametrize(("minutes", "wait"), [(0, 15), (119, 15), (120, 60), (600, 60), (60 * 24 * 30, 60)])
def test_an_untaken_crisis_is_paged_each_quarter_hour_then_each_hour(minutes: int, wait: int) -> None:
    assert next_repeat(timedelta(minutes=minutes)) == timedelta(minutes=wait)


def test_no_peer_is_alone_with_what_only_supervisors_may_take() -> None:
    """SAFETY.md: harm to others, violence at home, abuse and minors; also one of the team, and the died."""
    assert {"harm_to_others", "violence", "abuse", "minor", "volunteer", "died"} == SUPERVISOR_FAMILIES
    assert {"violence", "abuse"} == QUIET_FAMILIES
    assert {"attempt", "overdose", "medical"} == GRAVE_NOW


def test_what_twilio_says_of_a_message_is_understood() -> None:
    """https://www.twilio.com/docs/messaging/api/message-resource: every status there is."""
    left = {"accepted", "scheduled", "queued", "sending", "sent"}
    assert {word for word, state in REPORTED.items() if state == "sent"} == left
    assert {word for word, state in REPORTED.items() if state == "delivered"} == {"delivered", "read"}
    assert {word for word, state in REPORTED.items() if state == "failed"} == {"undelivered", "failed", "canceled"}


LIFE: tuple[MessageState, ...] = ("due", "unsure", "sending", "sent", "failed", "delivered")


@pytest.mark.parametrize(("before", "after"), [*product(LIFE, LIFE)])
def test_a_message_only_ever_goes_forward(before: MessageState, after: MessageState) -> None:
    """A late "sent" never overwrites "delivered"; a delivery after a failure is believed."""
    forward = LIFE.index(after) > LIFE.index(before)
    assert next_state(before, after) == (after if forward else before)


@pytest.mark.parametrize("other", STATES)
def test_what_we_ended_ourselves_stays_ended(other: MessageState) -> None:
    for ended in ("expired", "withheld"):
        assert next_state(ended, other) == ended
        assert next_state(other, ended) == other


def test_nothing_more_is_owed_from_sent_on() -> None:
    assert [state for state in STATES if not settled(state)] == ["due", "sending", "unsure"]
