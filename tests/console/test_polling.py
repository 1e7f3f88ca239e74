"""Polling the board: cheap while nothing changes, audited once a visit, a sentence when the database is away."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event

from sms_service import clock
from sms_service.store.cases import add_case
from sms_service.store.database import Database
from tests.console.house import MEMBER, NOON, House, words_of

DAYS = timedelta(days=1)


def test_a_poll_is_answered_304_until_something_changes(ana: FlaskClient, house: House) -> None:
    first = ana.get("/console/")
    etag = first.headers["ETag"]
    again = ana.get("/console/", headers={"If-None-Match": etag})
    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", etag)
    assert again.headers["Cache-Control"] == "no-store"
    house.person("Mia", is_member=True, state="stopped", state_at=NOON)
    changed = ana.get("/console/", headers={"If-None-Match": etag})
    assert changed.status_code == 200
    assert "Mia" in changed.text
    assert changed.headers["ETag"] != etag


def test_the_etag_in_the_page_is_the_one_that_is_asked_with(ana: FlaskClient) -> None:
    answer = ana.get("/console/")
    assert f'data-etag="{answer.get_etag()[0]}"' in answer.text
    assert answer.get_etag()[1], "weak: the form's token differs from page to page"


def test_waiting_times_move_on_by_themselves(ana: FlaskClient, house: House, time: clock.Frozen) -> None:
    member = house.person(**MEMBER)
    with house.database.write() as conn:
        add_case(conn, house.program_id, member, "talk", "", True, NOON)
    etag = ana.get("/console/").headers["ETag"]
    time.move(timedelta(seconds=59))
    assert ana.get("/console/", headers={"If-None-Match": etag}).status_code == 304
    time.move(timedelta(seconds=1))
    assert "1 min since 12:00" in words_of(ana.get("/console/", headers={"If-None-Match": etag}).text)


def test_opening_the_page_is_audited_and_polling_is_not(ana: FlaskClient, house: House) -> None:
    opened = ("opened_today", f"program:{house.program_id}")
    etag = ana.get("/console/").headers["ETag"]
    for _ in range(3):
        ana.get("/console/", headers={"If-None-Match": etag})
        ana.get("/console/", headers={"If-None-Match": '"something old"'})
    assert house.audited() == [("signed_in", "user:1"), opened]
    ana.get("/console/")
    assert house.audited()[1:] == [opened, opened]


def test_a_first_look_is_audited_even_when_it_is_dressed_as_a_poll(ana: FlaskClient, house: House) -> None:
    ana.get("/console/", headers={"If-None-Match": '"x"'})
    assert len(house.audited()) == 2


def test_a_poll_takes_at_most_nine_statements_and_writes_none(
    ana: FlaskClient, house: House, database: Database
) -> None:
    etag = ana.get("/console/").headers["ETag"]
    for n in range(5):
        house.prompt(house.person("Mia", **MEMBER), NOON - n * DAYS)
    said: list[str] = []
    readers = {database.engine, database._reader}
    for engine in readers:
        event.listen(engine, "before_cursor_execute", lambda *args: said.append(args[2]))
    ana.get("/console/", headers={"If-None-Match": etag})
    looks = [words for words in said if not words.startswith("BEGIN")]
    assert len(looks) <= 9
    assert all(words.lstrip().startswith("SELECT") for words in looks)


def test_a_database_that_is_away_is_told_in_a_sentence(
    ana: FlaskClient, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The board of an unreachable database is a page with status 503, which the script goes on polling."""
    from sqlalchemy.exc import TimeoutError as PoolTimeout

    def away() -> None:
        raise PoolTimeout("away")

    monkeypatch.setattr(database, "read", away)
    answer = ana.get("/console/")
    assert answer.status_code == 503
    assert "cannot read its records just now" in answer.text
    assert "Traceback" not in answer.text
