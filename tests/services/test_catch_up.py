"""Texts that reached Twilio while we were away: fed once, oldest first, through the same door."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, select
from sqlalchemy.exc import OperationalError

from sms_service.carrier.twilio import CarrierError, ListedSms
from sms_service.services.catch_up import MARK, catch_up
from sms_service.store.inbounds import inbounds
from sms_service.store.marks import read_mark
from tests.house import ANA, LEO, LINE, NIGHT, House

MINUTE = timedelta(minutes=1)


@dataclass
class TwiliosList:
    """What reached Twilio."""

    reached: list[ListedSms] = field(default_factory=list)
    asked_since: list[datetime] = field(default_factory=list)
    away: bool = False

    def text(self, sender: str, body: str, at: datetime, to: str = LINE) -> None:
        sid = f"SM{len(self.reached):032x}"
        self.reached.append(ListedSms(sid, to, sender, body, "received", "inbound", at))

    def list_sms(
        self, since: datetime, direction: Any, *, to: str | None = None, from_: str | None = None
    ) -> Sequence[ListedSms]:
        self.asked_since.append(since)
        if self.away:
            raise CarrierError(0, "list failed")
        found = [sms for sms in self.reached if sms.to == to and sms.at >= since]
        return sorted(found, key=lambda sms: sms.at)


@pytest.fixture
def twilio() -> TwiliosList:
    return TwiliosList()


def _heard(house: House) -> list[str]:
    with house.db.read() as conn:
        return list(conn.scalars(select(inbounds.c.body).order_by(inbounds.c.id)))


def test_what_was_missed_is_heard_oldest_first_and_once(house: House, twilio: TwiliosList) -> None:
    twilio.text(ANA, "MOOD 7", house.now - 2 * MINUTE)
    twilio.text(LEO, "MOOD 6", house.now - 3 * MINUTE)
    assert catch_up(house.desk, twilio, house.now) == 2
    assert _heard(house) == ["MOOD 6", "MOOD 7"]
    house.time.move(5 * MINUTE)
    assert catch_up(house.desk, twilio, house.now) == 0
    assert len(house.sent(ANA)) == 1


def test_what_was_heard_by_its_webhook_is_not_fed(house: House, twilio: TwiliosList) -> None:
    twilio.text(ANA, "MOOD 7", house.now - MINUTE)
    house.text(ANA, "MOOD 7", sid=twilio.reached[0].sid)
    assert catch_up(house.desk, twilio, house.now) == 0


def test_the_texts_of_the_last_seconds_are_left_to_their_webhook(house: House, twilio: TwiliosList) -> None:
    twilio.text(ANA, "MOOD 7", house.now - timedelta(seconds=19))
    assert catch_up(house.desk, twilio, house.now) == 0
    house.time.move(5 * MINUTE)
    assert catch_up(house.desk, twilio, house.now) == 1


@pytest.mark.parametrize("body", ["MOOD 2", "TALK", "MENU", "hello"])
def test_an_old_text_is_kept_but_not_answered(house: House, twilio: TwiliosList, body: str) -> None:
    twilio.text(ANA, body, house.now - 11 * MINUTE)
    assert catch_up(house.desk, twilio, house.now) == 1
    assert (_heard(house), house.sent()) == ([body], [])


def test_an_old_text_still_counts_when_it_is_danger(house: House, twilio: TwiliosList) -> None:
    twilio.text(ANA, "i want to kill myself", house.now - timedelta(hours=3))
    catch_up(house.desk, twilio, house.now)
    assert [case.kind for case in house.cases()] == ["crisis"]
    assert len(house.sent(ANA)) == 1


def test_an_old_text_still_counts_when_it_says_stop(house: House, twilio: TwiliosList) -> None:
    house.time.move(timedelta(hours=4))
    twilio.text(ANA, "STOP", house.now - timedelta(hours=3))
    catch_up(house.desk, twilio, house.now)
    assert house.person(ANA).state == "stopped"


def test_a_stop_that_is_fetched_after_a_newer_start_changes_nothing(house: House) -> None:
    stopped_at = house.now
    house.time.move(timedelta(minutes=1))
    house.text(ANA, "STOP")
    house.time.move(timedelta(minutes=1))
    house.text(ANA, "START")
    house.time.move(timedelta(minutes=1))
    house.text(ANA, "STOP", at=stopped_at)
    assert house.person(ANA).state == "active"
    house.text(ANA, "STOP")
    assert house.person(ANA).state == "stopped"


def test_every_line_is_asked(house: House, twilio: TwiliosList) -> None:
    twilio.text(ANA, "HELP", house.now - MINUTE, to=NIGHT)
    assert catch_up(house.desk, twilio, house.now) == 1
    assert "NIGHT" in house.sent(ANA)[0]


def test_the_first_look_goes_back_a_day_the_next_ones_overlap_by_ten_minutes(house: House, twilio: TwiliosList) -> None:
    catch_up(house.desk, twilio, house.now)
    first = house.now
    house.time.move(timedelta(hours=2))
    catch_up(house.desk, twilio, house.now)
    assert sorted(set(twilio.asked_since)) == [first - timedelta(hours=24), first - 10 * MINUTE]


def test_while_twilio_is_away_the_mark_stays_so_that_nothing_is_skipped(house: House, twilio: TwiliosList) -> None:
    twilio.away = True
    with pytest.raises(CarrierError):
        catch_up(house.desk, twilio, house.now)
    with house.db.read() as conn:
        assert read_mark(conn, MARK) is None


def test_while_the_database_is_away_the_mark_stays_too(house: House, twilio: TwiliosList) -> None:
    twilio.text(ANA, "MOOD 7", house.now - MINUTE)

    def away(_conn: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if statement.startswith("INSERT INTO inbounds"):
            raise OperationalError(statement, None, Exception("away"))

    event.listen(house.db.engine, "before_cursor_execute", away)
    with pytest.raises(OperationalError):
        catch_up(house.desk, twilio, house.now)
    event.remove(house.db.engine, "before_cursor_execute", away)
    assert catch_up(house.desk, twilio, house.now) == 1


def test_a_text_that_cannot_be_taken_does_not_keep_the_later_ones_out(
    house: House, twilio: TwiliosList, caplog: pytest.LogCaptureFixture
) -> None:
    """A bug with one text must not make us deaf to the rest."""
    twilio.text(ANA, "the bad one", house.now - 3 * MINUTE)
    twilio.text(LEO, "MOOD 7", house.now - 2 * MINUTE)
    bad = twilio.reached[0].sid

    def broken(_conn: Any, _cursor: Any, statement: str, given: Any, *_more: Any) -> None:
        if statement.startswith("INSERT INTO inbounds") and bad in str(given):
            raise ZeroDivisionError

    event.listen(house.db.engine, "before_cursor_execute", broken)
    assert catch_up(house.desk, twilio, house.now) == 1
    event.remove(house.db.engine, "before_cursor_execute", broken)
    assert _heard(house) == ["MOOD 7"]
    assert [r.__dict__.get("sid") for r in caplog.records if r.levelname == "ERROR"] == [bad]
