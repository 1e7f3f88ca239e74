"""The operator's commands as typed: what is printed, the exit code, one sentence for what is wrong."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from sms_service.cli import main

Call = Callable[..., Result]


@pytest.fixture
def call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Call:
    """A command in a home of its own, with the demo in it."""
    for name in ("DATABASE_URL", "REDIS_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("SMS_SERVICE_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    run: Call = lambda *words: CliRunner().invoke(main, words)  # noqa: E731
    assert run("db", "upgrade", "--demo").exit_code == 0
    return run


def test_doctor_prints_a_line_a_check_and_fails_when_one_does(call: Call) -> None:
    result = call("doctor")
    assert result.exit_code == 1
    assert result.stdout.startswith("ok    settings: local, home ")
    assert "FAIL  redis: REDIS_URL is not set" in result.stdout
    assert "warn  rota: demo: this line is not ready: 1 of 2 supervisors.\n       add another" in result.stdout
    assert result.stderr == "1 check failed.\n"


def test_doctor_prints_one_json_object_for_machines(call: Call) -> None:
    result = call("doctor", "--json")
    told = json.loads(result.stdout)
    assert (result.exit_code, told["ok"]) == (1, False)
    assert {tuple(one) for one in told["findings"]} == {("level", "check", "what", "do")}
    assert {one["level"] for one in told["findings"]} == {"ok", "warn", "FAIL"}


def test_doctor_names_a_wrong_setting_as_its_one_finding(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "none")
    result = call("doctor")
    assert result.exit_code == 1
    assert result.stdout.startswith("FAIL  settings: PORT: ")


def test_doctor_on_an_empty_database_says_what_to_run(call: Call, tmp_path: Path) -> None:
    (tmp_path / "home" / "sms_service.db").unlink()
    result = call("doctor")
    assert "FAIL  database: is empty.\n       sms-service db upgrade" in result.stdout


def test_doctor_live_without_twilio_says_so(call: Call, monkeypatch: pytest.MonkeyPatch, free_port: int) -> None:
    monkeypatch.setenv("SIMULATOR_PORT", str(free_port))
    result = call("doctor", "--live")
    assert "FAIL  twilio: Twilio: account not available" in result.stdout


def test_trace_of_something_unknown_is_one_sentence(call: Call) -> None:
    result = call("trace", "o:4711")
    assert (result.exit_code, result.stderr) == (1, "Error: Nothing is known here of o:4711.\n")


def test_trace_of_no_id_says_what_an_id_is(call: Call) -> None:
    result = call("trace", "+12025550121")
    assert result.exit_code == 2
    assert "o:123 for a message of ours" in result.stderr


def test_trace_tells_an_ids_way(call: Call) -> None:
    from sms_service import clock
    from sms_service.settings import load_settings
    from sms_service.store.cases import cases
    from sms_service.store.open import open_database

    db = open_database(load_settings())
    now = clock.now()
    with db.write() as conn:
        conn.execute(
            cases.insert().values(
                program_id=1, case_no=7, kind="talk", family="", state="open", member_id=4, staffed=1, climb=1,
                opened_at=now, rose_at=now,
            )
        )  # fmt: skip
    db.close()
    result = call("trace", "c:demo:7")
    assert result.exit_code == 0
    assert result.stdout.startswith("c:demo:7 talk, opened 2")


def test_hold_and_release_need_no_redis(call: Call) -> None:
    assert call("hold", "--lanes", "bulk").exit_code == 0
    assert "warn  hold: bulk on hold.\n       sms-service release" in call("doctor").stdout
    assert call("release").stdout.startswith("Released: bulk (0 waiting).\n")
    assert call("release").stdout == "Nothing was on hold.\n"
