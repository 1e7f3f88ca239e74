"""`backup`, `restore` and `keys rotate` as a person types them."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from sms_service.cli import main
from tests.house import KEYS, House

Run = Callable[..., Result]


@pytest.fixture
def run(house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """The command in the house's installation, or in another one."""
    monkeypatch.chdir(tmp_path)

    def call(*words: str, **env: str) -> Result:
        own = {"SMS_SERVICE_HOME": str(tmp_path), "DATABASE_URL": house.settings.database_url, **KEYS}
        return CliRunner().invoke(main, list(words), env=own | env)

    return call


def test_there_and_back(run: Run, tmp_path: Path) -> None:
    made = run("backup", "it.backup")
    assert made.exit_code == 0, made.output
    assert "2 programs" in made.output
    assert "keep both apart from the file" in made.output
    (tmp_path / "new").mkdir()
    back = run(
        "restore", "it.backup", DATABASE_URL=f"sqlite:///{tmp_path}/new/it.db", SMS_SERVICE_HOME=str(tmp_path / "new")
    )
    assert back.exit_code == 0, back.output
    assert "sms-service release" in back.output


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("backup", "nowhere/it.backup"), "There is no folder nowhere."),
        (("backup", "there"), "there is there already; a backup overwrites nothing."),
        (("restore", "there"), "there is no backup of sms-service."),
        (("restore", "nothing.backup"), "does not exist"),
    ],
)
def test_what_cannot_be_is_one_sentence(run: Run, tmp_path: Path, words: tuple[str, ...], sentence: str) -> None:
    (tmp_path / "there").write_text("mine")
    answer = run(*words)
    assert answer.exit_code != 0
    assert sentence in answer.output
    assert "Traceback" not in answer.output
    assert (tmp_path / "there").read_text() == "mine"


def test_keys_of_the_environment_are_printed_as_they_are_to_be_set(run: Run) -> None:
    answer = run("keys", "rotate")
    assert answer.exit_code == 0, answer.output
    given = dict(line.split("=", 1) for line in answer.output.splitlines() if "KEYS=" in line)
    assert given["DATA_KEYS"].startswith(KEYS["DATA_KEYS"] + ",")
    assert given["LOOKUP_KEYS"].startswith(KEYS["LOOKUP_KEYS"] + ",2:")
    assert answer.output.splitlines()[-1].startswith("Restart every process")
    again = run("keys", "rotate", **given)
    assert "put them first" in again.output


def test_a_backup_that_a_shutdown_ends_leaves_no_half_file(house: House, tmp_path: Path) -> None:
    """systemd ends it with SIGTERM: here in the midst of its first table."""
    code = (
        "import os, signal\n"
        "from sms_service.commands import progress\n"
        "progress.Count.__call__ = lambda self, name, more: os.kill(os.getpid(), signal.SIGTERM)\n"
        "from sms_service.cli import main\n"
        "main(['backup', 'it.backup'])\n"
    )
    env = {"PATH": os.environ["PATH"], "SMS_SERVICE_HOME": str(tmp_path), "DATABASE_URL": house.settings.database_url}
    folder = tmp_path / "backups"
    folder.mkdir()
    ended = subprocess.run([sys.executable, "-c", code], env=env | KEYS, cwd=folder, capture_output=True, check=False)
    assert ended.returncode == 143, ended.stderr
    assert list(folder.iterdir()) == []
