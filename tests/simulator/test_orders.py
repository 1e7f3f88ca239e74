"""What a POST to Messages refuses, with Twilio's own codes."""

from typing import Any

import pytest
import requests
from twilio.base.exceptions import TwilioRestException  # type: ignore[import-untyped]
from twilio.rest import Client  # type: ignore[import-untyped]

from sms_service.simulator.server import LocalTwilio
from tests.simulator.conftest import ACCOUNT, LINE, MEMBER, TOKEN, Handset


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"From": "+15005550001"}, 21212),
        ({"From": "+15005550007"}, 21606),
        ({"From": "+15005550008"}, 21611),
        ({"To": "+15005550001"}, 21211),
        ({"To": "+15005550002"}, 21612),
        ({"To": "+15005550003"}, 21408),
        ({"To": "+15005550004"}, 21610),
        ({"To": "+15005550009"}, 21614),
        ({"To": ""}, 21604),
        ({"To": "+12"}, 21211),
        ({"To": "somebody"}, 21211),
        ({"To": LINE}, 21266),
        ({"From": ""}, 21603),
        ({"From": "+12025550999"}, 21606),
        ({"Body": ""}, 21602),
        ({"Body": "a" * 1601}, 21617),
        ({"StatusCallback": "nonsense"}, 21609),
        ({"StatusCallback": "http://[::1"}, 21609),
        ({"ValidityPeriod": "0"}, 21624),
        ({"ValidityPeriod": "36001"}, 21624),
        ({"ValidityPeriod": "long"}, 21624),
    ],
)
def test_a_mistake_gets_twilios_code_and_leaves_no_message(
    local: LocalTwilio, changed: dict[str, str], code: int
) -> None:
    url = f"{local.url}/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
    form = {"To": MEMBER, "From": LINE, "Body": "hi"} | changed
    answer = requests.post(url, data=form, auth=(ACCOUNT, TOKEN), timeout=5)
    assert answer.status_code == 400
    assert answer.json()["code"] == code
    assert answer.json()["more_info"] == f"https://www.twilio.com/docs/errors/{code}"
    assert requests.get(url, auth=(ACCOUNT, TOKEN), timeout=5).json()["messages"] == []


@pytest.mark.parametrize(
    "kept", [{"Body": "a" * 1600}, {"ValidityPeriod": "36000"}, {"From": "+15005550006"}, {"Body": " "}]
)
def test_what_is_just_allowed_is_taken(local: LocalTwilio, kept: dict[str, str]) -> None:
    url = f"{local.url}/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
    form = {"To": MEMBER, "From": LINE, "Body": "hi"} | kept
    assert requests.post(url, data=form, auth=(ACCOUNT, TOKEN), timeout=5).status_code == 201


def test_a_national_number_is_read_as_american(twilio: Client) -> None:
    assert twilio.messages.create(to="(202) 555-0121", from_=LINE, body="hi").to == MEMBER


def test_a_messaging_service_answers_from_the_line_the_person_wrote_to(twilio: Client, handset: Handset) -> None:
    service: dict[str, Any] = {"messaging_service_sid": "MG" + "1" * 32, "body": "hi"}
    handset.text("hello", to="+12025550200")
    made = twilio.messages.create(to=MEMBER, **service)
    assert (made.from_, made.status) == ("+12025550200", "accepted")
    assert twilio.messages.create(to="+12025550122", **service).from_ == LINE


def test_a_full_queue_refuses(twilio: Client, handset: Handset) -> None:
    handset.turn(rate=1, queue_seconds=2)
    for _ in range(4):
        twilio.messages.create(to=MEMBER, from_=LINE, body="hi")
    with pytest.raises(TwilioRestException) as refused:
        twilio.messages.create(to=MEMBER, from_=LINE, body="hi")
    assert refused.value.code == 21611
