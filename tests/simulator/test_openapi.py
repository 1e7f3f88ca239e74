"""Every answer of the REST API satisfies Twilio's own OpenAPI."""

from email.utils import parsedate_to_datetime
from typing import Any

import pytest
import requests
from openapi_schema_validator import OAS30Validator

from sms_service.simulator.server import LocalTwilio
from tests.simulator.conftest import ACCOUNT, LINE, MEMBER, TOKEN, Handset, reference

BASE = f"/2010-04-01/Accounts/{ACCOUNT}"
TEMPLATES = {
    f"{BASE}.json": "/2010-04-01/Accounts/{Sid}.json",
    f"{BASE}/Messages.json": "/2010-04-01/Accounts/{AccountSid}/Messages.json",
    f"{BASE}/IncomingPhoneNumbers.json": "/2010-04-01/Accounts/{AccountSid}/IncomingPhoneNumbers.json",
}


@pytest.fixture(scope="module")
def spec() -> dict[str, Any]:
    """Twilio's OpenAPI document."""
    document: dict[str, Any] = reference("twilio_api_v2010.json")
    return document


def _schema(spec: dict[str, Any], method: str, path: str, status: int) -> dict[str, Any]:
    template = TEMPLATES.get(path) or (path.replace(ACCOUNT, "{AccountSid}").rpartition("/")[0] + "/{Sid}.json")
    responses = spec["paths"][template][method.lower()]["responses"]
    schema: dict[str, Any] = responses[str(status)]["content"]["application/json"]["schema"]
    return schema


def _check(spec: dict[str, Any], answer: requests.Response) -> None:
    assert answer.request.method is not None
    path = answer.request.path_url.partition("?")[0]
    schema = _schema(spec, answer.request.method, path, answer.status_code)
    OAS30Validator({"components": spec["components"], "allOf": [schema]}).validate(answer.json())


def _fields(spec: dict[str, Any], name: str) -> set[str]:
    return set(spec["components"]["schemas"][name]["properties"])


def test_each_answer_fits_the_schema_of_its_operation(
    spec: dict[str, Any], local: LocalTwilio, handset: Handset
) -> None:
    session = requests.Session()
    session.auth = (ACCOUNT, TOKEN)
    base = local.url + BASE
    form = {"To": MEMBER, "From": LINE, "Body": "¿Cómo estás? 😀"}
    made = session.post(f"{base}/Messages.json", data=form)
    assert made.status_code == 201
    _check(spec, made)
    handset.text("hello", num_media=1)
    handset.turn(unreachable=[MEMBER])
    session.post(f"{base}/Messages.json", data=form)
    handset.log(3)
    message = f"{base}/Messages/{made.json()['sid']}.json"
    number = session.get(f"{base}/IncomingPhoneNumbers.json").json()["incoming_phone_numbers"][0]
    line = f"{base}/IncomingPhoneNumbers/{number['sid']}.json"
    for answer in (
        session.get(f"{base}.json"),
        session.get(f"{base}/Messages.json", params={"PageSize": "1", "DateSent>": "2020-01-01"}),
        session.get(f"{base}/Messages.json"),
        session.get(message),
        session.post(message, data={"Body": ""}),
        session.get(f"{base}/IncomingPhoneNumbers.json"),
        session.get(line),
        session.post(line, data={"SmsUrl": "https://example.org/sms"}),
    ):
        assert answer.status_code == 200
        _check(spec, answer)
    session.close()


def test_resources_have_every_field_of_the_schema_and_no_other(
    spec: dict[str, Any], local: LocalTwilio, handset: Handset
) -> None:
    handset.text("hello")
    base, auth = local.url + BASE, (ACCOUNT, TOKEN)
    message = requests.get(f"{base}/Messages.json", auth=auth, timeout=5).json()["messages"][0]
    numbers = requests.get(f"{base}/IncomingPhoneNumbers.json", auth=auth, timeout=5).json()
    account = requests.get(f"{base}.json", auth=auth, timeout=5).json()
    assert set(message) == _fields(spec, "api.v2010.account.message")
    assert set(numbers["incoming_phone_numbers"][0]) == _fields(spec, "api.v2010.account.incoming_phone_number")
    assert set(account) == _fields(spec, "api.v2010.account")
    for name in ("date_created", "date_sent", "date_updated"):
        assert parsedate_to_datetime(message[name]).tzinfo is not None
