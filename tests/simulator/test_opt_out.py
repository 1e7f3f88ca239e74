"""Twilio's own STOP, START and HELP."""

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st
from twilio.base.exceptions import TwilioRestException  # type: ignore[import-untyped]
from twilio.rest import Client  # type: ignore[import-untyped]

from sms_service.simulator.optout import keyword_of
from sms_service.simulator.server import LocalTwilio
from tests.simulator.conftest import LINE, MEMBER, Handset, Service

UNSUBSCRIBED = (
    "You have successfully been unsubscribed. You will not receive any more messages from this number. "
    "Reply START to resubscribe."
)
STOP_WORDS = [
    "STOP",
    "STOPALL",
    "UNSUBSCRIBE",
    "CANCEL",
    "END",
    "QUIT",
    "REVOKE",
    "OPTOUT",
    " stop\n",
    "Quit",
]


@pytest.mark.parametrize("word", STOP_WORDS)
def test_each_stop_word_is_answered_by_twilio_and_still_reaches_the_service(
    handset: Handset, service: Service, word: str
) -> None:
    handset.text(word)
    assert handset.got(1) == [UNSUBSCRIBED]
    (hit,) = service.wait("/webhooks/sms")
    assert hit.form["Body"] == word
    assert "OptOutType" not in hit.form
    assert handset.log(2)[1]["direction"] == "outbound-reply"


def test_a_stopped_person_is_refused_on_that_line_alone_until_start(
    handset: Handset, twilio: Client, local: LocalTwilio
) -> None:
    handset.text("STOP")
    with pytest.raises(TwilioRestException) as refused:
        twilio.messages.create(to=MEMBER, from_=LINE, body="hi")
    assert (refused.value.status, refused.value.code) == (400, 21610)
    twilio.messages.create(to=MEMBER, from_="+12025550200", body="from another line")
    twilio.messages.create(to="+12025550122", from_=LINE, body="to another person")
    listed = requests.get(f"{local.url}/sim/opt_outs", timeout=5).json()
    assert listed == [{"line": LINE, "handset": MEMBER}]
    handset.text("unstop")
    twilio.messages.create(to=MEMBER, from_=LINE, body="back again")
    assert handset.got(4)[-1] == "back again"


@pytest.mark.parametrize("word", ["START", "Yes", "UNSTOP"])
def test_a_start_word_answers_only_somebody_who_has_stopped(handset: Handset, service: Service, word: str) -> None:
    handset.text(word)
    service.wait("/webhooks/sms")
    handset.text("STOP")
    handset.text(word)
    texts = handset.got(2)
    assert texts[0] == UNSUBSCRIBED
    assert "re-subscribed" in texts[1]
    assert len(handset.log()) == 5


def test_a_second_stop_is_not_answered_again(handset: Handset, service: Service) -> None:
    handset.text("STOP")
    handset.text("STOP")
    service.wait("/webhooks/sms", 2)
    handset.text("HELP")
    assert handset.got(2) == [UNSUBSCRIBED, "Reply STOP to unsubscribe. Msg&Data Rates May Apply."]


def test_stop_inside_a_sentence_is_an_ordinary_text(handset: Handset, twilio: Client, service: Service) -> None:
    handset.text("got to STOP this bill")
    service.wait("/webhooks/sms")
    twilio.messages.create(to=MEMBER, from_=LINE, body="hi")
    assert handset.got(1) == ["hi"]


def test_the_default_replies_can_be_turned_off_and_blocking_stays(handset: Handset, twilio: Client) -> None:
    handset.turn(default_replies=False)
    handset.text("STOP")
    with pytest.raises(TwilioRestException, match="unsubscribed"):
        twilio.messages.create(to=MEMBER, from_=LINE, body="hi")
    assert len(handset.log()) == 1


@pytest.mark.parametrize(("word", "kind"), [("stop", "STOP"), ("YES", "START"), ("info", "HELP")])
def test_with_advanced_opt_out_the_webhook_says_so_and_twilio_has_always_answered(
    handset: Handset, service: Service, word: str, kind: str
) -> None:
    handset.turn(advanced_opt_out=True)
    handset.text(word)
    handset.text("hello")
    first, second = service.wait("/webhooks/sms", 2)
    assert first.form["OptOutType"] == kind
    assert first.form["MessagingServiceSid"].startswith("MG")
    assert "OptOutType" not in second.form
    assert len(handset.got(1)) == 1


def test_a_text_already_queued_when_stop_comes_is_not_delivered(handset: Handset, twilio: Client) -> None:
    handset.turn(rate=5)
    twilio.messages.create(to=MEMBER, from_=LINE, body="first")
    twilio.messages.create(to=MEMBER, from_=LINE, body="second")
    handset.text("STOP")
    ended = [(e["body"], e["state"], e["error_code"]) for e in handset.log(4)]
    assert ("second", "failed", 21610) in ended
    assert (UNSUBSCRIBED, "delivered", None) in ended


@given(st.text())
def test_any_text_with_more_than_one_word_is_no_keyword(text: str) -> None:
    assert keyword_of(f"x {text}") is None
