"""The web application of the house, and a Twilio that signs what it posts."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from sms_service.app import create_app
from sms_service.carrier.signature import sign
from sms_service.settings import Settings
from tests.house import House


@dataclass
class Twilio:
    """Posts webhooks with a genuine signature."""

    client: FlaskClient
    settings: Settings

    def post(self, path: str, **form: str) -> TestResponse:
        """One webhook."""
        url = f"{self.settings.public_url}{path}"
        header = sign(url, {name: [value] for name, value in form.items()}, self.settings.twilio_auth_token)
        return self.client.post(path, data=form, headers={"X-Twilio-Signature": header})


@pytest.fixture(autouse=True)
def logging_as_before() -> Iterator[None]:
    """The application sets logging up for its whole process; the tests go on after it."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.fixture
def client(house: House) -> Iterator[FlaskClient]:
    app = create_app(house.settings, only="webhooks")
    yield app.test_client()
    app.extensions["desk"].db.close()


@pytest.fixture
def twilio(client: FlaskClient, house: House) -> Twilio:
    return Twilio(client, house.settings)
