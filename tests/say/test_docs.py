"""The pages written from the tables."""

from pathlib import Path

import pytest

from sms_service.domain.words import Lang
from sms_service.flows.registry import FLOWS
from sms_service.flows.steps import Ask, Listen
from sms_service.say.catalogue import text
from sms_service.say.docs import pages, write_docs
from sms_service.say.draw import draw
from sms_service.say.script import script

LANGS: tuple[Lang, ...] = ("en", "es")
DOCS = Path(__file__).parents[2] / "docs" / "flows"


def test_the_pages_in_docs_are_those_of_the_tables() -> None:
    there = {path.name: path.read_text("utf-8") for path in DOCS.glob("*.md")}
    assert there == pages(), "write them anew: sms_service.say.docs.write_docs"


def test_pages_are_written_once_and_pages_of_flows_that_are_gone_removed(tmp_path: Path) -> None:
    (tmp_path / "old.md").write_text("gone")
    assert {path.name for path in write_docs(tmp_path)} == {*pages(), "old.md"}
    assert write_docs(tmp_path) == []
    assert not (tmp_path / "old.md").exists()


@pytest.mark.parametrize("name", sorted(FLOWS))
def test_a_drawing_shows_every_step_and_only_steps(name: str) -> None:
    drawn = draw(FLOWS[name])
    assert drawn.startswith("flowchart TD\n")
    for step in FLOWS[name].steps:
        assert f"\n  {step}" in drawn
    assert all(line.count('"') % 2 == 0 for line in drawn.splitlines())


@pytest.mark.parametrize("tongue", LANGS)
@pytest.mark.parametrize("name", sorted(FLOWS))
def test_a_script_says_every_word_and_every_silence(name: str, tongue: Lang) -> None:
    written = script(FLOWS[name], tongue)
    for step_name, step in FLOWS[name].steps.items():
        assert f"## {step_name}\n" in written
        if isinstance(step, Ask):
            for answer in step.answers:
                assert text(f"{name}.{step_name}.{answer.key}", tongue) in written
    questions = [step for step in FLOWS[name].steps.values() if isinstance(step, Ask | Listen)]
    assert written.count("- Silence for ") == len(questions)
