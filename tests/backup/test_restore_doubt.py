"""After a restore nothing goes out twice and nothing is lost: what may have gone out is compared with Twilio's list."""

from datetime import timedelta

from sms_service.domain.words import LANES
from sms_service.services.catch_up import catch_up
from sms_service.services.hold import release
from sms_service.services.settle import sweep_unsure
from sms_service.services.wake import fire_due
from tests.backup.elsewhere import Elsewhere, Twilio
from tests.house import ANA, CARMEN, LEO, SAM, House

BEN = "+12025551001"


def settle(house: House, twilio: Twilio) -> None:
    """The ticker's duties for three minutes, then the operator's release, then the workers' turn."""
    for _ in range(90):
        fire_due(house.desk, house.now)
        catch_up(house.desk, twilio, house.now)
        sweep_unsure(house.desk, twilio, house.now)
        twilio.deliver(house)
        house.time.move(timedelta(seconds=2))
    release(house.db, house.now)
    twilio.deliver(house)


def got(twilio: Twilio, number: str) -> list[str]:
    """The first words of what this handset received."""
    return [" ".join(sms.body.split()[:3]) for sms in twilio.sent if sms.to == number]


def test_what_was_owed_and_went_out_after_the_backup_does_not_go_out_again(house: House, elsewhere: Elsewhere) -> None:
    twilio = Twilio()
    house.text(ANA, "MOOD 7")
    elsewhere.back_up()
    twilio.deliver(house)
    assert len(twilio.sent) == 1
    house.time.move(timedelta(minutes=1))
    elsewhere.restore()
    other = elsewhere.open()
    settle(other, twilio)
    assert len(twilio.sent) == 1
    assert other.rows(ANA)[-1].state == "sent"


def test_what_was_owed_and_never_went_out_goes_out_once(house: House, elsewhere: Elsewhere) -> None:
    twilio = Twilio()
    house.text(ANA, "MOOD 7")
    elsewhere.back_up()
    assert elsewhere.restore().doubted == 1
    other = elsewhere.open()
    settle(other, twilio)
    assert got(twilio, ANA) == ["Mood 7 saved."]


def test_texts_of_the_time_between_are_heard_and_answered_once(house: House, elsewhere: Elsewhere) -> None:
    """The lost service answered the first; the second came while nobody was there."""
    twilio = Twilio()
    house.text(ANA, "MOOD")
    twilio.deliver(house)
    elsewhere.back_up()
    house.time.move(timedelta(minutes=1))
    house.text(ANA, "2", sid=twilio.text(ANA, "2", house.now))
    twilio.deliver(house)
    house.time.move(timedelta(minutes=1))
    twilio.text(ANA, "1", house.now)
    house.time.move(timedelta(minutes=1))
    elsewhere.restore()
    other = elsewhere.open()
    settle(other, twilio)
    heard = got(twilio, ANA)
    assert len(heard) == 3
    assert heard[1].startswith("Mood 2 saved")
    assert [case.kind for case in other.cases()] == ["talk"]


def test_a_prompt_that_went_out_after_the_backup_is_not_asked_again(house: House, elsewhere: Elsewhere) -> None:
    """BEN's went out before the crash, LEO's did not: each gets one; the next day's are wound."""
    twilio = Twilio()
    house.join(BEN)
    twilio.deliver(house)
    before = len(got(twilio, BEN))
    house.pass_time(hours=6, minutes=50)
    elsewhere.back_up()
    house.pass_time(minutes=11)
    mine = [row for row in house.rows() if row.why == "scheduled"]
    assert BEN in {row.number for row in mine}
    for row in mine:
        if row.number == BEN:
            twilio.hand(BEN, row.body, house.now)
    house.time.move(timedelta(minutes=20))
    elsewhere.restore()
    other = elsewhere.open()
    settle(other, twilio)
    asked = {row.number for row in mine}
    assert {number: len(got(twilio, number)) for number in asked} == dict.fromkeys(asked, 1) | {BEN: before + 1}
    for number in asked:
        assert other.alarms()[f"check_in:{other.person(number).id}"] > other.now + timedelta(hours=20)


def test_a_crisis_of_the_time_between_is_raised_again_without_a_second_page(house: House, elsewhere: Elsewhere) -> None:
    """The case is open again and its ladder climbs; those who were paged have their page already."""
    twilio = Twilio()
    elsewhere.back_up()
    house.text(ANA, "i want to kill myself", sid=twilio.text(ANA, "i want to kill myself", house.now))
    twilio.deliver(house)
    before = {number: got(twilio, number) for number in (ANA, SAM)}
    assert before[ANA]
    assert len(before[SAM]) == 1
    house.time.move(timedelta(seconds=50))
    elsewhere.restore()
    other = elsewhere.open()
    catch_up(other.desk, twilio, other.now)
    for _ in range(5):
        sweep_unsure(other.desk, twilio, other.now)
        twilio.deliver(other)
        other.time.move(timedelta(seconds=2))
    assert {number: got(twilio, number) for number in (ANA, SAM)} == before
    assert [(case.kind, case.state) for case in other.cases()] == [("crisis", "open")]
    settle(other, twilio)
    assert got(twilio, SAM).count(before[SAM][0]) == 1
    assert len(got(twilio, CARMEN)) == 1, "nobody took it: the next is asked"


def test_a_crisis_that_nobody_answered_is_answered_within_seconds_on_hold(house: House, elsewhere: Elsewhere) -> None:
    twilio = Twilio()
    elsewhere.back_up()
    house.time.move(timedelta(minutes=5))
    twilio.text(ANA, "i want to kill myself", house.now)
    house.time.move(timedelta(minutes=30))
    elsewhere.restore()
    other = elsewhere.open()
    catch_up(other.desk, twilio, other.now)
    for _ in range(4):
        other.time.move(timedelta(seconds=2))
        sweep_unsure(other.desk, twilio, other.now)
        twilio.deliver(other)
    assert any("988" in sms.body for sms in twilio.sent if sms.to == ANA)


def test_a_stop_of_the_time_between_counts_however_old(house: House, elsewhere: Elsewhere) -> None:
    twilio = Twilio()
    elsewhere.back_up()
    house.time.move(timedelta(hours=1))
    twilio.text(LEO, "STOP", house.now)
    house.time.move(timedelta(days=3))
    elsewhere.restore()
    other = elsewhere.open()
    catch_up(other.desk, twilio, other.now)
    assert other.person(LEO).state == "stopped"


def test_what_is_due_later_and_what_ended_stay_as_they_are(house: House, elsewhere: Elsewhere) -> None:
    later = house.owe(house.person(ANA).id, "scheduled", due_at=house.now + timedelta(hours=3))
    sent = house.owe(house.person(LEO).id)
    house.deliver()
    elsewhere.back_up()
    elsewhere.restore()
    states = {row.body: row.state for row in elsewhere.open().rows()}
    rows = {row.id: row for row in elsewhere.open().rows()}
    assert states
    assert rows[later].state == "due"
    assert sent in rows or max(rows) > sent, "the newest moved ahead"
    assert "sent" in {row.state for row in rows.values()}


def test_after_a_day_nothing_is_in_doubt_any_more(house: House, elsewhere: Elsewhere) -> None:
    elsewhere.back_up()
    elsewhere.restore()
    other = elsewhere.open()
    release(other.db, other.now)
    other.time.move(timedelta(hours=2))
    other.text(LEO, "MOOD 7")
    other.pass_time(hours=22)
    assert {row.state for row in other.rows()} == {"due"}
    assert LANES
