"""Catching up: pictures, a line that can't be listed, a text that can't be fed."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, select

from sms_service.carrier.twilio import CarrierError, ListedSms
from sms_service.services.catch_up import MARK, catch_up
from sms_service.store.inbounds import inbounds
from sms_service.store.marks import read_mark
from tests.house import ANA, LEO, LINE, NIGHT, House

MINUTE = timedelta(minutes=1)


class TwiliosList:
    """What reached Twilio; the lines in `away` can't be listed."""

    def __init__(self, *reached: ListedSms, away: str = "") -> None:
        self.reached, self.away = reached, away

    def list_sms(
        self, since: datetime, direction: Any, *, to: str | None = None, from_: str | None = None
    ) -> Sequence[ListedSms]:
        if to == self.away:
            raise CarrierError(500, "list failed")
        return [sms for sms in self.reached if sms.to == to and sms.at >= since]


def _sms(no: int, sender: str, body: str, at: datetime, to: str = LINE, media: int = 0) -> ListedSms:
    return ListedSms(f"SM{no:032x}", to, sender, body, "received", "inbound", at, media)


def _mark(house: House) -> str | None:
    with house.db.read() as conn:
        return read_mark(conn, MARK)


def test_a_picture_caught_up_is_heard_as_a_picture(house: House) -> None:
    catch_up(house.desk, TwiliosList(_sms(1, ANA, "", house.now - MINUTE, media=1)), house.now)
    with house.db.read() as conn:
        assert conn.scalars(select(inbounds.c.media)).all() == [1]
    assert "pictures" in house.sent(ANA)[0]


@pytest.mark.parametrize("away", [LINE, NIGHT])
def test_a_line_that_cannot_be_listed_keeps_no_other_from_being_heard(house: House, away: str) -> None:
    """The error comes after the others are fed, and the mark stays so that its texts come next time."""
    there = NIGHT if away == LINE else LINE
    twilio = TwiliosList(_sms(1, ANA, "HELP", house.now - MINUTE, there), away=away)
    with pytest.raises(CarrierError):
        catch_up(house.desk, twilio, house.now)
    assert len(house.sent(ANA)) == 1
    assert _mark(house) is None


def test_the_mark_stays_at_the_oldest_text_that_could_not_be_fed(house: House) -> None:
    bad = _sms(1, ANA, "the bad one", house.now - 3 * MINUTE)
    twilio = TwiliosList(bad, _sms(2, LEO, "MOOD 7", house.now - 2 * MINUTE))

    def broken(_conn: Any, _cursor: Any, statement: str, given: Any, *_more: Any) -> None:
        if statement.startswith("INSERT INTO inbounds") and bad.sid in str(given):
            raise ZeroDivisionError

    event.listen(house.db.engine, "before_cursor_execute", broken)
    assert catch_up(house.desk, twilio, house.now) == 1
    event.remove(house.db.engine, "before_cursor_execute", broken)
    assert _mark(house) == bad.at.isoformat()
    house.time.move(timedelta(hours=2))
    assert catch_up(house.desk, twilio, house.now) == 1
    assert _mark(house) == house.now.isoformat()
