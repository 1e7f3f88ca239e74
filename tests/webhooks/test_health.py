"""Alive, ready, how it is doing."""

from collections.abc import Callable, Iterator

import pytest
from flask.testing import FlaskClient

from sms_service.app import create_app
from sms_service.settings import Settings
from tests.house import ANA, House
from tests.servers import a_free_port

Asked = Callable[..., FlaskClient]


@pytest.fixture
def asked(settings_with: Callable[..., Settings], redis_url: str) -> Iterator[Asked]:
    """A client of the application with these settings."""
    apps = []

    def make(**given: str) -> FlaskClient:
        apps.append(create_app(settings_with(**{"REDIS_URL": redis_url} | given), only="webhooks"))
        return apps[-1].test_client()

    yield make
    for app in apps:
        app.extensions["desk"].db.close()


def test_the_process_answers_whatever_is_away(asked: Asked) -> None:
    answer = asked(DATABASE_URL=f"postgresql://x@127.0.0.1:{a_free_port()}/x").get("/healthz")
    assert (answer.status_code, answer.json) == (200, {"status": "ok"})


def test_ready_with_a_migrated_database_and_redis(client: FlaskClient) -> None:
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json) == (200, {"status": "ok", "redis": "ok"})


def test_redis_away_is_named_and_texts_are_taken_all_the_same(asked: Asked, database_url: str) -> None:
    answer = asked(DATABASE_URL=database_url, REDIS_URL=f"redis://127.0.0.1:{a_free_port()}/0").get("/readyz")
    assert (answer.status_code, answer.json) == (200, {"status": "ok", "redis": "away"})


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_an_unmigrated_database_is_not_ready_and_says_what_to_do(
    asked: Asked, kind: str, request: pytest.FixtureRequest
) -> None:
    given = {"DATABASE_URL": request.getfixturevalue("empty_pg_url")} if kind == "postgresql" else {}
    answer = asked(**given).get("/readyz")
    assert answer.status_code == 503
    assert "db upgrade" in answer.text


def test_a_newer_schema_is_ready(client: FlaskClient, house: House) -> None:
    with house.db.write() as conn:
        conn.exec_driver_sql("UPDATE alembic_version SET version_num = 'of_tomorrow'")
    assert client.get("/readyz").status_code == 200


def test_a_database_that_is_away_is_not_ready(asked: Asked) -> None:
    answer = asked(DATABASE_URL=f"postgresql://x@127.0.0.1:{a_free_port()}/x").get("/readyz")
    assert (answer.status_code, answer.json) == (503, {"status": "database away"})


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer wrong", "Bearer \u00e9", "wrong"])
def test_metrics_need_their_token(client: FlaskClient, header: str | None) -> None:
    headers = {} if header is None else {"Authorization": header}
    answer = client.get("/metrics", headers=headers)
    assert answer.status_code == 401
    assert "sms_service" not in answer.text


def test_metrics_count_what_is_owed_and_name_nobody(client: FlaskClient, house: House) -> None:
    house.text(ANA, "i want to kill myself with purple elephants")
    answer = client.get("/metrics", headers={"Authorization": f"Bearer {house.settings.metrics_token}"})
    assert answer.status_code == 200
    assert 'sms_service_messages{lane="urgent",state="due"}' in answer.text
    assert [word for word in (ANA[2:], "Ana", "elephants") if word in answer.text] == []


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
def test_a_watcher_only_looks(client: FlaskClient, path: str) -> None:
    assert client.post(path).status_code == 405
