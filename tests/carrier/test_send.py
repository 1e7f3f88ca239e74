"""One try to send, against a real socket: each thing that can happen has its own outcome."""

import base64
import logging
import os
import socket
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from urllib3.exceptions import HostChangedError

from sms_service.carrier import http
from sms_service.carrier.outcomes import Later, NotSent, Outcome, Refused, Sent, Unsure
from sms_service.carrier.twilio import TwilioCarrier
from sms_service.settings import Settings, load_settings
from tests.carrier.conftest import FarEnd

TO, FROM = "+12025550121", "+12025550100"


def send(carrier: TwilioCarrier, body: str = "Hi from HOPE.") -> Outcome:
    return carrier.send_sms(TO, FROM, body, "http://127.0.0.1:8000/webhooks/sms/status/7", 3600)


def test_a_text_that_twilio_takes_comes_back_with_its_sid(carrier: TwilioCarrier, far: FarEnd) -> None:
    far.answer = {"sid": "SM0123"}
    assert send(carrier) == Sent("SM0123")


def test_the_request_is_the_one_twilio_expects(carrier: TwilioCarrier, far: FarEnd, settings: Settings) -> None:
    send(carrier, "Hola, ¿cómo está?")
    [asked] = far.asked
    sid, token = settings.twilio_account_sid, settings.twilio_auth_token
    assert (asked.method, asked.path) == ("POST", f"/2010-04-01/Accounts/{sid}/Messages.json")
    assert asked.form == {
        "To": [TO],
        "From": [FROM],
        "Body": ["Hola, ¿cómo está?"],
        "StatusCallback": ["http://127.0.0.1:8000/webhooks/sms/status/7"],
        "ValidityPeriod": ["3600"],
    }
    assert asked.authorization == "Basic " + base64.b64encode(f"{sid}:{token}".encode()).decode()


@pytest.mark.parametrize(("wished", "asked"), [(0, "1"), (-5, "1"), (36_001, "36000")])
def test_the_validity_stays_within_twilios_limits(carrier: TwilioCarrier, far: FarEnd, wished: int, asked: str) -> None:
    carrier.send_sms(TO, FROM, "x", "http://127.0.0.1/", wished)
    assert far.asked[0].form["ValidityPeriod"] == [asked]


def test_a_messaging_service_goes_along_with_the_line(far: FarEnd, tmp_path: Path) -> None:
    service = "MG" + "a" * 32
    env = {
        "SMS_SERVICE_HOME": str(tmp_path),
        "TWILIO_API_URL": far.url,
        "TWILIO_MESSAGING_SERVICE_SID": service,
    }
    send(TwilioCarrier(load_settings(env, tmp_path / ".env")))
    assert far.asked[0].form["MessagingServiceSid"] == [service]
    assert far.asked[0].form["From"] == [FROM]


@pytest.mark.parametrize(
    ("status", "answer", "outcome"),
    [
        (400, {"code": 21610, "message": f"to {TO}", "status": 400}, Refused(21610, "stopped")),
        (400, {"code": 21211, "message": "", "status": 400}, Refused(21211, "invalid")),
        (400, {"code": 99999, "message": "", "status": 400}, Refused(99999, "error")),
        (400, {"code": "odd"}, Refused(400, "error")),
        (401, {"code": 20003, "message": "Authenticate"}, Later(20003, 60.0)),
        (404, {"code": 20404, "message": ""}, Later(20404, 60.0)),
        (403, "<html>no</html>", Later(403, 60.0)),
        (429, {"code": 20429, "message": ""}, Later(20429, 2.0)),
        (429, "slow down", Later(429, 2.0)),
        (400, {"code": 30001, "message": ""}, Later(30001, 30.0)),
        (400, {"type": "t", "title": "x", "status": 400, "code": 21610}, Refused(21610, "stopped")),
        (408, "", Unsure("http 408")),
        (500, "", Unsure("http 500")),
        (503, {"code": 20503, "message": ""}, Unsure("http 503")),
        (302, "", Unsure("http 302")),
        (201, "<html>not json", Unsure("unreadable answer")),
        (201, ["odd"], Unsure("unreadable answer")),
        (201, "", Unsure("answer without a SID")),
        (201, {}, Unsure("answer without a SID")),
    ],
)
def test_an_answer_has_one_meaning(
    carrier: TwilioCarrier, far: FarEnd, status: int, answer: object, outcome: Outcome
) -> None:
    far.status, far.answer = status, answer
    assert send(carrier) == outcome
    assert len(far.asked) == 1, "never tried again blindly"


def test_a_refused_connection_is_certainly_not_sent(carrier: TwilioCarrier, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closing:
        url = f"http://127.0.0.1:{closing.getsockname()[1]}"
    env = {"SMS_SERVICE_HOME": str(tmp_path), "TWILIO_API_URL": url}
    assert isinstance(send(TwilioCarrier(load_settings(env, tmp_path / ".env"))), NotSent)


def test_a_line_cut_after_the_request_leaves_us_unsure(carrier: TwilioCarrier, far: FarEnd) -> None:
    far.drop = True
    assert isinstance(send(carrier), Unsure)
    assert len(far.asked) == 1, "never tried again blindly"


def test_an_answer_that_does_not_come_leaves_us_unsure(
    carrier: TwilioCarrier, far: FarEnd, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http, "READ_S", 0.2)
    far.delay_s = 0.6
    assert send(carrier) == Unsure("ReadTimeoutError")


def test_threads_sharing_the_carrier_each_get_their_own_answer(carrier: TwilioCarrier, far: FarEnd) -> None:
    """The parent client hands out its last answer; ours must not mix up two texts' SIDs."""
    far.echo_body_as_sid, far.delay_s = True, 0.01
    words = [f"SM{n}" for n in range(60)]
    with ThreadPoolExecutor(12) as pool:
        assert list(pool.map(lambda w: send(carrier, w), words)) == [Sent(w) for w in words]


def test_a_forked_process_gets_its_own_connections(carrier: TwilioCarrier, far: FarEnd) -> None:
    send(carrier)
    mine = carrier._client
    pid, carrier._made = carrier._made and carrier._made[0], (os.getpid() + 1, mine)
    assert carrier._client is not mine
    assert pid == os.getpid()


def test_no_redirect_leads_a_local_service_to_another_host(carrier: TwilioCarrier, far: FarEnd) -> None:
    far.status, far.headers = 307, {"Location": "https://api.twilio.com/2010-04-01/"}
    assert send(carrier) == Unsure("http 307")


def test_a_local_wire_reaches_its_own_origin_whatever_host_is_named(far: FarEnd) -> None:
    wire = http.Wire(far.url)
    wire.request("GET", "https://api.twilio.com/hello")
    assert far.asked[0].path == "/hello"
    with pytest.raises(HostChangedError):
        wire._pool.urlopen("GET", "https://api.twilio.com/hello", retries=False)
    wire.close()


def test_nothing_logged_holds_a_number_or_words(
    carrier: TwilioCarrier, far: FarEnd, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    send(carrier, "planted words")
    far.status, far.answer = 400, {"code": 21211, "message": f"{TO} is not a number"}
    send(carrier, "planted words")
    assert not [r for r in caplog.messages if "2025550" in r or "planted" in r]
