"""The control that tests, the page and the terminal use."""

import json
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Timer
from typing import Any

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from sms_service.simulator.knobs import KnobError, Knobs
from sms_service.simulator.server import LocalTwilio
from tests.simulator.conftest import LINE, MEMBER, Handset, Service


def test_a_line_of_the_log_says_who_what_when_and_how_it_ended(handset: Handset) -> None:
    sid = handset.text("hello")
    (line,) = handset.log(1)
    at = datetime.fromisoformat(line.pop("at"))
    assert abs(at - datetime.now(UTC)) < timedelta(seconds=5)
    assert line == {
        "n": 1,
        "handset": MEMBER,
        "line": LINE,
        "direction": "inbound",
        "body": "hello",
        "sid": sid,
        "state": "received",
        "error_code": None,
        "num_media": 0,
    }


def test_the_log_is_read_from_where_one_was(handset: Handset) -> None:
    for number in range(3):
        handset.text(str(number))
    assert [line["body"] for line in handset.log(after=1)] == ["1", "2"]
    assert handset.log(after=3) == []
    assert handset.log(after=99) == []


def test_a_waiting_reader_is_woken_by_the_next_line(local: LocalTwilio, handset: Handset) -> None:
    Timer(0.1, lambda: handset.text("wake up")).start()
    started = time.monotonic()
    answer = requests.get(f"{local.url}/sim/log?wait=5", timeout=10)
    assert json.loads(answer.text)["body"] == "wake up"
    assert time.monotonic() - started < 3
    assert requests.get(f"{local.url}/sim/log?after=1&wait=0.05", timeout=5).text == ""


def test_words_with_line_separators_stay_one_line(handset: Handset, service: Service) -> None:
    handset.text("one\u2028two\r\nthree\x00")
    assert [line["body"] for line in handset.log(1)] == ["one\u2028two\r\nthree\x00"]
    assert service.wait("/webhooks/sms")[0].form["Body"] == "one\u2028two\r\nthree\x00"


def test_a_text_may_come_as_a_form(local: LocalTwilio, handset: Handset) -> None:
    form = {"from": MEMBER, "to": LINE, "body": "hola"}
    assert requests.post(f"{local.url}/sim/texts", data=form, timeout=5).status_code == 201
    assert handset.log(1)[0]["body"] == "hola"


@pytest.mark.parametrize("sender", ["72345", "+266696687", "Anonymous", "+999"])
def test_odd_senders_are_passed_on_as_they_are(handset: Handset, service: Service, sender: str) -> None:
    handset.text("hi", sender)
    assert service.wait("/webhooks/sms")[0].form["From"] == sender


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"to": "+12025550999"}, "to"),
        ({"to": ""}, "to"),
        ({"from": ""}, "from"),
        ({"from": 7}, "from"),
        ({"body": ["x"]}, "body"),
        ({"num_media": "many"}, "num_media"),
        ({"num_media": 11}, "num_media"),
        ({"num_media": True}, "num_media"),
        ({"signature": 1}, "signature"),
        ({"params": {"a": 1}}, "params"),
    ],
)
def test_a_mistake_is_named_in_one_sentence(
    local: LocalTwilio, handset: Handset, changed: dict[str, Any], named: str
) -> None:
    given = {"from": MEMBER, "to": LINE, "body": "hi"} | changed
    answer = requests.post(f"{local.url}/sim/texts", json=given, timeout=5)
    assert answer.status_code == 400
    assert f"`{named}`" in answer.json()["error"]
    assert handset.log() == []


def test_knobs_are_turned_one_by_one_and_put_back_together(local: LocalTwilio, handset: Handset) -> None:
    url = f"{local.url}/sim/knobs"
    start = requests.get(url, timeout=5).json()
    handset.turn(p_429=0.5)
    turned = handset.turn(callbacks={"drop": 0.25, "delay_ms": 5}, unreachable=[MEMBER]).json()
    assert turned == start | {
        "p_429": 0.5,
        "callbacks_drop": 0.25,
        "callbacks_delay_ms": 5,
        "unreachable": [MEMBER],
    }
    assert requests.get(url, timeout=5).json() == turned
    assert requests.delete(url, timeout=5).json() == start


@pytest.mark.parametrize(
    ("knobs", "named"),
    [
        ({"p_429": 2}, "p_429"),
        ({"p_429": "0.1"}, "p_429"),
        ({"p_429": True}, "p_429"),
        ({"rate": 0}, "rate"),
        ({"rates": {LINE: -1}}, "rates"),
        ({"outage": 1}, "outage"),
        ({"unreachable": MEMBER}, "unreachable"),
        ({"unknown_knob": 1}, "unknown_knob"),
        ({"callbacks": {"lose": 1}}, "callbacks_lose"),
        ({"latency_ms": -1}, "latency_ms"),
        ({"seed": 1.5}, "seed"),
    ],
)
def test_an_unknown_or_unfitting_knob_is_named_and_none_is_turned(
    local: LocalTwilio, knobs: dict[str, Any], named: str
) -> None:
    url = f"{local.url}/sim/knobs"
    before = requests.get(url, timeout=5).json()
    answer = requests.put(url, json={"latency_ms": 7} | knobs, timeout=5)
    assert answer.status_code == 400
    assert named in answer.json()["error"]
    assert requests.get(url, timeout=5).json() == before


values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
)


@given(st.sampled_from(sorted(Knobs().as_json())), values)
def test_whatever_a_knob_is_given_it_is_taken_or_refused_by_name(name: str, value: Any) -> None:
    try:
        turned = Knobs().turned({name: value})
    except KnobError as error:
        refusal = str(error)
        assert f"The knob {name} does not take " in refusal
        return
    assert turned.rate > 0
    assert json.dumps(turned.as_json())


def test_knobs_that_are_no_object_are_refused(local: LocalTwilio) -> None:
    for body in ("[]", "nonsense", ""):
        answer = requests.put(
            f"{local.url}/sim/knobs", data=body, headers={"Content-Type": "application/json"}, timeout=5
        )
        assert answer.status_code == 400


def test_the_request_log_has_calls_and_webhooks_but_no_words(local: LocalTwilio, handset: Handset) -> None:
    sid = handset.text("do not repeat this")
    requests.get(f"{local.url}/2010-04-01/Accounts/AC/Messages.json?To={MEMBER}", timeout=5)
    webhook, call = handset.noted(2)
    if webhook["kind"] == "api":
        webhook, call = call, webhook
    assert (webhook["kind"], webhook["purpose"], webhook["sid"]) == ("webhook", "inbound", sid)
    assert "Body" in webhook["params"]
    assert (call["kind"], call["status"], call["auth"], call["params"]) == ("api", 401, "missing", ["To"])
    assert "do not repeat" not in json.dumps([webhook, call])
    assert MEMBER not in json.dumps([webhook, call])


def test_the_simulated_time_follows_the_file_forwards_and_back(handset: Handset, clock_file: Path) -> None:
    for offset in ("86400", "-3600.5", "", "garbage"):
        clock_file.write_text(offset)
        handset.text("when")
    clock_file.unlink()
    handset.text("when")
    now = datetime.now(UTC)
    offsets = [(datetime.fromisoformat(line["at"]) - now).total_seconds() for line in handset.log(5)]
    assert [round(seconds / 600) * 600 for seconds in offsets] == [86400, -3600, 0, 0, 0]


def test_another_sites_page_may_not_send_texts(local: LocalTwilio, handset: Handset) -> None:
    given = {"from": MEMBER, "to": LINE, "body": "hi"}
    for origin, status in (("https://elsewhere.example", 403), (local.url, 201)):
        answer = requests.post(f"{local.url}/sim/texts", json=given, headers={"Origin": origin}, timeout=5)
        assert answer.status_code == status
    assert len(handset.log()) == 1


def test_numbers_that_are_none_are_a_400_and_health_is_told(local: LocalTwilio) -> None:
    assert requests.get(f"{local.url}/sim/log?after=x", timeout=5).status_code == 400
    assert requests.get(f"{local.url}/healthz", timeout=5).json() == {"status": "ok"}
