"""Upgrades expand, then contract: older processes go on under a newer schema, newer ones refuse an older one."""

from collections.abc import Callable

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient

from sms_service.app import create_app
from sms_service.cli import main
from sms_service.settings import Settings
from tests.house import ANA, KEYS, LEO, SAM, House

NEWER = (
    "ALTER TABLE people ADD COLUMN pronouns TEXT",
    "ALTER TABLE outbox ADD COLUMN cost INTEGER",
    "CREATE TABLE of_tomorrow (id INTEGER PRIMARY KEY, program_id INTEGER)",
    "CREATE INDEX ix_of_tomorrow ON outbox (program_id, cost)",
    "UPDATE alembic_version SET version_num = 'of_tomorrow'",
)


def expand(house: House) -> None:
    """What a newer release's first step does to the database."""
    with house.db.write() as conn:
        for order in NEWER:
            conn.exec_driver_sql(order)


def test_an_older_process_goes_on_under_an_expanded_schema(house: House) -> None:
    """A member joins and checks in, a talk is taken, alarms ring, everything is handed over."""
    house.text(ANA, "MOOD")
    house.deliver()
    expand(house)
    assert house.says(ANA, "2")[0].startswith("Mood 2 saved")
    house.join("+12025551001")
    house.text(LEO, "TALK")
    case = house.cases()[-1]
    assert f"case {case.case_no}" in house.says(SAM, f"TAKE {case.case_no}")[0]
    house.pass_time(hours=8)
    assert house.deliver()
    assert any("From 0 to 10" in body for body in house.sent("+12025551001"))


@pytest.fixture
def client_of(redis_url: str, settings_with: Callable[..., Settings]) -> Callable[[House], FlaskClient]:
    """The web in front of a house."""

    def make(house: House) -> FlaskClient:
        url = house.settings.database_url
        app = create_app(settings_with(**KEYS | {"DATABASE_URL": url, "REDIS_URL": redis_url}), only="webhooks")
        house.text(LEO, "MOOD 7")
        return app.test_client()

    return make


def test_it_stays_in_the_load_balancer(house: House, client_of: Callable[[House], FlaskClient]) -> None:
    expand(house)
    client = client_of(house)
    assert client.get("/readyz").status_code == 200
    client.application.extensions["desk"].db.close()


@pytest.mark.parametrize("words", [["worker"], ["ticker"]], ids=" ".join)
def test_a_newer_process_refuses_an_older_schema_in_one_sentence(
    words: list[str], settings_with: Callable[..., Settings], monkeypatch: pytest.MonkeyPatch, redis_url: str
) -> None:
    settings = settings_with()
    monkeypatch.setenv("SMS_SERVICE_HOME", str(settings.home))
    monkeypatch.setenv("REDIS_URL", redis_url)
    answer = CliRunner().invoke(main, words)
    assert answer.exit_code == 1
    assert "run `sms-service db upgrade`" in answer.output
    assert len(answer.output.splitlines()) == 1
