"""The door for texts and their callbacks: signed, complete, 503 when nothing can be kept."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event, func, select
from sqlalchemy.exc import OperationalError

from sms_service.app import create_app
from sms_service.carrier.outcomes import Sent
from sms_service.carrier.signature import sign
from sms_service.settings import Settings
from sms_service.store.inbounds import inbounds
from tests.house import ANA, LINE, House
from tests.servers import a_free_port
from tests.webhooks.conftest import Twilio

PATH = "/webhooks/sms"
TEXT = {"MessageSid": "SM1", "From": ANA, "To": LINE, "Body": "MOOD 7", "NumMedia": "0"}


def _heard(house: House) -> int:
    with house.db.read() as conn:
        return int(conn.scalar(select(func.count()).select_from(inbounds)) or 0)


def test_a_text_is_answered_with_nothing_but_the_outbox_owes_its_reply(house: House, twilio: Twilio) -> None:
    answer = twilio.post(PATH, **TEXT)
    assert (answer.status_code, answer.mimetype) == (200, "text/xml")
    assert answer.text.endswith("<Response/>")
    assert house.sent(ANA)[0].startswith("Mood 7 saved")


def test_the_same_webhook_again_is_answered_the_same_and_does_nothing(house: House, twilio: Twilio) -> None:
    first, second = twilio.post(PATH, **TEXT), twilio.post(PATH, **TEXT)
    assert (first.status_code, first.text) == (second.status_code, second.text)
    assert (_heard(house), len(house.sent(ANA))) == (1, 1)


@pytest.mark.parametrize("header", [None, "", "bm90IGl0", "\u00e9\u00e9"])
def test_without_twilios_signature_it_is_403_and_nothing_is_kept(
    house: House, client: FlaskClient, header: str | None
) -> None:
    headers = {} if header is None else {"X-Twilio-Signature": header}
    answer = client.post(PATH, data=TEXT, headers=headers)
    assert (answer.status_code, _heard(house)) == (403, 0)


def test_a_signature_of_other_words_is_403(house: House, client: FlaskClient) -> None:
    url = f"{house.settings.public_url}{PATH}"
    header = sign(url, {name: [value] for name, value in TEXT.items()}, house.settings.twilio_auth_token)
    answer = client.post(PATH, data=TEXT | {"Body": "STOP"}, headers={"X-Twilio-Signature": header})
    assert (answer.status_code, _heard(house)) == (403, 0)


@pytest.mark.parametrize("missing", ["MessageSid", "From", "To"])
def test_a_webhook_without_its_fields_is_400_and_says_which(house: House, twilio: Twilio, missing: str) -> None:
    answer = twilio.post(PATH, **{name: value for name, value in TEXT.items() if name != missing})
    assert answer.status_code == 400
    assert missing in answer.text
    assert _heard(house) == 0


@pytest.mark.parametrize("media", ["", "x", "-1", "99999999999999999999", "²"])
def test_a_count_of_pictures_that_is_none_is_taken_as_zero(house: House, twilio: Twilio, media: str) -> None:
    assert twilio.post(PATH, **TEXT | {"NumMedia": media}).status_code == 200
    assert house.sent(ANA)[0].startswith("Mood 7 saved")


def test_it_is_only_posted_to(client: FlaskClient) -> None:
    assert client.get(PATH).status_code in (403, 405)


def test_a_database_that_is_away_is_503_so_that_twilio_falls_back(settings_with: Callable[..., Settings]) -> None:
    settings = settings_with(
        DATABASE_URL=f"postgresql://x@127.0.0.1:{a_free_port()}/x", REDIS_URL="redis://127.0.0.1:1/0"
    )
    app = create_app(settings, only="webhooks")
    answer = Twilio(app.test_client(), settings).post(PATH, **TEXT)
    status = Twilio(app.test_client(), settings).post(f"{PATH}/status/1", MessageSid="SM1", MessageStatus="sent")
    app.extensions["desk"].db.close()
    assert (answer.status_code, status.status_code) == (503, 503)
    assert "postgresql" not in answer.text


def test_a_database_that_goes_away_within_the_turn_keeps_nothing_half(house: House, twilio: Twilio) -> None:
    desk = twilio.client.application.extensions["desk"]

    def away(_conn: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if statement.startswith("INSERT INTO outbox"):
            raise OperationalError(statement, None, Exception("away"))

    event.listen(desk.db.engine, "before_cursor_execute", away)
    assert twilio.post(PATH, **TEXT).status_code == 503
    event.remove(desk.db.engine, "before_cursor_execute", away)
    assert (_heard(house), house.sent(ANA)) == (0, [])
    assert twilio.post(PATH, **TEXT).status_code == 200
    assert len(house.sent(ANA)) == 1


def test_a_callback_settles_its_row(house: House, twilio: Twilio) -> None:
    one = house.owe(house.person(ANA).id)
    house.claim("reply")
    house.record([Sent("SM7")])
    answer = twilio.post(f"{PATH}/status/{one}", MessageSid="SM7", MessageStatus="delivered")
    assert (answer.status_code, house.row(one).state) == (204, "delivered")


@pytest.mark.parametrize("outbox_id", ["4711", "0", "99999999999999999999999999"])
def test_a_callback_for_no_row_of_ours_is_no_error(twilio: Twilio, outbox_id: str) -> None:
    answer = twilio.post(f"{PATH}/status/{outbox_id}", MessageSid="SM7", MessageStatus="delivered")
    assert answer.status_code in (204, 404)


@pytest.mark.parametrize("form", [{}, {"MessageSid": "SM7"}, {"MessageStatus": "sent"}])
def test_a_callback_without_its_fields_is_400(twilio: Twilio, form: dict[str, str]) -> None:
    assert twilio.post(f"{PATH}/status/1", **form).status_code == 400
