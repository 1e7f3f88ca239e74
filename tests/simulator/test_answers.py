"""What the service answers to a webhook: TwiML, redirects, and what is none."""

from pathlib import Path

import pytest
from flask import Response
from twilio.request_validator import RequestValidator  # type: ignore[import-untyped]

from tests.simulator.conftest import TOKEN, Handset, Service, until

SMS = "/webhooks/sms"
FALLBACK = "/webhooks/sms/fallback"


def _twiml(inside: str) -> str:
    return f"<?xml version='1.0' encoding='UTF-8'?><Response>{inside}</Response>"


def test_the_answers_messages_reach_the_handset_in_order(handset: Handset, service: Service) -> None:
    service.answers[SMS] = _twiml(
        "<Message>one</Message><Message><Body>two &lt;b&gt;</Body></Message><Message to='+12025550122'>three</Message>"
    )
    handset.text("hi")
    assert handset.got(2) == ["one", "two <b>"]
    assert handset.got(1, "+12025550122") == ["three"]
    assert {e["direction"] for e in handset.log()[1:]} == {"outbound-reply"}


@pytest.mark.parametrize("answer", ["<Response/>", "", "<Response></Response>"])
def test_an_empty_answer_sends_nothing_and_is_no_error(handset: Handset, service: Service, answer: str) -> None:
    service.answers[SMS] = answer
    handset.text("hi")
    service.wait(SMS)
    (noted,) = handset.noted(1)
    assert (noted["status"], noted["error_code"], noted["signature"]) == (200, None, "valid")
    assert len(handset.log()) == 1


def test_plain_text_is_sent_as_it_stands(handset: Handset, service: Service) -> None:
    service.answers[SMS] = lambda: Response("just words", content_type="text/plain; charset=utf-8")
    handset.text("hi")
    assert handset.got(1) == ["just words"]


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (500, "11200"),
        (403, "11200"),
        ("<Response>", "12100"),
        ("<Answer/>", "12100"),
        ("<Response>" + " " * 65_536 + "</Response>", "11750"),
    ],
)
def test_a_broken_answer_goes_to_the_fallback_with_its_code(
    handset: Handset, service: Service, answer: object, code: str
) -> None:
    service.answers |= {SMS: answer, FALLBACK: _twiml("<Message>Call or text 988.</Message>")}
    sid = handset.text("i can't go on")
    assert handset.got(1) == ["Call or text 988."]
    (hit,) = service.to(FALLBACK)
    assert (hit.form["ErrorCode"], hit.form["ErrorUrl"]) == (code, service.url + SMS)
    assert (hit.form["MessageSid"], hit.form["Body"]) == (sid, "i can't go on")
    assert RequestValidator(TOKEN).validate(hit.url, hit.form, hit.headers["X-Twilio-Signature"])
    assert len(service.to(SMS)) == 1


def test_an_answer_of_a_foreign_kind_is_a_12300(handset: Handset, service: Service) -> None:
    service.answers[SMS] = lambda: Response("{}", content_type="application/json")
    handset.text("hi")
    assert service.wait(FALLBACK)[0].form["ErrorCode"] == "12300"


def test_a_redirect_is_followed_by_get_and_loses_the_form(handset: Handset, service: Service) -> None:
    moved = Response(status=302, headers={"Location": "/moved"})
    service.answers |= {SMS: lambda: moved, "/moved": _twiml("<Message>moved</Message>")}
    handset.text("hi")
    assert handset.got(1) == ["moved"]
    assert (service.hits[1].method, service.hits[1].form) == ("GET", {})


def test_redirects_in_circles_end_in_the_fallback(handset: Handset, service: Service) -> None:
    service.answers[SMS] = lambda: Response(status=302, headers={"Location": SMS})
    handset.text("hi")
    assert service.wait(FALLBACK)[0].form["ErrorCode"] == "11200"


def test_the_redirect_verb_posts_the_same_text_elsewhere_and_ends_some_time(handset: Handset, service: Service) -> None:
    service.answers |= {
        SMS: _twiml("<Message>one</Message><Redirect>/second</Redirect><Message>never</Message>"),
        "/second": _twiml("<Message>two</Message><Redirect>/second</Redirect>"),
    }
    handset.text("hi")
    until(lambda: len(service.to("/second")) == 9)
    assert handset.got(10) == ["one", *["two"] * 9]
    assert service.to("/second")[0].form["Body"] == "hi"


def test_an_unknown_verb_is_warned_of_and_the_others_still_act(handset: Handset, service: Service) -> None:
    service.answers[SMS] = _twiml("<Dance/><Message>hello</Message>")
    handset.text("hi")
    assert handset.got(1) == ["hello"]
    warning = next(entry for entry in handset.noted(2) if entry["kind"] == "debugger")
    assert (warning["error_code"], warning["verbs"]) == (12200, ["Dance"])


def test_more_than_ten_messages_are_cut(handset: Handset, service: Service) -> None:
    service.answers[SMS] = _twiml("".join(f"<Message>{number}</Message>" for number in range(12)))
    handset.text("hi")
    assert handset.got(10) == list("0123456789")
    handset.text("hi again")
    assert "10" not in handset.got(15)


def test_sixteen_quick_replies_between_two_numbers_are_taken_for_a_loop(
    handset: Handset, service: Service, clock_file: Path
) -> None:
    service.answers[SMS] = _twiml("<Message>echo</Message>")
    for _ in range(16):
        handset.text("echo")
    stopped = [e for e in handset.log(32) if e["state"] == "failed"]
    assert [e["error_code"] for e in stopped] == [14107]
    clock_file.write_text("31")
    handset.text("echo")
    assert len(handset.got(16)) == 16
