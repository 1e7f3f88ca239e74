"""Alerts: once, again after an hour, mended once; by whichever ticker, with the database or without."""

import json
import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from sms_service.services.alert import PREFIX, Alerts, Told, text_of
from sms_service.services.watch import Ailment
from sms_service.store.marks import marks_under
from sms_service.store.open import open_database
from tests.hooks import Hook
from tests.house import ANA, LINE, House
from tests.jobs.conftest import Phones
from tests.servers import a_free_port

NOBODY = "+12025550190"


@pytest.fixture
def alerts(house: House, hook: Hook, phones: Phones) -> Alerts:
    return Alerts(house.desk, phones.carrier, "line.example.org", hook.url)


def late(house: House, **known: object) -> Ailment:
    return replace(Ailment("late", "3 urgent message(s) wait.", house.now, ids=("outbox:7",)), **known)  # type: ignore[arg-type]


def test_it_is_said_once_however_often_it_is_seen(house: House, hook: Hook, alerts: Alerts) -> None:
    began = late(house)
    for _ in range(60):
        alerts.tell([began], house.now)
        house.time.move(timedelta(seconds=59))
    assert hook.said() == [("late", "unwell")]


def test_what_is_posted_holds_ids_and_one_sentence(house: House, hook: Hook, alerts: Alerts) -> None:
    alerts.tell([late(house, program="demo", part="1")], house.now)
    assert hook.got == [
        {
            "kind": "late", "state": "unwell", "what": "3 urgent message(s) wait.", "program": "demo",
            "since": "2026-03-04T17:00:00+00:00", "ids": ["outbox:7"],
            "text": "line.example.org: demo: 3 urgent message(s) wait. Since 04 Mar 17:00 UTC. See runbook: late",
        }
    ]  # fmt: skip


def test_it_is_said_again_after_an_hour_until_it_is_mended_which_is_said_once(
    house: House, hook: Hook, alerts: Alerts
) -> None:
    began = late(house)
    for _ in range(125):
        alerts.tell([began], house.now)
        house.time.move(timedelta(minutes=1))
    assert hook.said() == [("late", "unwell")] * 3
    for _ in range(5):
        alerts.tell([], house.now)
        house.time.move(timedelta(minutes=1))
    assert hook.said() == [("late", "unwell")] * 3 + [("late", "mended")]
    alerts.tell([late(house)], house.now)
    assert hook.said()[-1] == ("late", "unwell")


def test_what_comes_and_goes_within_a_minute_is_not_mended(house: House, hook: Hook, alerts: Alerts) -> None:
    began = late(house)
    for turn in range(20):
        alerts.tell([began] if turn % 2 else [], house.now)
        house.time.move(timedelta(seconds=20))
    assert hook.said() == [("late", "unwell")]


def test_each_kind_and_program_is_said_for_itself(house: House, hook: Hook, alerts: Alerts) -> None:
    found = [
        Ailment("nobody", "case 1", house.now, "demo", part="1"),
        Ailment("nobody", "case 1", house.now, "x", part="2"),
    ]
    alerts.tell([*found, late(house)], house.now)
    assert sorted(one.get("program", "") for one in hook.got) == ["", "demo", "x"]


def test_two_tickers_say_it_once_between_them(house: House, hook: Hook, phones: Phones) -> None:
    pair = [Alerts(house.desk, phones.carrier, "x", hook.url) for _ in range(2)]
    began = late(house)
    for _ in range(90):
        for one in pair:
            one.tell([began], house.now)
        house.time.move(timedelta(minutes=1))
    for _ in range(3):
        for one in pair:
            one.tell([], house.now)
        house.time.move(timedelta(minutes=1))
    assert hook.said() == [("late", "unwell")] * 2 + [("late", "mended")]


def test_what_only_one_ticker_sees_is_not_called_mended_by_the_other(house: House, hook: Hook, phones: Phones) -> None:
    sees, blind = (Alerts(house.desk, phones.carrier, "x", hook.url) for _ in range(2))
    began = Ailment("redis", "Redis is away.", house.now)
    for _ in range(40):
        sees.tell([began], house.now)
        blind.tell([], house.now)
        house.time.move(timedelta(seconds=5))
    assert hook.said() == [("redis", "unwell")]


def test_a_phone_is_texted_straight_through_twilio_and_no_row_is_owed(house: House, phones: Phones) -> None:
    alerts = Alerts(house.desk, phones.carrier, "line.example.org", None, NOBODY)
    alerts.tell([late(house)], house.now)
    assert phones.got(NOBODY) == [
        "line.example.org: 3 urgent message(s) wait. Since 04 Mar 17:00 UTC. See runbook: late"
    ]
    assert next(line["line"] for line in phones.log() if line["handset"] == NOBODY) == LINE
    assert house.rows() == []


def test_while_nobody_can_be_told_it_is_tried_each_minute(
    house: House, hook: Hook, alerts: Alerts, caplog: pytest.LogCaptureFixture
) -> None:
    hook.status = 500
    began = late(house)
    for _ in range(3):
        alerts.tell([began], house.now)
        house.time.move(timedelta(seconds=61))
    hook.status = 200
    for _ in range(5):
        alerts.tell([began], house.now)
        house.time.move(timedelta(seconds=61))
    assert len(hook.got) == 4
    refused = [r.__dict__["reason"] for r in caplog.records if r.__dict__.get("kind") == "ALERT_URL"]
    assert refused == ["http 500"] * 3
    assert hook.url not in caplog.text


def test_one_way_that_works_is_enough(house: House, phones: Phones) -> None:
    alerts = Alerts(house.desk, phones.carrier, "x", f"http://127.0.0.1:{a_free_port()}/", NOBODY)
    for _ in range(3):
        alerts.tell([late(house, since=house.now)], house.now)
        house.time.move(timedelta(seconds=61))
    assert len(phones.got(NOBODY)) == 1


def test_without_anybody_to_tell_it_is_logged_and_kept(
    house: House, phones: Phones, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        Alerts(house.desk, phones.carrier, "x").tell([late(house)], house.now)
    assert [(r.__dict__["kind"], r.__dict__["reason"]) for r in caplog.records] == [("late", "unwell")]
    with house.db.read() as conn:
        assert list(marks_under(conn, PREFIX)) == ["late"]


@pytest.fixture
def away(house: House) -> Callable[[Alerts], None]:
    """The database of these alerts goes away."""

    def take(alerts: Alerts) -> None:
        lost = house.settings.model_copy(update={"database_url": f"postgresql+psycopg://x@127.0.0.1:{a_free_port()}/x"})
        alerts.desk = replace(house.desk, db=open_database(lost, 1))

    return take


def test_with_the_database_away_it_is_said_from_memory_once(
    house: House, hook: Hook, alerts: Alerts, away: Callable[[Alerts], None]
) -> None:
    away(alerts)
    began = Ailment("database", "The database cannot be reached.", house.now)
    for _ in range(5):
        alerts.tell([began], house.now)
        house.time.move(timedelta(minutes=1))
    alerts.desk.db.close()
    alerts.desk = house.desk
    alerts.tell([], house.now)
    alerts.tell([], house.now)
    assert hook.said() == [("database", "unwell"), ("database", "mended")]
    with house.db.read() as conn:
        assert marks_under(conn, PREFIX) == {}


def test_two_that_remembered_the_same_call_it_mended_once(
    house: House, hook: Hook, phones: Phones, away: Callable[[Alerts], None]
) -> None:
    pair = [Alerts(house.desk, phones.carrier, "x", hook.url) for _ in range(2)]
    began = Ailment("database", "The database cannot be reached.", house.now)
    for one in pair:
        away(one)
        one.tell([began], house.now)
        one.desk.db.close()
        one.desk = house.desk
    house.time.move(timedelta(seconds=5))
    for _ in range(4):
        for one in pair:
            one.tell([], house.now)
        house.time.move(timedelta(minutes=1))
    assert hook.said() == [("database", "unwell")] * 2 + [("database", "mended")]


def test_a_mark_says_all_that_is_needed_to_call_it_mended(house: House, hook: Hook, alerts: Alerts) -> None:
    alerts.tell([late(house)], house.now)
    with house.db.read() as conn:
        (mark,) = marks_under(conn, PREFIX).values()
    told = Told.from_mark(mark)
    assert Told.from_mark(told.as_mark()) == told
    assert json.loads(mark)["ids"] == ["outbox:7"]


def test_a_text_is_one_part_whatever_is_wrong(house: House) -> None:
    told = Told("late", "words " * 80, house.now, house.now, house.now, "demo")
    assert len(text_of("a.very.long.name.example.org", told, "unwell")) <= 160
    assert text_of("x", told, "mended").startswith("x: mended: words")


def test_no_member_is_in_an_alert(house: House, hook: Hook, alerts: Alerts) -> None:
    from sms_service.services.watch import of_rows

    house.text(ANA, "i want to kill myself with purple elephants")
    for _ in range(17):
        house.deliver()
        house.pass_time(minutes=1)
    with house.db.read() as conn:
        alerts.tell(list(of_rows(conn, house.now)), house.now)
    assert "nobody" in [kind for kind, _state in hook.said()]
    assert [word for word in (ANA[1:], "Ana", "elephants") if word in json.dumps(hook.got)] == []
