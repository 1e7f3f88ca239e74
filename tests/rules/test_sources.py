"""What each file of the code base must keep: one clock, one door to Twilio, small parts, nothing left undone."""

import ast
import re
from pathlib import Path

import pytest

from tests.rules.code import ROOT, Function, Source, called, files_of_tests, package, where

LONGEST_FILE, LONGEST_FUNCTION = 300, 40
LONGEST_VIEW, LONGEST_JOB = 15, 5
"""Lines of a file, a function and a view; statements of a job (STYLE.md, Size)."""

EXCUSED_FILES: dict[str, str] = {}
"""Files that may be longer, each with its reason. The list may only shrink."""
EXCUSED_FUNCTIONS: dict[str, str] = {}
EXCUSED_VIEWS: dict[str, str] = {}

CLOCKS = ("sms_service/clock.py", "sms_service/simulator/clock.py")
NOW = {"now", "utcnow", "today", "fromtimestamp", "time", "time_ns", "localtime", "gmtime"}
WALL_CLOCKS = {f"{owner}.{name}" for owner in ("datetime", "date", "time", "datetime.datetime") for name in NOW} - {
    "datetime.time",
    "datetime.fromtimestamp",
    "datetime.datetime.fromtimestamp",
}
UNDONE = re.compile(r"\b(?:TODO|FIXME|XXX|HACK)\b|NotImplementedError")
NO_NAMES = {"utils", "util", "helpers", "helper", "common", "manager", "misc", "base"}


def test_the_time_is_read_in_one_place() -> None:
    for source in package():
        if source.path not in CLOCKS:
            found = [where(source, call) for call in source.calls() if called(call) in WALL_CLOCKS]
            assert found == [], "ask sms_service.clock"


def test_the_database_decides_no_time() -> None:
    """No SQL now(): a moved clock would not reach it (DESIGN.md §3)."""
    told = {"func.now", "func.current_timestamp", "func.localtimestamp", "sqlalchemy.func.now"}
    for source in package():
        assert [where(source, call) for call in source.calls() if called(call) in told] == []
        assert "server_default" not in source.text, source.path


def test_twilio_is_known_to_the_carrier_alone() -> None:
    """Its TwiML to say/voice.py alone."""
    for source in package():
        for name in source.imports():
            if name.split(".")[0] == "twilio":
                twiml = name.startswith("twilio.twiml") and source.path == "sms_service/say/voice.py"
                assert source.path.startswith("sms_service/carrier/") or twiml, (source.path, name)


def test_the_log_has_one_shape() -> None:
    """A structlog logger of its own would print without the filter of logs.py."""
    users = [source.path for source in package() if "structlog" in source.imports()]
    assert users == ["sms_service/logs.py"]


def test_nothing_is_left_undone() -> None:
    texts = {source.path: source.text for source in package()}
    for suffix in ("html", "js", "css", "json", "toml", "po"):
        texts |= {str(path): path.read_text("utf-8") for path in ROOT.glob(f"sms_service/**/*.{suffix}")}
    texts |= {str(path): path.read_text("utf-8") for path in ROOT.glob("scripts/*") if path.is_file()}
    assert {path: UNDONE.findall(text) for path, text in texts.items() if UNDONE.search(text)} == {}


def lines_of(node: Function) -> int:
    """From `def` to its last line."""
    return (node.end_lineno or node.lineno) - node.lineno + 1


def too_long(found: dict[str, int], most: int, excused: dict[str, str]) -> None:
    """No part is longer, but those excused; one that got shorter is no longer excused."""
    assert {name: size for name, size in found.items() if size > most and name not in excused} == {}
    assert {name for name in excused if found.get(name, 0) <= most} == set(), "these are short now: excuse them no more"


def test_no_file_is_longer_than_300_lines() -> None:
    too_long({source.path: len(source.text.splitlines()) for source in package()}, LONGEST_FILE, EXCUSED_FILES)


def test_no_function_is_longer_than_40_lines() -> None:
    found = {name: lines_of(node) for source in package() for name, node in source.functions()}
    too_long(found, LONGEST_FUNCTION, EXCUSED_FUNCTIONS)


def is_view(node: Function) -> bool:
    """A function that a route is put on, by a decorator or as a method that answers."""
    names = [called(one) for one in node.decorator_list if isinstance(one, ast.Call)]
    routed = any(name.rpartition(".")[2] in {"route", "get", "post", "put", "delete"} for name in names)
    answers = node.returns is not None and ast.unparse(node.returns) in {"Response", "ResponseReturnValue"}
    return routed or (answers and bool(node.args.args) and node.args.args[0].arg == "self")


def test_no_view_is_longer_than_15_lines() -> None:
    """The local Twilio is held to it too."""
    found = {
        name: lines_of(node) for source in package() for name, node in source.functions() if is_view(node)
    }  # fmt: skip
    assert len(found) > 8
    too_long(found, LONGEST_VIEW, EXCUSED_VIEWS)


def statements(node: Function) -> int:
    """What it says at its top, the docstring left out."""
    return len(node.body) - (1 if ast.get_docstring(node) else 0)


def test_no_job_has_more_than_5_statements() -> None:
    found = {
        name: statements(node)
        for source in package() if source.path.startswith("sms_service/jobs/")
        for name, node in source.functions() if node.name in {"drain", "equip"}
    }  # fmt: skip
    assert found
    too_long(found, LONGEST_JOB, {})


@pytest.mark.parametrize("source", [*package(), *files_of_tests()], ids=lambda source: source.path)
def test_every_file_says_what_it_owns(source: Source) -> None:
    assert ast.get_docstring(source.tree), f"{source.path} has no docstring"
    assert Path(source.path).stem.strip("_") not in NO_NAMES


def test_every_public_function_says_what_may_be_relied_on() -> None:
    """One that fills in a method of its base class in the same file says it there."""
    silent = []
    for source in package():
        told = {node.name for _name, node in source.functions() if ast.get_docstring(node)}
        for name, node in source.functions():
            filled_in = "." in name.partition(":")[2] and node.name in told
            if not (ast.get_docstring(node) or filled_in or is_bare(node)) and is_public(name):
                silent.append(name)
    assert silent == []


def is_public(name: str) -> bool:
    """A function of a module or a method of a public class; one within another function is not."""
    _path, _, parts = name.partition(":")
    inner = any(part[0].islower() for part in parts.split(".")[:-1])
    return not inner and not any(part.startswith("_") for part in parts.split("."))


def is_bare(node: Function) -> bool:
    """A property of a Protocol says it all by its name and type."""
    return isinstance(node.body[0], ast.Expr) and ast.unparse(node.body[0]) == "..."


def test_every_test_of_the_code_base_is_a_sentence() -> None:
    for source in files_of_tests():
        for name, node in source.functions():
            if node.name.startswith("test_"):
                assert len(node.name.split("_")) > 2, f"{name} is no sentence"
