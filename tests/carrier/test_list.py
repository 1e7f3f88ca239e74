"""Asking Twilio: the list that settles and catches up, redaction, the account."""

import logging
from datetime import UTC, datetime

import pytest

from sms_service.carrier.twilio import Account, CarrierError, ListedSms, TwilioCarrier
from sms_service.settings import Settings
from tests.carrier.conftest import FarEnd

SINCE = datetime(2026, 3, 8, 9, 0, 0, 500_000, tzinfo=UTC)
TO, FROM = "+12025550121", "+12025550100"


def row(sid: str, *, at: str | None, made: str = "Sun, 08 Mar 2026 09:00:00 +0000", way: str) -> object:
    return {
        "sid": sid,
        "to": TO,
        "from": FROM,
        "body": "planted words",
        "status": "sent",
        "direction": way,
        "date_sent": at,
        "date_created": made,
    }


def page(*rows: object) -> object:
    return {"messages": list(rows), "next_page_uri": None, "page": 0, "page_size": 50}


def test_outbound_texts_come_oldest_first_with_the_queued_ones(carrier: TwilioCarrier, far: FarEnd) -> None:
    far.status = 200
    far.answer = page(
        row("SM3", at="Sun, 08 Mar 2026 09:00:09 +0000", way="outbound-api"),
        row("SM2", at=None, made="Sun, 08 Mar 2026 09:00:00 +0000", way="outbound-reply"),
        row("SM1", at="Sun, 08 Mar 2026 08:59:59 +0000", way="outbound-api"),
        row("SM0", at="Sun, 08 Mar 2026 09:00:05 +0000", way="inbound"),
    )
    found = carrier.list_sms(SINCE, "outbound", to=TO, from_=FROM)
    assert [sms.sid for sms in found] == ["SM2", "SM3"]
    assert found[0] == ListedSms(
        "SM2", TO, FROM, "planted words", "sent", "outbound", datetime(2026, 3, 8, 9, tzinfo=UTC)
    )
    assert far.asked[0].query == {"To": [TO], "From": [FROM], "PageSize": ["200"]}


def test_inbound_texts_are_asked_for_by_date(carrier: TwilioCarrier, far: FarEnd) -> None:
    far.status, far.answer = 200, page(row("SM1", at="Sun, 08 Mar 2026 09:00:09 +0000", way="inbound"))
    assert [sms.sid for sms in carrier.list_sms(SINCE, "inbound", to=FROM)] == ["SM1"]
    assert far.asked[0].query["DateSent>"] == ["2026-03-08T09:00:00Z"]


def test_a_listed_text_shows_no_number_when_printed(carrier: TwilioCarrier, far: FarEnd) -> None:
    far.status, far.answer = 200, page(row("SM1", at="Sun, 08 Mar 2026 09:00:09 +0000", way="inbound"))
    shown = repr(carrier.list_sms(SINCE, "inbound"))
    assert "SM1" in shown
    assert "2025550" not in shown
    assert "planted" not in shown


@pytest.mark.parametrize(
    ("status", "answer", "code"),
    [
        (401, {"code": 20003, "message": f"{TO}"}, 20003),
        (500, f"oops {TO}", 500),
        (200, f"not json {TO}", 0),
        (200, page(row("SM1", at="yesterday", made="", way="inbound")), 0),
    ],
)
def test_a_list_that_fails_says_so_without_numbers(
    carrier: TwilioCarrier, far: FarEnd, status: int, answer: object, code: int
) -> None:
    far.status, far.answer = status, answer
    with pytest.raises(CarrierError) as caught:
        carrier.list_sms(SINCE, "inbound", to=TO)
    assert caught.value.code == code
    assert "2025550" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


def test_a_dropped_line_while_listing_says_so_without_numbers(
    carrier: TwilioCarrier, far: FarEnd, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    far.drop = True
    with pytest.raises(CarrierError, match="list failed, ProtocolError") as caught:
        carrier.list_sms(SINCE, "inbound", to=TO)
    assert caught.value.code == 0
    assert "2025550" not in caplog.text


def test_redaction_blanks_the_words(carrier: TwilioCarrier, far: FarEnd) -> None:
    far.status = 200
    carrier.redact("SM1")
    assert far.asked[0].form == {"Body": [""]}
    assert far.asked[0].path.endswith("/Messages/SM1.json")


def test_deletion_deletes(carrier: TwilioCarrier, far: FarEnd) -> None:
    far.status, far.answer = 204, ""
    carrier.delete("SM1")
    assert far.asked[0].method == "DELETE"


def test_what_is_gone_already_needs_no_redaction_nor_deletion(carrier: TwilioCarrier, far: FarEnd) -> None:
    far.status, far.answer = 404, {"code": 20404, "message": "gone"}
    carrier.redact("SM1")
    carrier.delete("SM1")


def test_a_refused_deletion_is_told(carrier: TwilioCarrier, far: FarEnd) -> None:
    far.status, far.answer = 409, {"code": 20409, "message": TO}
    with pytest.raises(CarrierError, match=r"^Twilio: deletion failed \(20409\)$"):
        carrier.delete("SM1")


def test_the_account_is_fetched(carrier: TwilioCarrier, far: FarEnd, settings: Settings) -> None:
    far.status, far.answer = 200, {"status": "active", "type": "Full"}
    assert carrier.fetch_account() == Account("active", "Full")
    assert far.asked[0].path == f"/2010-04-01/Accounts/{settings.twilio_account_sid}.json"
