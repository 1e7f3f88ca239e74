"""Every address of the web application is guarded, or says why it need not be."""

from collections.abc import Iterator
from typing import Literal

import pytest
from flask import Flask
from werkzeug.routing import Rule

from sms_service.app import create_app
from sms_service.settings import Settings
from tests.console.house import TOKEN

OPEN_TO_ALL = {
    "/healthz": "says that the process answers, nothing else",
    "/readyz": "says whether database and Redis are there, nothing else",
    "/metrics": "asks for METRICS_TOKEN itself",
    "/calendar/<token>.ics": "its address is the secret",
    "/bootstrap/static/<path:filename>": "the stylesheet's own files",
}
"""Routes outside the console and the webhooks, each with what makes that right."""


def paths(app: Flask, prefix: str) -> Iterator[tuple[Rule, str, str]]:
    """Each rule under a prefix, a method it takes and an address that fits it."""
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith(prefix):
            for values in _values(rule):
                built = rule.build(values, append_unknown=False)
                assert built, rule.rule
                for method in sorted((rule.methods or set()) - {"OPTIONS", "HEAD"}):
                    yield rule, method, built[1]


def _values(rule: Rule) -> list[dict[str, object]]:
    """One value of each argument that its converter takes, and each one of a choice."""
    one: dict[str, object] = {}
    for name in rule.arguments:
        converter = rule._converters[name]
        one[name] = next(iter(sorted(getattr(converter, "items", {"1"}))))
    choices = [name for name in rule.arguments if hasattr(rule._converters[name], "items")]
    return [one | {name: item} for name in choices for item in rule._converters[name].items] or [one]  # type: ignore[attr-defined]


def test_every_webhook_is_refused_without_a_signature(app: Flask) -> None:
    client = app.test_client()
    asked = [
        (rule.rule, client.open(path, method=method).status_code) for rule, method, path in paths(app, "/webhooks")
    ]
    assert {rule for rule, _status in asked} >= {"/webhooks/sms", "/webhooks/sms/status/<int:outbox_id>"}
    assert [one for one in asked if one[1] != 403] == []


def test_every_webhook_is_refused_with_a_wrong_signature(app: Flask) -> None:
    client = app.test_client()
    wrong = {"X-Twilio-Signature": "bm90IHR3aWxpbydzIHNpZ25hdHVyZQ=="}
    for _rule, method, path in paths(app, "/webhooks"):
        answer = client.open(path, method=method, headers=wrong, data={"MessageSid": "SM1", "Body": "hi"})
        assert (path, answer.status_code) == (path, 403)


def test_webhooks_are_posted_only(app: Flask) -> None:
    assert {method for _rule, method, _path in paths(app, "/webhooks")} == {"POST"}


def test_every_console_page_needs_a_login_unless_it_says_aloud_why_not(app: Flask) -> None:
    client = app.test_client()
    reasons = {}
    for rule, method, path in paths(app, "/console"):
        reason = getattr(app.view_functions[rule.endpoint], "public_because", "")
        if reason:
            reasons[rule.endpoint] = reason
        elif method == "GET":
            assert (path, client.get(path).location) == (path, "/console/login")
        else:  # a form without its token is refused before anybody is asked who they are
            answer = client.open(path, method=method)
            assert (path, answer.status_code) in {(path, 400), (path, 303)}
    assert all(len(reason.split()) > 2 for reason in reasons.values())


def test_a_console_form_with_its_token_still_needs_a_login(app: Flask) -> None:
    client = app.test_client()
    token = TOKEN.search(client.get("/console/login").text)
    assert token
    for rule, method, path in paths(app, "/console"):
        if not getattr(app.view_functions[rule.endpoint], "public_because", ""):
            answer = client.open(path, method=method, data={"csrf_token": token[1]})
            assert (path, answer.location) == (path, "/console/login")


def test_every_other_route_is_open_for_a_reason(app: Flask) -> None:
    others = {rule.rule for rule in app.url_map.iter_rules() if not rule.rule.startswith(("/webhooks", "/console"))}
    assert sorted(others - set(OPEN_TO_ALL)) == []


@pytest.mark.parametrize(("only", "others"), [("webhooks", "/console"), ("console", "/webhooks")])
def test_a_half_serves_nothing_of_the_other_half(
    only: Literal["webhooks", "console"], others: str, settings: Settings
) -> None:
    half = create_app(settings, only=only)
    half.extensions["desk"].db.close()
    rules = [rule.rule for rule in half.url_map.iter_rules()]
    assert [rule for rule in rules if rule.startswith(others)] == []
    assert [rule for rule in rules if rule.startswith(f"/{only}")] != []
