"""The command: help for everything, one sentence for what goes wrong, verdicts line by line."""

import json
import socket
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from sms_service.cli import main
from sms_service.commands.plain_errors import PlainGroup, sentence
from sms_service.commands.triage import verdicts
from sms_service.settings import SettingsError
from sms_service.up.supervise import UpError


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to be in, with a home of its own and no settings from outside."""
    for name in ("DATABASE_URL", "REDIS_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("SMS_SERVICE_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def call(*words: str, stdin: str | bytes = "") -> Result:
    return CliRunner().invoke(main, words, input=stdin)


def commands(group: click.Group = main, before: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    found = []
    for name, command in group.commands.items():
        found.append((*before, name))
        if isinstance(command, click.Group):
            found += commands(command, (*before, name))
    return found


@pytest.mark.parametrize("words", [(), *commands()], ids=" ".join)
def test_every_command_has_help(words: tuple[str, ...]) -> None:
    result = call(*words, "--help")
    assert result.exit_code == 0
    assert "Usage:" in result.output
    assert len(result.output.splitlines()[2].strip()) > 5


def test_help_reads_neither_the_database_nor_the_conversations() -> None:
    code = (
        "import sys, sms_service.cli;"
        "print([m for m in ('sqlalchemy', 'flask', 'twilio', 'redis', 'rq') if m in sys.modules])"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert out == "[]\n"


def test_an_unknown_command_is_an_error() -> None:
    assert call("dance").exit_code == 2


def test_a_wrong_setting_is_one_sentence(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "many")
    for words in (("up",), ("web",), ("worker",), ("ticker",), ("db", "upgrade"), ("seed-demo",)):
        result = call(*words)
        assert result.exit_code == 1
        assert result.stderr.startswith("Error: PORT: ")
        assert len(result.stderr.splitlines()) == 1


@pytest.mark.parametrize("words", [("web",), ("worker",), ("ticker",)], ids=" ".join)
def test_without_a_redis_a_command_stops_and_names_the_setting(here: Path, words: tuple[str, ...]) -> None:
    result = call(*words)
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: REDIS_URL is not set")


def test_web_on_a_taken_port_says_so(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:1")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        monkeypatch.setenv("PORT", str(port))
        result = call("web")
    assert result.exit_code == 1
    assert result.stderr == f"Error: Port {port} is taken by another program: set PORT.\n"


def test_up_on_a_taken_port_says_so(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        monkeypatch.setenv("PORT", str(taken.getsockname()[1]))
        result = call("up")
    assert result.exit_code == 1
    assert "set PORT to another one" in result.stderr


@pytest.mark.parametrize("lanes", ["", "fast", "urgent,fast"])
def test_an_unknown_lane_is_an_error(lanes: str) -> None:
    result = call("worker", "--lanes", lanes)
    assert result.exit_code == 2
    assert "lanes are urgent, reply, scheduled, bulk" in result.stderr


def test_a_phone_without_a_local_twilio_says_where_it_looked(
    here: Path, monkeypatch: pytest.MonkeyPatch, free_port: int
) -> None:
    monkeypatch.setenv("SIMULATOR_PORT", str(free_port))
    result = call("phone", "+12025550121")
    assert result.exit_code == 1
    assert str(free_port) in result.stderr


def test_triage_answers_each_line_in_order() -> None:
    result = call("triage", stdin="see you at 6\nI want to kill myself\nquiero morir\n")
    answers = [json.loads(line) for line in result.stdout.splitlines()]
    assert result.exit_code == 0
    assert [list(answer) for answer in answers] == [["level", "family", "rule", "lang"]] * 3
    assert [answer["level"] for answer in answers][:2] == ["none", "crisis"]
    assert answers[2]["lang"] == "es"


def test_triage_answers_a_bad_line_by_its_number_and_goes_on() -> None:
    lines = ['{"text": "hi"}', "not json", '{"words": 1}', '{"text": 1}', "", "[" * 5000, '{"text": "ok"}']
    result = call("triage", "--jsonl", stdin="\n".join(lines) + "\n")
    answers = [json.loads(line) for line in result.stdout.splitlines()]
    assert result.exit_code == 1
    assert len(answers) == len(lines)
    assert [answer.get("line") for answer in answers] == [None, 2, 3, 4, 5, 6, None]
    assert result.stderr.splitlines()[:2] == ["Line 2: not JSON.", 'Line 3: not an object with a "text".']


def test_triage_takes_what_is_not_utf8_as_a_bad_line() -> None:
    result = call("triage", stdin=b"hi\n\xff\xfe\nhi\n")
    assert result.exit_code == 1
    assert result.stderr == "Line 2: not UTF-8.\n"
    assert len(result.stdout.splitlines()) == 3


def test_an_empty_line_is_a_text_too() -> None:
    result = call("triage", stdin="\n\n")
    assert [json.loads(line)["level"] for line in result.stdout.splitlines()] == ["none", "none"]


@given(lines=st.lists(st.binary(max_size=40).filter(lambda line: b"\n" not in line), max_size=4))
def test_any_lines_get_one_answer_each(lines: list[bytes]) -> None:
    for jsonl in (False, True):
        assert len(list(verdicts(lines, jsonl=jsonl))) == len(lines)


def test_our_own_errors_speak_for_themselves() -> None:
    assert sentence(SettingsError("PORT: must be a number.")) == "PORT: must be a number."
    assert sentence(UpError("It runs already.")) == "It runs already."


def test_other_errors_are_told_without_their_own_words() -> None:
    import redis
    from sqlalchemy.exc import OperationalError

    planted = "+12025550121 planted words"
    lost = OperationalError(planted, {"x": planted}, ValueError(planted))
    told = [sentence(error) for error in (lost, redis.ConnectionError(planted), OSError(planted))]
    assert told[0] == "The database cannot be used (OperationalError); see DATABASE_URL."
    assert told[1] == "Redis cannot be used (ConnectionError); see REDIS_URL."
    assert not any("planted" in words or "2025550" in words for words in told)


def test_a_missing_file_is_named() -> None:
    assert sentence(FileNotFoundError(2, "No such file", "meetings.csv")) == "No such file: meetings.csv."


def test_a_bug_ends_in_one_sentence_with_its_place_and_no_stack_trace() -> None:
    @click.group(cls=PlainGroup)
    def group() -> None:
        """A group."""

    @group.command()
    def broken() -> None:
        """It breaks."""
        raise KeyError("+12025550121")

    result = CliRunner().invoke(group, ["broken"])
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: Unexpected KeyError at ")
    assert "2025550" not in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_a_new_home_is_migrated_seeded_once_and_lets_a_coordinator_in(here: Path) -> None:
    assert call("db", "upgrade").exit_code == 0
    assert call("seed-demo").exit_code == 0
    again = call("db", "upgrade", "--demo")
    assert again.exit_code == 0
    assert again.stdout.splitlines() == ["The database has the newest schema.", "The demo programs are there."]
    add = ("users", "add", "ana@example.org", "--password-stdin")
    assert call(*add, stdin="a long pass phrase\n").stdout == "ana@example.org can sign in.\n"
    twice = call(*add, stdin="a long pass phrase\n")
    assert (twice.exit_code, twice.stderr) == (1, "Error: ana@example.org can sign in already.\n")


@pytest.mark.parametrize(
    ("words", "password", "reason"),
    [
        (("ana",), "a long pass phrase", "not an e-mail address"),
        (("ana@example.org",), "short", "A password has"),
        (("ana@example.org", "--program", "none"), "a long pass phrase", "There is no program none."),
    ],
)
def test_a_user_who_cannot_be_added_is_told_why(here: Path, words: tuple[str, ...], password: str, reason: str) -> None:
    call("db", "upgrade", "--demo")
    result = call("users", "add", *words, "--password-stdin", stdin=f"{password}\n")
    assert result.exit_code == 1
    assert reason in result.stderr
    assert password not in result.stderr


def test_a_password_is_asked_for_twice_and_never_shown(here: Path) -> None:
    call("db", "upgrade", "--demo")
    result = call("users", "add", "ana@example.org", stdin="a long pass phrase\n" * 2)
    assert result.exit_code == 0
    assert "phrase" not in result.output


def test_a_command_on_a_database_that_is_away_names_the_setting(
    here: Path, monkeypatch: pytest.MonkeyPatch, free_port: int
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"postgresql://u@127.0.0.1:{free_port}/x")
    result = call("db", "upgrade")
    assert result.exit_code == 1
    assert result.stderr == "Error: The database cannot be used (OperationalError); see DATABASE_URL.\n"


def test_every_flow_can_be_drawn_and_printed() -> None:
    assert call("flows", "draw", "check_in").stdout.startswith("flowchart")
    assert "{short}" in call("flows", "script", "check_in", "--lang", "es").stdout
    assert call("flows", "draw").stdout.count("flowchart") > 10


def test_the_flows_are_checked() -> None:
    assert call("flows", "check").stdout.endswith(" flows in 2 languages: 0 problems.\n")


def test_an_unknown_flow_is_named() -> None:
    result = call("flows", "draw", "dance")
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: There is no flow dance; there are ")
