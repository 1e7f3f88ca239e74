"""From sign-in to sign-out: how long a visit lasts, what ends it, and what its cookie is like."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from sms_service import clock
from sms_service.settings import Settings
from sms_service.store.database import Database
from sms_service.store.users import users
from tests.console.house import PASSWORD, TOKEN, House


@pytest.fixture
def settings(settings_with: Callable[..., Settings]) -> Settings:
    """SQLite alone: what differs between databases is in test_users.py and test_today.py."""
    return settings_with()


def is_in(client: FlaskClient) -> bool:
    return client.get("/console/").status_code == 200


def test_switching_a_user_off_ends_their_open_page(ana: FlaskClient, database: Database) -> None:
    with database.write() as conn:
        conn.execute(update(users).values(active=False))
    assert not is_in(ana)


def test_signing_out_needs_its_token_and_ends_the_visit(ana: FlaskClient) -> None:
    assert ana.post("/console/logout").status_code == 400
    assert is_in(ana)
    token = TOKEN.search(ana.get("/console/").text)
    assert token
    answer = ana.post("/console/logout", data={"csrf_token": token[1]})
    assert answer.location == "/console/login"
    assert not is_in(ana)


def test_a_link_cannot_sign_somebody_out(ana: FlaskClient) -> None:
    assert ana.get("/console/logout").status_code == 405
    assert is_in(ana)


def test_a_visit_ends_after_twelve_hours_however_busy(ana: FlaskClient, time: clock.Frozen) -> None:
    for _ in range(11):
        time.move(timedelta(hours=1))
        assert is_in(ana)
    time.move(timedelta(hours=1))
    assert ana.get("/console/").location == "/console/login"
    assert TOKEN.search(ana.get("/console/login").text)


def test_a_stolen_cookie_is_of_no_use_to_another_browser(ana: FlaskClient) -> None:
    assert ana.get("/console/", headers={"User-Agent": "another"}).status_code == 303


@pytest.mark.parametrize(("public_url", "secure"), [("https://sms.example.org", True), ("http://x.test", False)])
def test_the_cookie_is_for_this_site_alone_and_out_of_reach_of_scripts(
    make_app: Callable[[Settings], Flask], settings: Settings, house: House, public_url: str, secure: bool
) -> None:
    app = make_app(settings.model_copy(update={"public_url": public_url}))
    client = app.test_client()
    token = TOKEN.search(client.get("/console/login", base_url=public_url).text)
    assert token
    form = {"csrf_token": token[1], "email": house.email, "password": PASSWORD}
    answer = client.post(
        "/console/login", data=form, base_url=public_url, headers={"Referer": f"{public_url}/console/login"}
    )
    assert answer.status_code == 302
    cookie = next(c for c in answer.headers.getlist("Set-Cookie") if c.startswith("console="))
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert ("Secure" in cookie) is secure
