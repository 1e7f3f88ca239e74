"""How a message travels: queue, states, callbacks, ends."""

import time
from pathlib import Path

import pytest
from twilio.request_validator import RequestValidator  # type: ignore[import-untyped]
from twilio.rest import Client  # type: ignore[import-untyped]

from tests.simulator.conftest import LINE, MEMBER, TOKEN, Handset, Service

OTHER_LINE = "+12025550200"


def _callback(service: Service, name: str = "1") -> str:
    return f"{service.url}/status/{name}"


def _states(service: Service, count: int, path: str = "/status/1") -> list[str]:
    return [hit.form["MessageStatus"] for hit in service.wait(path, count)]


def test_sent_and_delivered_are_each_called_back_signed_and_queued_is_not(
    twilio: Client, service: Service, handset: Handset
) -> None:
    made = twilio.messages.create(to=MEMBER, from_=LINE, body="hi", status_callback=_callback(service))
    assert _states(service, 2) == ["sent", "delivered"]
    for hit in service.hits:
        assert RequestValidator(TOKEN).validate(hit.url, hit.form, hit.headers["X-Twilio-Signature"])
        assert (hit.form["MessageSid"], hit.form["To"], hit.form["From"]) == (made.sid, MEMBER, LINE)
        assert hit.headers["User-Agent"] == "TwilioProxy/1.1"
    assert (
        service.hits[0].headers["I-Twilio-Idempotency-Token"] != (service.hits[1].headers["I-Twilio-Idempotency-Token"])
    )
    assert [(e["state"], e["body"]) for e in handset.log(1)] == [("delivered", "hi")]


def test_without_a_callback_address_nothing_is_called(twilio: Client, service: Service, handset: Handset) -> None:
    twilio.messages.create(to=MEMBER, from_=LINE, body="hi")
    handset.log(1)
    assert service.hits == []


@pytest.mark.parametrize(
    ("knobs", "code"),
    [
        ({"unreachable": [MEMBER]}, 30003),
        ({"undeliverable": {MEMBER: 30007}}, 30007),
        ({"p_undelivered": 1}, 30008),
    ],
)
def test_what_cannot_be_delivered_is_sent_then_undelivered_with_its_code(
    twilio: Client, service: Service, handset: Handset, knobs: dict[str, object], code: int
) -> None:
    handset.turn(**knobs)
    made = twilio.messages.create(to=MEMBER, from_=LINE, body="hi", status_callback=_callback(service))
    assert _states(service, 2) == ["sent", "undelivered"]
    assert service.hits[1].form["ErrorCode"] == str(code)
    assert [(e["state"], e["error_code"]) for e in handset.log(1)] == [("undelivered", code)]
    assert made.sid is not None
    read = twilio.messages(made.sid).fetch()
    assert (read.status, read.error_code) == ("undelivered", code)
    assert read.error_message


def test_a_line_sends_first_in_first_out_at_its_rate_in_segments(twilio: Client, handset: Handset) -> None:
    handset.turn(rates={LINE: 20}, latency_ms=0)
    started = time.monotonic()
    bodies = ["a" * 300, "b" * 300, "c" * 300, "d"]
    for body in bodies:
        twilio.messages.create(to=MEMBER, from_=LINE, body=body)
    assert handset.got(4) == bodies
    assert 0.29 <= time.monotonic() - started < 2


def test_another_line_does_not_wait_behind_a_full_one(twilio: Client, handset: Handset) -> None:
    handset.turn(rates={LINE: 1})
    for _ in range(3):
        twilio.messages.create(to=MEMBER, from_=LINE, body="slow")
    twilio.messages.create(to="+12025550122", from_=OTHER_LINE, body="fast")
    assert handset.got(1, "+12025550122") == ["fast"]
    assert len(handset.got(1)) == 1


def test_what_waits_longer_than_its_validity_fails_unsent(
    twilio: Client, service: Service, handset: Handset, clock_file: Path
) -> None:
    handset.turn(rates={LINE: 4})
    twilio.messages.create(to=MEMBER, from_=LINE, body="first")
    twilio.messages.create(to=MEMBER, from_=LINE, body="second", validity_period=60, status_callback=_callback(service))
    clock_file.write_text("3600")
    assert _states(service, 1) == ["failed"]
    assert service.hits[0].form["ErrorCode"] == "30036"
    last = handset.log(2)[-1]
    assert (last["body"], last["state"], last["error_code"]) == ("second", "failed", 30036)


def test_dropped_callbacks_never_come_but_the_text_does(twilio: Client, service: Service, handset: Handset) -> None:
    handset.turn(callbacks={"drop": 1})
    twilio.messages.create(to=MEMBER, from_=LINE, body="hi", status_callback=_callback(service))
    assert handset.got(1) == ["hi"]
    assert service.hits == []


def test_duplicated_callbacks_come_twice_with_one_idempotency_token(
    twilio: Client, service: Service, handset: Handset
) -> None:
    handset.turn(callbacks_duplicate=1, seed=1)
    twilio.messages.create(to=MEMBER, from_=LINE, body="hi", status_callback=_callback(service))
    assert sorted(_states(service, 4)) == ["delivered", "delivered", "sent", "sent"]
    tokens = {hit.headers["I-Twilio-Idempotency-Token"] for hit in service.hits}
    assert len(tokens) == 2


def test_shuffled_callbacks_overtake_each_other(twilio: Client, service: Service, handset: Handset) -> None:
    handset.turn(callbacks_shuffle=1, seed=7, latency_ms=0)
    for number in range(6):
        twilio.messages.create(to=MEMBER, from_=LINE, body="hi", status_callback=_callback(service, str(number)))
    orders = [_states(service, 2, f"/status/{number}") for number in range(6)]
    assert ["delivered", "sent"] in orders


def test_delayed_callbacks_come_late_and_in_order(twilio: Client, service: Service, handset: Handset) -> None:
    handset.turn(callbacks_delay_ms=300, latency_ms=0)
    started = time.monotonic()
    twilio.messages.create(to=MEMBER, from_=LINE, body="hi", status_callback=_callback(service))
    assert _states(service, 2) == ["sent", "delivered"]
    assert time.monotonic() - started >= 0.3


def test_each_message_has_exactly_one_line_in_the_log_of_truth(twilio: Client, handset: Handset) -> None:
    sids = {twilio.messages.create(to=f"+1202555{number:04}", from_=LINE, body="hi").sid for number in range(130, 160)}
    handset.text("hello")
    log = handset.log(31)
    assert [entry["n"] for entry in log] == list(range(1, 32))
    assert sids == {e["sid"] for e in log if e["direction"] == "outbound-api"}
