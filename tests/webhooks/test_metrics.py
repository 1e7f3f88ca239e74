"""What a watcher sees on /metrics, and that the dashboard and the rules ask for nothing else."""

import json
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]
from flask.testing import FlaskClient

from sms_service.app import create_app
from sms_service.carrier.outcomes import Refused
from sms_service.services.alert import Alerts
from sms_service.services.hold import hold
from sms_service.services.measure import measure
from sms_service.services.watch import TICKED, Ailment
from sms_service.settings import Settings
from sms_service.store.marks import set_mark
from tests.house import ANA, LEO, SAM, House
from tests.servers import a_free_port

DEPLOY = Path(__file__).parents[2] / "deploy"


@pytest.fixture
def scrape(client: FlaskClient, house: House) -> Callable[[], str]:
    """One look."""
    header = {"Authorization": f"Bearer {house.settings.metrics_token}"}
    return lambda: client.get("/metrics", headers=header).text


def value(text: str, sample: str) -> float:
    """The value of `name{labels}`."""
    return next(float(line.rpartition(" ")[2]) for line in text.splitlines() if line.startswith(f"{sample} "))


def test_a_crisis_is_seen_from_its_text_to_its_claim(house: House, scrape: Callable[[], str]) -> None:
    house.text(ANA, "i want to kill myself")
    house.text(LEO, "MOOD 7")
    seen = scrape()
    assert value(seen, 'sms_service_inbound_last_minute{level="crisis"}') == 1
    assert value(seen, 'sms_service_inbound_last_minute{level="none"}') == 1
    assert value(seen, 'sms_service_open_cases{kind="crisis",state="open"}') == 1
    house.deliver()
    house.time.move(timedelta(seconds=90))
    seen = scrape()
    assert value(seen, 'sms_service_oldest_unclaimed_case_seconds{kind="crisis"}') == 90
    assert value(seen, 'sms_service_outcomes_last_hour{reason="",state="sent"}') >= 3
    house.text(SAM, "TAKE 1")
    seen = scrape()
    assert value(seen, 'sms_service_open_cases{kind="crisis",state="claimed"}') == 1
    assert value(seen, 'sms_service_oldest_unclaimed_case_seconds{kind="crisis"}') == 0
    assert value(seen, 'sms_service_claims_last_day{kind="crisis"}') == 1
    assert value(seen, 'sms_service_slowest_claim_seconds{kind="crisis"}') == 90


def test_what_waits_and_what_failed_is_counted_by_lane_and_reason(house: House, scrape: Callable[[], str]) -> None:
    house.text(LEO, "MOOD 7")
    house.time.move(timedelta(seconds=42))
    assert value(scrape(), 'sms_service_oldest_due_seconds{lane="reply"}') == 42
    house.deliver(lambda _one: Refused(30007, "filtered"))
    seen = scrape()
    assert value(seen, 'sms_service_outcomes_last_hour{reason="filtered",state="failed"}') == 1
    assert value(seen, 'sms_service_oldest_due_seconds{lane="reply"}') == 0


def test_a_hold_the_ticker_and_alerts_are_seen(house: House, scrape: Callable[[], str]) -> None:
    assert "sms_service_ticker_seconds " not in scrape(), "no ticker has ever run"
    hold(house.db, ("bulk",), house.now)
    with house.db.write() as conn:
        set_mark(conn, TICKED, (house.now - timedelta(seconds=7)).isoformat())
    Alerts(house.desk, _Nobody(), "x").tell([Ailment("redis", "Redis is away.", house.now)], house.now)
    seen = scrape()
    assert value(seen, 'sms_service_hold{lane="bulk"}') == 1
    assert value(seen, 'sms_service_hold{lane="reply"}') == 0
    assert value(seen, "sms_service_ticker_seconds") == 7
    assert value(seen, 'sms_service_unwell{kind="redis"}') == 1
    assert value(seen, "sms_service_redis_up") == 1


class _Nobody:
    """No text is sent here."""

    def send_sms(self, to: str, from_: str, body: str, status_callback: str, validity_s: int) -> Any:
        raise AssertionError("nobody is to be texted")


def test_wakes_that_do_not_fire_are_counted(house: House, scrape: Callable[[], str]) -> None:
    assert value(scrape(), "sms_service_wakes_overdue") == 0
    house.time.move(timedelta(hours=8))
    seen = scrape()
    assert value(seen, "sms_service_wakes_overdue") >= 1
    assert value(seen, "sms_service_wake_overdue_seconds") >= 3600


@pytest.fixture
def lost(settings_with: Callable[..., Settings]) -> Iterator[tuple[FlaskClient, Settings]]:
    """An application whose database and Redis are away."""
    settings = settings_with(
        DATABASE_URL=f"postgresql://x@127.0.0.1:{a_free_port()}/x", REDIS_URL=f"redis://127.0.0.1:{a_free_port()}/0"
    )
    app = create_app(settings, only="webhooks")
    yield app.test_client(), settings
    app.extensions["desk"].db.close()


def test_with_database_and_redis_away_that_is_what_is_said(lost: tuple[FlaskClient, Settings]) -> None:
    client, settings = lost
    client.application.extensions["desk"].bell.ring({"urgent"})
    answer = client.get("/metrics", headers={"Authorization": f"Bearer {settings.metrics_token}"})
    assert answer.status_code == 200
    assert value(answer.text, "sms_service_database_up") == 0
    assert value(answer.text, "sms_service_redis_up") == 0
    assert re.search(r'sms_service_ring_failures_total\{process="\d+"\} 1\.0', answer.text)


def asked_for() -> dict[str, set[str]]:
    """Metrics named in the dashboard's queries and in the rules, by file."""
    board = json.loads((DEPLOY / "dashboard.json").read_text("utf-8"))
    rules = yaml.safe_load((DEPLOY / "alerts.yml").read_text("utf-8"))
    asked = [target["expr"] for panel in board["panels"] for target in panel["targets"]]
    told = [rule["expr"] for group in rules["groups"] for rule in group["rules"]]
    names = r"\b(?:sms_service|process)_[a-z_]+"
    return {
        "dashboard.json": set(re.findall(names, " ".join(asked))),
        "alerts.yml": set(re.findall(names, " ".join(told))),
    }


def test_dashboard_and_rules_ask_only_for_what_is_there(house: House, scrape: Callable[[], str]) -> None:
    with house.db.write() as conn:
        set_mark(conn, TICKED, house.now.isoformat())
    there = set(re.findall(r"^# TYPE (\S+)", scrape(), re.MULTILINE))
    for file, names in asked_for().items():
        assert names, file
        assert names - there == set(), file


def test_every_gauge_of_the_service_is_on_the_dashboard(house: House) -> None:
    with house.db.read() as conn:
        gauges = {family.name for family in measure(conn, house.now)}
    assert gauges - asked_for()["dashboard.json"] == set()


def test_every_rule_names_a_section_of_the_runbook() -> None:
    runbook = (DEPLOY.parent / "docs" / "runbook.md").read_text("utf-8")
    headings = {line.lstrip("# ") for line in runbook.splitlines() if line.startswith("#")}
    rules = yaml.safe_load((DEPLOY / "alerts.yml").read_text("utf-8"))["groups"][0]["rules"]
    named = {rule["annotations"]["runbook"].removeprefix("docs/runbook.md: ") for rule in rules}
    assert named - {"{{ $labels.kind }}"} - headings == set()


def test_every_kind_of_alert_has_its_section_in_the_runbook() -> None:
    runbook = (DEPLOY.parent / "docs" / "runbook.md").read_text("utf-8")
    watch = (DEPLOY.parent / "sms_service" / "services" / "watch.py").read_text("utf-8")
    kinds = set(re.findall(r'Ailment\("(\w+)"', watch)) | set(re.findall(r'_lasting\("(\w+)"', watch))
    kinds |= set(re.findall(r'_about\([^"]*"(\w+)"', watch))
    assert len(kinds) >= 12
    assert {kind for kind in kinds if f"### {kind}\n" not in runbook} == set()
