"""deploy/: every command and setting that stands there exists, and nothing that production needs is missing."""

import configparser
import re
import shlex
import shutil
import subprocess
from pathlib import Path
from typing import Any

import click
import pytest
import yaml  # type: ignore[import-untyped]  # it ships no types

from sms_service.cli import main
from sms_service.setting_sources import SECRETS
from sms_service.settings import NAMES, load_settings
from tests.rules.code import ROOT

DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
LONG_RUNNING = {"web", "worker", "ticker"}
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose" / "compose.yml").read_text("utf-8"))
OURS = {name: one for name, one in COMPOSE["services"].items() if one.get("image") == "sms-service:local"}


class Unit(configparser.RawConfigParser):
    """A unit file: names keep their case and may stand twice."""

    def __init__(self, path: Path) -> None:
        super().__init__(strict=False, interpolation=None, delimiters=("=",), comment_prefixes=("#", ";"))
        self.read_string(path.read_text("utf-8"))

    def optionxform(self, optionstr: str) -> str:
        """As it is written."""
        return optionstr


def parse(words: list[str]) -> click.Command:
    """The command that these words call; fails when there is none or an option is unknown. Nothing is run."""
    command: click.Command = main
    context = click.Context(main, info_name="sms-service")
    while isinstance(command, click.Group):
        found = command.get_command(context, words[0])
        assert found is not None, f"sms-service {' '.join(words)}: there is no {words[0]}"
        command, words = found, words[1:]
        context = click.Context(command, info_name=command.name, parent=context)
    command.make_parser(context).parse_args(list(words))
    return command


def orders(unit: Path) -> list[list[str]]:
    """The words after `sms-service` in a unit."""
    text = Unit(unit)["Service"]["ExecStart"].replace("$$", "$").replace("%%", "%")
    inner = re.search(r"bin/sms-service ([^']+)", text)
    assert inner, unit.name
    return [shlex.split(re.sub(r"\$\([^)]*\)", "NOW", inner[1]))]


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_every_unit_calls_a_command_that_there_is(unit: Path) -> None:
    for words in orders(unit):
        parse(words)


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_every_unit_is_shut_in_and_reads_the_settings(unit: Path) -> None:
    service = Unit(unit)["Service"]
    assert service["User"] == "sms-service"
    assert service["NoNewPrivileges"] == "yes"
    assert service["ProtectSystem"] == "strict"
    assert service["EnvironmentFile"] == "/etc/sms-service/settings.env"
    assert service["UMask"] == "0077"


def test_every_part_is_started_again_whenever_it_ends() -> None:
    for unit in UNITS:
        if orders(unit)[0][0] in LONG_RUNNING:
            assert Unit(unit)["Service"]["Restart"] == "always", unit.name
            assert Unit(unit)["Unit"]["StartLimitIntervalSec"] == "0", "it never gives up"
            assert "WatchdogSec" not in Unit(unit)["Service"], "we do not notify"


def test_the_target_wants_every_part_and_each_is_there() -> None:
    wanted = Unit(DEPLOY / "systemd" / "sms-service.target")["Unit"]["Wants"].split()
    files = {re.sub(r"@\d+\.", "@.", name) for name in wanted}
    assert files == {unit.name for unit in UNITS if orders(unit)[0][0] in LONG_RUNNING}
    lanes = [orders(unit)[0] for unit in UNITS if orders(unit)[0][0] == "worker"]
    assert ["worker", "--lanes", "urgent,reply"] in lanes, "one for urgent and reply"
    assert ["worker"] in lanes, "one for all"


def test_systemd_finds_nothing_wrong_but_that_it_is_not_installed_here() -> None:
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("no systemd-analyze on this machine")
    files = [str(path) for path in (DEPLOY / "systemd").iterdir() if path.suffix in (".service", ".target", ".timer")]
    said = subprocess.run([analyze, "verify", *files], capture_output=True, text=True, check=False)
    wrong = [line for line in said.stderr.splitlines() if "/etc/systemd" not in line and "/usr/lib" not in line]
    assert [line for line in wrong if "is not executable: No such file" not in line] == []


def test_the_template_names_settings_that_there_are_and_every_secret_of_production() -> None:
    text = (DEPLOY / "settings.env.example").read_text("utf-8")
    named = set(re.findall(r"^#?([A-Z_]+)=", text, re.MULTILINE))
    assert named <= set(NAMES)
    assert set(re.findall(r"^([A-Z_]+)=", text, re.MULTILINE)) >= {*SECRETS, "SMS_SERVICE_ENV", "PUBLIC_URL"}
    assert not re.search(rf"^({'|'.join(SECRETS)})=.", text, re.MULTILINE), "it holds no secret"


def test_the_template_filled_in_is_a_production_installation(tmp_path: Path) -> None:
    lines = (DEPLOY / "settings.env.example").read_text("utf-8").splitlines()
    given = dict(line.split("=", 1) for line in lines if re.match(r"[A-Z_]+=", line))
    secrets = {
        "TWILIO_ACCOUNT_SID": "AC" + "0" * 32, "TWILIO_AUTH_TOKEN": "t" * 32, "SECRET_KEY": "s" * 32,
        "METRICS_TOKEN": "m" * 32, "LOOKUP_KEYS": "1:" + "ab" * 16,
        "DATA_KEYS": "dGVzdHRlc3R0ZXN0dGVzdHRlc3R0ZXN0dGVzdHRlc3Q=",
    }  # fmt: skip
    settings = load_settings(given | secrets | {"SMS_SERVICE_HOME": str(tmp_path)}, tmp_path / ".env")
    assert settings.env == "production"


@pytest.mark.parametrize("name", OURS)
def test_every_service_of_compose_calls_a_command_that_there_is(name: str) -> None:
    parse([str(word) for word in OURS[name]["command"]])


def test_compose_runs_every_part_with_settings_that_there_are() -> None:
    assert {one["command"][0] for one in OURS.values()} == LONG_RUNNING | {"db"}
    for one in OURS.values():
        assert set(one["environment"]) <= set(NAMES)
        assert one["env_file"] == "settings.env"
        assert one["environment"]["SMS_SERVICE_ENV"] == "production"
    assert {"postgres", "redis", "caddy"} <= set(COMPOSE["services"])


def test_every_image_and_file_of_compose_is_named() -> None:
    for name, one in COMPOSE["services"].items():
        assert re.search(r":\d|:local$", one["image"]), f"{name} has no version"
    wanted = set(re.findall(r"\$\{([A-Z_]+)", (DEPLOY / "compose" / "compose.yml").read_text("utf-8")))
    given = set(re.findall(r"^([A-Z_]+)=", (DEPLOY / "compose" / ".env.example").read_text("utf-8"), re.MULTILINE))
    assert wanted == given
    assert (ROOT / OURS["web"]["build"]["dockerfile"]).exists()


def test_the_image_is_built_of_files_that_are_there() -> None:
    dockerfile = (ROOT / OURS["web"]["build"]["dockerfile"]).read_text("utf-8")
    copied = [
        word for line in re.findall(r"^COPY (?!--from)(.+) \S+$", dockerfile, re.MULTILINE) for word in line.split()
    ]
    assert copied
    assert [name for name in copied if not (ROOT / name).exists()] == []


def test_commands_in_the_pages_for_operators_exist() -> None:
    for page in (DEPLOY / "README.md", ROOT / "docs" / "runbook.md"):
        for line in re.findall(r"`sms-service ([^`]+)`", page.read_text("utf-8")):
            words = [word.strip("[]") for word in line.split()]
            command: click.Command | None = main
            while isinstance(command, click.Group) and words:
                command = command.commands.get(words.pop(0))
            assert command is not None, f"{page.name}: sms-service {line}"
