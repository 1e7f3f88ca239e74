"""What ails the service: seen in rows, on the machine and in the ticker's own duties; nothing when all is well."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from sms_service.carrier.outcomes import Later, Outcome, Refused, Sent
from sms_service.carrier.twilio import CarrierError
from sms_service.domain.words import OutboxId
from sms_service.services.watch import TICKED, Ailment, Watch
from sms_service.store.bell import Bell
from sms_service.store.cases import cases
from sms_service.store.marks import read_mark
from tests.house import ANA, LEO, SAM, House
from tests.servers import a_free_port


@pytest.fixture
def watch(house: House, tmp_path: Path) -> Watch:
    return Watch(house.desk, (tmp_path,), lambda _folder: 0.5)


def kinds(found: list[Ailment]) -> list[str]:
    return [one.kind for one in found]


def refuse_as(code: int, reason: str) -> Outcome:
    return Refused(code, reason)  # type: ignore[arg-type]


def test_when_all_is_well_nothing_is_found_and_the_ticker_leaves_its_mark(house: House, watch: Watch) -> None:
    house.text(LEO, "MOOD 7")
    house.deliver()
    assert watch.look(house.now) == []
    with house.db.read() as conn:
        assert read_mark(conn, TICKED) == house.now.isoformat()


def test_an_urgent_message_that_waits_a_minute_is_late(house: House, watch: Watch) -> None:
    house.text(ANA, "i want to kill myself")
    house.time.move(timedelta(seconds=59))
    assert kinds(watch.look(house.now)) == []
    house.time.move(timedelta(seconds=2))
    (late,) = watch.look(house.now)
    assert late.kind == "late"
    assert late.since == house.now - timedelta(seconds=61)
    assert late.ids[0].startswith("outbox:")


def test_one_that_is_tried_again_and_again_is_late_too(house: House, watch: Watch) -> None:
    house.text(ANA, "i want to kill myself")
    for _ in range(20):
        house.deliver(lambda _one: Later(20429, 2.0))
        house.time.move(timedelta(seconds=5))
    assert "late" in kinds(watch.look(house.now))


def test_a_token_that_twilio_refuses_is_seen_by_what_waits_for_it(house: House, watch: Watch) -> None:
    house.text(LEO, "MOOD 7")
    house.deliver(lambda _one: Later(20003, 60.0))
    (found,) = watch.look(house.now)
    assert (found.kind, found.what) == ("token", "Twilio refuses our account or its token (20003).")


def test_and_is_mended_when_the_message_went(house: House, watch: Watch) -> None:
    house.text(LEO, "MOOD 7")
    house.deliver(lambda _one: Later(20003, 60.0))
    house.time.move(timedelta(seconds=90))
    house.deliver()
    assert watch.look(house.now) == []


def test_a_token_is_seen_in_the_quiet_of_the_night_by_the_catch_up(house: House, watch: Watch) -> None:
    watch.attempted("catch_up", CarrierError(20003, "list failed"), house.now)
    assert kinds(watch.look(house.now)) == ["token"]
    watch.attempted("catch_up", None, house.now)
    assert watch.look(house.now) == []


def test_a_certificate_that_is_not_accepted_is_named(house: House, watch: Watch) -> None:
    watch.attempted("catch_up", CarrierError(0, "list failed, SSLError"), house.now)
    assert kinds(watch.look(house.now)) == ["certificate"]


@pytest.mark.parametrize(("code", "reason", "found"), [
    (30007, "filtered", ["refused"]), (21606, "sender", ["refused"]),
    (21211, "invalid", []), (30003, "unreachable", []),
])  # fmt: skip
def test_refusals_that_an_administrator_must_mend_are_told(
    house: House, watch: Watch, code: int, reason: str, found: list[str]
) -> None:
    house.text(LEO, "MOOD 7")
    house.deliver(lambda _one: refuse_as(code, reason))
    assert kinds(watch.look(house.now)) == found


def test_a_page_that_failed_is_told_until_somebody_has_the_case(house: House, watch: Watch) -> None:
    house.text(ANA, "i want to kill myself")
    page = house.rows(SAM)[0].id

    def outcome(one: OutboxId) -> Outcome:
        return Refused(30006, "invalid") if one == page else Sent(f"SM9{one:031x}")

    house.deliver(outcome)
    (found,) = watch.look(house.now)
    assert (found.kind, found.program, found.ids) == ("pages", "demo", ("c:demo:1",))
    with house.db.write() as conn:
        conn.execute(update(cases).values(state="claimed", owner_id=house.person(SAM).id, claimed_at=house.now))
    assert watch.look(house.now) == []


def test_a_case_nobody_took_is_told_with_its_program(house: House, watch: Watch) -> None:
    house.text(ANA, "i want to kill myself")
    for _ in range(16):
        house.deliver()
        house.pass_time(minutes=1)
    house.deliver()
    found = {one.kind: one for one in watch.look(house.now)}
    assert found["nobody"].what == "Nobody took a case in time: case 1."
    assert found["nobody"].key.startswith("nobody:")
    with house.db.read() as conn:
        assert found["nobody"].since == conn.scalar(select(cases.c.incident_at))


def test_redis_away_is_told_after_a_minute_and_not_before(house: House, watch: Watch) -> None:
    watch.desk = replace(house.desk, bell=Bell.at(f"redis://127.0.0.1:{a_free_port()}/0"))
    assert watch.look(house.now) == []
    house.time.move(timedelta(seconds=61))
    assert kinds(watch.look(house.now)) == ["redis"]


def test_a_redis_that_was_back_in_between_begins_anew(house: House, watch: Watch) -> None:
    away = replace(house.desk, bell=Bell.at(f"redis://127.0.0.1:{a_free_port()}/0"))
    for desk in (away, house.desk, away):
        watch.desk = desk
        found = watch.look(house.now)
        house.time.move(timedelta(seconds=40))
    assert found == []


def test_a_full_disk_is_told(house: House, watch: Watch) -> None:
    watch.free = lambda _folder: 0.031
    (found,) = watch.look(house.now)
    assert (found.kind, found.what) == ("disk", "The disk is nearly full: 3.1% free.")


def test_a_clock_that_jumps_is_told_either_way_and_one_that_runs_is_not(house: House, watch: Watch) -> None:
    watch.pulse(house.now)
    house.time.move(timedelta(seconds=29))
    watch.pulse(house.now)
    assert watch.look(house.now) == []
    house.time.move(timedelta(hours=-2))
    watch.pulse(house.now)
    (found,) = watch.look(house.now)
    assert found.what == "The clock went back by 7200 s between two beats."
    assert watch.look(house.now) == []


def test_a_duty_is_told_when_it_has_failed_for_a_minute_and_is_forgotten_when_it_works(
    house: House, watch: Watch
) -> None:
    watch.attempted("wakes", KeyError("x"), house.now)
    assert watch.look(house.now) == []
    house.time.move(timedelta(seconds=61))
    assert watch.look(house.now) == [], "it may have been one bad moment"
    watch.attempted("wakes", KeyError("x"), house.now)
    (found,) = watch.look(house.now)
    assert (found.key, found.what) == ("duty:wakes", "The ticker's duty wakes keeps failing (KeyError).")
    watch.attempted("wakes", None, house.now)
    assert watch.look(house.now) == []


def test_a_database_that_takes_no_writes_is_told_after_twenty_seconds(house: House, watch: Watch) -> None:
    with house.db.write() as conn:
        conn.exec_driver_sql("ALTER TABLE marks RENAME TO marks_away")
    assert kinds(watch.look(house.now)) == []
    house.time.move(timedelta(seconds=21))
    assert kinds(watch.look(house.now)) == ["write"]
