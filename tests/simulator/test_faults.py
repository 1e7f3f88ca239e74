"""What goes wrong on purpose at the API."""

import json
import socket
import time
from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode

import pytest
import requests
from twilio.rest import Client  # type: ignore[import-untyped]

from sms_service.simulator.server import LocalTwilio
from tests.simulator.conftest import ACCOUNT, LINE, MEMBER, TOKEN, Handset

FORM = {"To": MEMBER, "From": LINE, "Body": "hi"}


def _post(local: LocalTwilio) -> requests.Response:
    url = f"{local.url}/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
    return requests.post(url, data=FORM, auth=(ACCOUNT, TOKEN), timeout=5)


@pytest.mark.parametrize(
    ("knobs", "status", "code"),
    [({"p_429": 1}, 429, 20429), ({"p_500": 1}, 500, 20500), ({"outage": True}, 503, 20503)],
)
def test_a_refusal_does_nothing(
    local: LocalTwilio, handset: Handset, knobs: dict[str, object], status: int, code: int
) -> None:
    handset.turn(**knobs)
    answer = _post(local)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert requests.delete(f"{local.url}/sim/knobs", timeout=5).ok
    assert _post(local).status_code == 201
    assert len(handset.log(1)) == 1


def test_a_lost_answer_leaves_a_message_that_is_delivered(local: LocalTwilio, handset: Handset, twilio: Client) -> None:
    handset.turn(p_timeout_after=1, timeout_s=0.05)
    with pytest.raises(requests.ConnectionError):
        _post(local)
    handset.turn(p_timeout_after=0)
    assert handset.got(1) == ["hi"]
    assert len(twilio.messages.list(to=MEMBER)) == 1


def test_a_500_after_the_work_leaves_a_message_too(local: LocalTwilio, handset: Handset) -> None:
    handset.turn(p_500_after=1)
    assert _post(local).status_code == 500
    assert handset.got(1) == ["hi"]


def test_a_time_out_before_the_work_leaves_nothing(local: LocalTwilio, handset: Handset, twilio: Client) -> None:
    handset.turn(p_timeout_before=1, timeout_s=0.05)
    with pytest.raises(requests.ConnectionError):
        _post(local)
    handset.turn(p_timeout_before=0)
    assert twilio.messages.list() == []


def test_an_unanswered_request_hangs_as_long_as_the_knob_says(local: LocalTwilio, handset: Handset) -> None:
    handset.turn(p_timeout_after=1, timeout_s=30)
    url = f"{local.url}/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
    with pytest.raises(requests.ReadTimeout):
        requests.post(url, data=FORM, auth=(ACCOUNT, TOKEN), timeout=0.2)


def test_a_text_taken_without_an_answer_tells_at_once_whom_it_keeps_waiting(
    local: LocalTwilio, handset: Handset, twilio: Client
) -> None:
    """The caller can be killed after Twilio's 201 and before it has written anything down."""
    handset.turn(p_stop_after=1, timeout_s=30)
    with socket.create_connection((local.parts.exchange.config.host, int(local.url.rpartition(":")[2]))) as caller:
        form, pair = urlencode(FORM), b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()
        caller.sendall(
            f"POST /2010-04-01/Accounts/{ACCOUNT}/Messages.json HTTP/1.1\r\nAuthorization: Basic {pair}\r\n"
            f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(form)}\r\n\r\n{form}".encode()
        )
        assert handset.got(1) == ["hi"]
        lines = requests.get(f"{local.url}/sim/requests", timeout=5).text.splitlines()
        (told,) = [entry for line in lines if (entry := json.loads(line))["kind"] == "stopped"]
        assert told["peer"] == "{}:{}".format(*caller.getsockname())
        assert told["sid"] == twilio.messages.list(to=MEMBER)[0].sid


def test_a_share_of_failures_is_about_that_share_and_the_same_again_with_a_seed(
    local: LocalTwilio, handset: Handset
) -> None:
    outcomes = []
    for _ in range(2):
        handset.turn(p_429=0.3, seed=11)
        outcomes.append([_post(local).status_code for _ in range(60)])
    assert outcomes[0] == outcomes[1]
    assert 8 <= outcomes[0].count(429) <= 30


def test_more_requests_at_once_than_allowed_are_refused(local: LocalTwilio, handset: Handset) -> None:
    handset.turn(api_concurrency=1, answer_delay_ms=150)
    with ThreadPoolExecutor(3) as pool:
        codes = sorted(answer.status_code for answer in pool.map(lambda _: _post(local), range(3)))
    assert codes == [201, 429, 429]


def test_answers_are_delayed_on_demand(local: LocalTwilio, handset: Handset) -> None:
    handset.turn(answer_delay_ms=120)
    started = time.monotonic()
    assert _post(local).status_code == 201
    assert time.monotonic() - started >= 0.12


def test_the_list_lags_on_demand(handset: Handset, twilio: Client) -> None:
    handset.turn(list_lag_s=0.3)
    sid = handset.text("new")
    assert twilio.messages.list() == []
    assert twilio.messages(sid).fetch().body == "new"
    time.sleep(0.35)
    assert [message.body for message in twilio.messages.list()] == ["new"]
