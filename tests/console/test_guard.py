"""What stands before every page: a login, unless a view says aloud why not, and the security headers."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from sms_service.console import public
from sms_service.settings import Settings
from sms_service.store.database import Database
from tests.console.house import House, sign_in


@pytest.fixture
def settings(settings_with: Callable[..., Settings]) -> Settings:
    """SQLite alone: what differs between databases is in test_users.py and test_today.py."""
    return settings_with()


def test_every_console_route_needs_a_login_unless_it_says_why_not(app: Flask) -> None:
    client = app.test_client()
    asked, open_to_all = [], []
    for rule in app.url_map.iter_rules():
        if not rule.rule.startswith("/console"):
            continue
        if getattr(app.view_functions[rule.endpoint], "public_because", None):
            open_to_all.append(rule.endpoint)
            continue
        with app.test_request_context():
            path = rule.build(dict.fromkeys(rule.arguments, "1"), append_unknown=False)
        assert path
        if "GET" in (rule.methods or ()):
            asked.append(rule.endpoint)
            assert client.get(path[1]).location == "/console/login"
    assert sorted(open_to_all) == ["console.static", "security.login"]
    assert asked == ["console.today"]


def test_a_page_that_is_not_there_does_not_say_so_to_a_stranger(client: FlaskClient) -> None:
    assert client.get("/console/nothing-here").location == "/console/login"
    assert client.get("/console").location == "/console/login"


def test_a_view_is_opened_only_with_a_reason() -> None:
    with pytest.raises(ValueError, match="say why"):
        public("")


def test_a_new_page_is_closed_until_it_is_opened(app: Flask, client: FlaskClient) -> None:
    app.add_url_rule("/console/later", view_func=lambda: "secret")
    app.add_url_rule("/console/open", "open", public("a test")(lambda: "everybody"))
    assert client.get("/console/later").status_code == 303
    assert client.get("/console/open").text == "everybody"


def test_a_new_form_is_refused_without_its_token(app: Flask, client: FlaskClient, house: House) -> None:
    app.add_url_rule("/console/change", view_func=lambda: "changed", methods=["POST", "DELETE"])
    assert sign_in(client, house.email).status_code == 302
    assert client.post("/console/change").status_code == 400
    assert client.delete("/console/change").status_code == 400


def test_pages_outside_the_console_are_left_alone(app: Flask, client: FlaskClient) -> None:
    """Twilio has neither a login nor a token."""
    app.add_url_rule("/webhooks/x", "heard", view_func=lambda: "heard", methods=["POST"])
    app.add_url_rule("/consoles", "other", view_func=lambda: "another page")
    answer = client.post("/webhooks/x")
    assert (answer.status_code, answer.text) == (200, "heard")
    assert "Content-Security-Policy" not in answer.headers
    assert client.get("/consoles").text == "another page"


@pytest.mark.parametrize("path", ["/console/", "/console/login", "/console/static/board.js", "/console/no"])
def test_every_answer_carries_the_security_headers(client: FlaskClient, path: str) -> None:
    with client.get(path) as answer:
        headers = answer.headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe-inline" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("page", ["/console/", "/console/login"])
def test_no_page_holds_a_script_or_style_of_its_own(ana: FlaskClient, page: str) -> None:
    visitor = ana if page == "/console/" else ana.application.test_client()
    html = visitor.get(page).text
    assert "<style" not in html
    assert " style=" not in html
    assert all(' src="/' in tag for tag in html.split("<script")[1:])
    assert "//cdn" not in html
    assert "<h1" in html


def test_files_outside_the_static_folder_are_not_served(client: FlaskClient) -> None:
    assert client.get("/console/static/../today.py").status_code == 404
    assert client.get("/console/static/%2e%2e/today.py").status_code == 404


def test_looking_who_is_signed_in_takes_no_write_lock(ana: FlaskClient, database: Database, house: House) -> None:
    """A webhook in the middle of its transaction does not stop a poll of the board."""
    etag = ana.get("/console/").headers["ETag"]
    with database.write():
        assert ana.get("/console/", headers={"If-None-Match": etag}).status_code == 304
