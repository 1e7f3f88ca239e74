"""What operators rely on is written down: every setting, every command, every conversation."""

import re
from collections.abc import Iterator

import click
import pytest
from click.testing import CliRunner

from sms_service.cli import main
from sms_service.commands import operations
from sms_service.flows.registry import FLOWS
from sms_service.say.docs import pages
from sms_service.settings import NAMES, Settings
from tests.rules.code import ROOT

DOCS = ROOT / "docs"


def commands(group: click.Group, before: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The words of each command."""
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, (*before, name))
        else:
            yield (*before, name)


def test_the_page_of_settings_and_commands_is_that_of_the_code() -> None:
    page = (DOCS / "operations.md").read_text("utf-8")
    assert page == operations.page(main), "write it anew: python -m sms_service.commands.operations"


@pytest.mark.parametrize("name", NAMES)
def test_every_setting_is_explained(name: str) -> None:
    assert f"| `{name}` | " in (DOCS / "operations.md").read_text("utf-8")


def test_a_setting_without_words_is_one_that_nobody_may_give() -> None:
    silent = {str(field.alias) for field in Settings.model_fields.values() if not field.description}
    assert silent & set(NAMES) == set()


@pytest.mark.parametrize("words", list(commands(main)), ids=" ".join)
def test_every_command_is_explained_and_has_help(words: tuple[str, ...]) -> None:
    assert f"`sms-service {' '.join(words)}" in (DOCS / "operations.md").read_text("utf-8")
    answer = CliRunner().invoke(main, [*words, "--help"])
    assert answer.exit_code == 0
    assert len(answer.output.splitlines()) > 3


def test_the_readme_names_the_page() -> None:
    assert "docs/operations.md" in (ROOT / "README.md").read_text("utf-8")


def test_every_conversation_has_its_page() -> None:
    """tests/say/test_docs.py holds each page to its table; tests/flows has a transcript to each End."""
    there = {path.name for path in (DOCS / "flows").glob("*.md")}
    assert {f"{name}.md" for name in FLOWS} <= there
    assert there == set(pages())


def test_every_page_that_a_page_links_to_is_there() -> None:
    for path in [ROOT / "README.md", *DOCS.rglob("*.md")]:
        for target in re.findall(r"\]\((?!https?:|mailto:|#)([^)#\s]+)", path.read_text("utf-8")):
            assert (path.parent / target).exists(), f"{path.relative_to(ROOT)} links to {target}"
