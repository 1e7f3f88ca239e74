"""Webhooks to the service: parameters, patience, order."""

import socket
import time

import pytest
from twilio.request_validator import RequestValidator  # type: ignore[import-untyped]
from twilio.rest import Client  # type: ignore[import-untyped]

from sms_service.simulator.webhooks import Patience
from tests.simulator.conftest import ACCOUNT, LINE, MEMBER, TOKEN, Handset, Service, reference, until

SMS = "/webhooks/sms"
FALLBACK = "/webhooks/sms/fallback"


def _twiml(inside: str) -> str:
    return f"<?xml version='1.0' encoding='UTF-8'?><Response>{inside}</Response>"


def _point_line_at(twilio: Client, url: str) -> None:
    (number,) = twilio.incoming_phone_numbers.list(phone_number=LINE)
    number.update(sms_url=url)


def _shut_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_an_inbound_webhook_carries_exactly_the_fields_that_twilio_sends(handset: Handset, service: Service) -> None:
    example = reference("webhook_examples.json")["incoming_message"]["params"]
    sid = handset.text("Okay I will look ñ 😀 & = +")
    (hit,) = service.wait(SMS)
    assert set(hit.form) == set(example)
    assert hit.form["Body"] == "Okay I will look ñ 😀 & = +"
    assert hit.form["MessageSid"] == hit.form["SmsSid"] == hit.form["SmsMessageSid"] == sid
    assert (hit.form["From"], hit.form["To"], hit.form["AccountSid"]) == (MEMBER, LINE, ACCOUNT)
    assert hit.headers["Content-Type"] == "application/x-www-form-urlencoded; charset=UTF-8"
    assert hit.headers["User-Agent"] == "TwilioProxy/1.1"
    assert RequestValidator(TOKEN).validate(hit.url, hit.form, hit.headers["X-Twilio-Signature"])


def test_a_status_callback_carries_the_fields_that_twilio_sends(
    twilio: Client, handset: Handset, service: Service
) -> None:
    example = reference("webhook_examples.json")["message_status"]["params"]
    twilio.messages.create(to=MEMBER, from_=LINE, body="hi", status_callback=f"{service.url}/status")
    assert set(service.wait("/status", 2)[1].form) == set(example)


def test_pictures_come_with_their_addresses_and_kinds(handset: Handset, service: Service) -> None:
    sid = handset.text("", num_media=2, media_content_type="image/png")
    (hit,) = service.wait(SMS)
    assert sid.startswith("MM")
    assert hit.form["NumMedia"] == "2"
    assert hit.form["MediaContentType1"] == "image/png"
    assert hit.form["MediaUrl0"] != hit.form["MediaUrl1"]


def test_texts_of_one_handset_arrive_in_order_and_others_do_not_wait(handset: Handset, service: Service) -> None:
    def slowly() -> str:
        time.sleep(0.05)
        return _twiml("")

    service.answers[SMS] = slowly
    started = time.monotonic()
    for number in range(8):
        handset.text(str(number), MEMBER if number < 4 else f"+1202555013{number}")
    hits = service.wait(SMS, 8)
    assert [hit.form["Body"] for hit in hits if hit.form["From"] == MEMBER] == list("0123")
    assert time.monotonic() - started < 8 * 0.05


def test_a_refused_connection_is_tried_once_more_then_the_fallback_is_asked(
    handset: Handset, service: Service, twilio: Client
) -> None:
    _point_line_at(twilio, f"http://127.0.0.1:{_shut_port()}/gone")
    handset.text("hi")
    (hit,) = service.wait(FALLBACK)
    assert hit.form["ErrorCode"] == "11205"
    until(lambda: len(handset.noted()) >= 4)
    tried = next(entry for entry in handset.noted() if entry.get("purpose") == "inbound")
    assert (tried["attempts"], tried["status"], tried["error_code"]) == (2, None, 11205)


def test_a_refused_status_callback_is_tried_twice_and_has_no_fallback(
    handset: Handset, service: Service, twilio: Client
) -> None:
    dead = f"http://127.0.0.1:{_shut_port()}/status"
    twilio.messages.create(to=MEMBER, from_=LINE, body="hi", status_callback=dead)
    tried = [entry for entry in handset.noted(3) if entry["kind"] == "webhook"]
    assert [entry["attempts"] for entry in tried] == [2, 2]
    assert service.hits == []


def test_retries_and_time_outs_follow_the_addresss_fragment(handset: Handset, service: Service, twilio: Client) -> None:
    answers = iter([500, 500, _twiml("<Message>third time</Message>")])
    service.answers["/retry"] = lambda: next(answers)
    _point_line_at(twilio, f"{service.url}/retry#rc=2&rp=5xx,ct")
    handset.text("hi")
    assert [hit.path for hit in service.wait("/retry", 1)] == ["/retry"] * len(service.to("/retry"))
    until(lambda: len(service.to("/retry")) == 3)
    tokens = {hit.headers["I-Twilio-Idempotency-Token"] for hit in service.to("/retry")}
    assert len(tokens) == 1
    assert all("#" not in hit.url for hit in service.hits)


def test_patience_reads_what_can_be_read_and_keeps_the_rest() -> None:
    assert Patience.of("") == Patience(1, frozenset({"ct"}), 5.0, 15.0)
    assert Patience.of("rc=9&rp=all&ct=100&rt=99000") == Patience(5, frozenset({"ct", "rt", "4xx", "5xx"}), 0.1, 15.0)
    assert Patience.of("rc=x&ct=-1&%%%").retries == 1


def test_an_answer_that_does_not_come_in_time_is_a_11200(handset: Handset, service: Service, twilio: Client) -> None:
    def late() -> str:
        time.sleep(0.4)
        return _twiml("<Message>too late</Message>")

    service.answers["/late"] = late
    _point_line_at(twilio, f"{service.url}/late#rt=100")
    handset.text("hi")
    assert service.wait(FALLBACK)[0].form["ErrorCode"] == "11200"
    assert len(service.to("/late")) == 1


def test_held_webhooks_wait_and_then_all_come(handset: Handset, service: Service) -> None:
    handset.turn(hold_webhooks=True)
    handset.text("one")
    handset.text("two")
    time.sleep(0.1)
    assert service.hits == []
    assert len(handset.log()) == 2
    handset.turn(hold_webhooks=False)
    assert [hit.form["Body"] for hit in service.wait(SMS, 2)] == ["one", "two"]


def test_dropped_webhooks_never_come_but_the_list_has_the_text(
    handset: Handset, service: Service, twilio: Client
) -> None:
    handset.turn(drop_webhooks=True)
    handset.text("lost")
    handset.turn(drop_webhooks=False)
    handset.text("found")
    assert [hit.form["Body"] for hit in service.wait(SMS)] == ["found"]
    assert [message.body for message in twilio.messages.list(to=LINE)] == ["found", "lost"]


def test_a_known_sid_replays_the_same_webhook_and_adds_no_line_to_the_log(handset: Handset, service: Service) -> None:
    sid = handset.text("once")
    assert handset.text("once", sid=sid) == sid
    assert handset.text("once", sid=sid, at_once=True) == sid
    first, *others = service.wait(SMS, 3)
    for other in others:
        assert other.form == first.form
        assert other.headers["I-Twilio-Idempotency-Token"] == first.headers["I-Twilio-Idempotency-Token"]
    assert len(handset.log()) == 1


@pytest.mark.parametrize(("given", "header", "verdict"), [("missing", None, "missing"), ("wrong", "wrong", "wrong")])
def test_a_bad_signature_is_sent_on_demand_and_told_in_the_request_log(
    handset: Handset, service: Service, given: str, header: str | None, verdict: str
) -> None:
    service.answers[SMS] = 403
    handset.text("hi", signature=given)
    (hit,) = service.wait(SMS)
    assert hit.headers.get("X-Twilio-Signature") == header
    noted = handset.noted(2)[0]
    assert (noted["signature"], noted["status"]) == (verdict, 403)
    assert service.to(FALLBACK) == []


def test_fields_can_be_changed_added_and_left_out(handset: Handset, service: Service) -> None:
    handset.text("hi", params={"From": None, "Body": "other", "Unknown": "field"})
    (hit,) = service.wait(SMS)
    assert "From" not in hit.form
    assert (hit.form["Body"], hit.form["Unknown"]) == ("other", "field")
    assert RequestValidator(TOKEN).validate(hit.url, hit.form, hit.headers["X-Twilio-Signature"])
