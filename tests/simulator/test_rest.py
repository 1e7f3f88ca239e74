"""The REST API as the real twilio-python uses it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import requests
from twilio.base.exceptions import TwilioException, TwilioRestException  # type: ignore[import-untyped]
from twilio.request_validator import RequestValidator  # type: ignore[import-untyped]
from twilio.rest import Client  # type: ignore[import-untyped]

from sms_service.simulator.server import LocalTwilio
from tests.simulator.conftest import ACCOUNT, LINE, MEMBER, TOKEN, Handset, LocalClient, Service, until


def test_a_message_is_accepted_as_queued_and_can_be_read_until_delivered(twilio: Client, handset: Handset) -> None:
    made = twilio.messages.create(to=MEMBER, from_=LINE, body="Hi from HOPE.")
    assert made.sid is not None
    assert (made.status, made.direction, made.num_segments) == ("queued", "outbound-api", "1")
    assert made.date_sent is None
    handset.log(1)
    read = twilio.messages(made.sid).fetch()
    assert (read.status, read.body, read.from_, read.to) == ("delivered", "Hi from HOPE.", LINE, MEMBER)
    assert isinstance(read.date_sent, datetime)


def test_lists_are_newest_first_and_filter_by_both_numbers(twilio: Client, handset: Handset) -> None:
    twilio.messages.create(to=MEMBER, from_=LINE, body="one")
    twilio.messages.create(to="+12025550122", from_=LINE, body="two")
    twilio.messages.create(to=MEMBER, from_="+12025550200", body="three")
    handset.text("four")
    handset.log(4)
    assert [m.body for m in twilio.messages.list()] == ["four", "three", "two", "one"]
    assert [m.body for m in twilio.messages.list(to=MEMBER)] == ["three", "one"]
    assert [m.body for m in twilio.messages.list(to=MEMBER, from_=LINE)] == ["one"]
    assert [m.direction for m in twilio.messages.list(to=LINE)] == ["inbound"]
    assert twilio.messages.list(to="+12025550999") == []


def test_lists_filter_by_time_sent_and_a_bare_date_is_its_whole_day(
    twilio: Client, handset: Handset, local: LocalTwilio, clock_file: Path
) -> None:
    now = datetime.now(UTC)
    handset.text("today")
    clock_file.write_text("172800")
    handset.text("in two days")
    later = twilio.messages.list(to=LINE, date_sent_after=now + timedelta(days=1))
    assert [m.body for m in later] == ["in two days"]
    earlier = twilio.messages.list(to=LINE, date_sent_before=now + timedelta(days=1))
    assert [m.body for m in earlier] == ["today"]
    answer = requests.get(
        f"{local.url}/2010-04-01/Accounts/{ACCOUNT}/Messages.json",
        params={"DateSent": now.date().isoformat()},
        auth=(ACCOUNT, TOKEN),
        timeout=5,
    )
    assert [message["body"] for message in answer.json()["messages"]] == ["today"]


def test_a_message_sent_in_the_very_second_asked_for_is_listed(twilio: Client, handset: Handset) -> None:
    asked = datetime.now(UTC)
    handset.text("now")
    assert len(twilio.messages.list(to=LINE, date_sent_after=asked)) == 1


def test_pages_follow_each_other_without_gap_or_repetition(twilio: Client, handset: Handset) -> None:
    for number in range(7):
        handset.text(str(number))
    assert [m.body for m in twilio.messages.list(page_size=3)] == list("6543210")
    assert [m.body for m in twilio.messages.list(limit=4, page_size=3)] == list("6543")


def test_a_new_message_between_two_pages_repeats_nothing(twilio: Client, handset: Handset) -> None:
    for number in range(4):
        handset.text(str(number))
    first = twilio.messages.page(page_size=2)
    handset.text("meanwhile")
    second = first.next_page()
    assert second is not None
    assert [m.body for m in second] == ["1", "0"]
    assert second.next_page() is None


def test_an_empty_body_redacts_and_delete_removes(twilio: Client, handset: Handset) -> None:
    sid = handset.text("a secret")
    assert twilio.messages(sid).update(body="").body == ""
    assert twilio.messages(sid).delete()
    with pytest.raises(TwilioRestException) as gone:
        twilio.messages(sid).fetch()
    assert (gone.value.status, gone.value.code) == (404, 20404)
    assert twilio.messages.list() == []
    assert handset.log()[0]["body"] == "a secret"


def test_a_message_still_queued_is_neither_redacted_nor_deleted(twilio: Client, handset: Handset) -> None:
    handset.turn(rate=0.5)
    twilio.messages.create(to=MEMBER, from_=LINE, body="first")
    second = twilio.messages.create(to=MEMBER, from_=LINE, body="second")
    assert second.sid is not None
    message = twilio.messages(second.sid)
    with pytest.raises(TwilioRestException) as refused:
        message.delete()
    assert (refused.value.status, refused.value.code) == (409, 20009)
    with pytest.raises(TwilioRestException) as refused:
        message.update(body="")
    assert (refused.value.status, refused.value.code) == (409, 20009)


def test_only_the_empty_body_may_be_written_and_nothing_can_be_canceled(twilio: Client, handset: Handset) -> None:
    sid = handset.text("hello")
    with pytest.raises(TwilioRestException) as refused:
        twilio.messages(sid).update(body="other words")
    assert refused.value.code == 20001
    with pytest.raises(TwilioRestException) as refused:
        twilio.messages(sid).update(status="canceled")
    assert refused.value.code == 30409


def test_a_numbers_webhooks_are_read_and_changed_and_used_from_then_on(
    twilio: Client, handset: Handset, service: Service
) -> None:
    (number,) = twilio.incoming_phone_numbers.list(phone_number=LINE)
    assert number.sms_url == f"{service.url}/webhooks/sms"
    assert number.voice_url == f"{service.url}/webhooks/voice"
    changed = number.update(sms_url=f"{service.url}/elsewhere", voice_url=f"{service.url}/ring")
    assert changed.voice_url == f"{service.url}/ring"
    assert changed.sms_fallback_url == f"{service.url}/webhooks/sms/fallback"
    handset.text("hi")
    service.wait("/elsewhere")
    assert len(twilio.incoming_phone_numbers.list()) == 2
    assert number.sid is not None
    assert twilio.incoming_phone_numbers(number.sid).fetch().sms_url == f"{service.url}/elsewhere"


def test_a_number_set_to_get_is_asked_with_a_signed_query(twilio: Client, handset: Handset, service: Service) -> None:
    (number,) = twilio.incoming_phone_numbers.list(phone_number=LINE)
    number.update(sms_url=f"{service.url}/by-get", sms_method="GET")
    handset.text("hi there")
    (hit,) = service.wait("/by-get")
    assert hit.method == "GET"
    assert "Body=hi+there" in hit.url
    until(lambda: any(e.get("purpose") == "inbound" for e in handset.noted()))
    assert handset.noted()[-1]["signature"] == "valid"


def test_the_account_says_that_it_is_active(twilio: Client) -> None:
    account = twilio.api.v2010.accounts(ACCOUNT).fetch()
    assert (account.sid, account.status, account.type) == (ACCOUNT, "active", "Full")


@pytest.mark.parametrize("pair", [(ACCOUNT, "wrong"), ("AC" + "f" * 32, TOKEN)])
def test_a_wrong_account_or_token_is_refused_in_twilios_own_shape(local: LocalTwilio, pair: tuple[str, str]) -> None:
    url = f"{local.url}/2010-04-01/Accounts/{ACCOUNT}.json"
    answer = requests.get(url, auth=pair, timeout=5)
    assert answer.status_code == 401
    assert answer.json() == {
        "code": 20003,
        "message": "Authenticate",
        "more_info": "https://www.twilio.com/docs/errors/20003",
        "status": 401,
    }
    assert requests.get(url, timeout=5).status_code == 401


def test_a_foreign_account_and_an_unknown_resource_are_not_found(local: LocalTwilio) -> None:
    for path in (f"AC{'f' * 32}/Messages", f"{ACCOUNT}/Conferences", f"{ACCOUNT}/IncomingPhoneNumbers/PN0"):
        url = f"{local.url}/2010-04-01/Accounts/{path}.json"
        answer = requests.get(url, auth=(ACCOUNT, TOKEN), timeout=5)
        assert (answer.status_code, answer.json()["code"]) == (404, 20404), path


def test_a_new_token_counts_at_once_for_both_directions(
    local: LocalTwilio, handset: Handset, twilio: Client, service: Service
) -> None:
    requests.put(f"{local.url}/sim/auth_token", json={"auth_token": "new"}, timeout=5).raise_for_status()
    with pytest.raises(TwilioException, match="401"):
        twilio.messages.list()
    http = LocalClient(local.url)
    assert Client(ACCOUNT, "new", http_client=http).messages.list() == []
    assert http.session is not None
    http.session.close()
    handset.text("hi")
    (hit,) = service.wait("/webhooks/sms")
    assert RequestValidator("new").validate(hit.url, hit.form, hit.headers["X-Twilio-Signature"])
