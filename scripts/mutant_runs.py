"""Which tests reach a change, and whether one of them notices it: forked children in copies of the tree."""

import contextlib
import importlib
import json
import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import accumulate
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess
from pathlib import Path

import coverage
import pytest
from mutations import Mutant

TESTS = ("domain", "triage", "flows", "say", "services", "rules/test_handlers.py", "test_transcripts.py")
NOT_THESE = (
    "--ignore=tests/say/test_docs.py",  # compares a page with its table
    "--ignore=tests/services/test_statements.py",  # counts statements, for minutes
    "-m",
    "not outside and not browser",
    "-k",
    "not postgresql",
)
ENOUGH = 30
"""Seconds of tests for one change; what it outlives in them has survived."""
FEW = 3
"""A line that fewer tests reach may lie behind a cache: then every test is asked."""

fork = multiprocessing.get_context("fork")


@dataclass(eq=False)  # pytest keeps its plugins in sets
class Recorder:
    """A pytest plugin: runs only these tests, in this order (all, when empty), and keeps what became of each."""

    wanted: list[str] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)
    failed: set[str] = field(default_factory=set)

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        if self.wanted:
            order = {name: place for place, name in enumerate(self.wanted)}
            items[:] = sorted((one for one in items if one.nodeid in order), key=lambda one: order[one.nodeid])

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.failed.add(report.nodeid)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.seconds[report.nodeid] = self.seconds.get(report.nodeid, 0) + report.duration
        if report.failed:
            self.failed.add(report.nodeid)


@dataclass
class Reach:
    """Which tests reach which line, and how long each takes."""

    seconds: dict[str, float]
    by_line: dict[str, dict[int, set[str]]]

    def tests(self, mutant: Mutant) -> list[str]:
        """The tests that can notice: nearest first, then quickest. What runs at import concerns every test."""
        first, last = mutant.lines
        by_line = self.by_line.get(mutant.path, {})
        on_line = {one for line in range(first, last + 1) for one in by_line.get(line, ())}
        everyone = not mutant.function or "" in on_line or len(on_line) < FEW
        wanted = set(self.seconds) if everyone else on_line & set(self.seconds)
        package = "/".join(mutant.path.split("/")[:2])
        beside = f"tests/{package.rpartition('/')[2]}/"
        in_file, in_package = self._inside(mutant.path), self._inside(package)

        def away(test: str) -> tuple[bool, bool, bool, float]:
            near = test in in_file or test.startswith(beside)
            return test not in on_line, not near, test not in in_package, self.seconds[test]

        order = sorted(wanted, key=away)
        so_far = accumulate(self.seconds[one] for one in order)
        return [one for one, seconds in zip(order, so_far, strict=True) if seconds <= ENOUGH or one == order[0]]

    def _inside(self, path: str) -> set[str]:
        """The tests that reach a file or anything in a folder."""
        inside = [by_line for file, by_line in self.by_line.items() if file.startswith(path)]
        return {one for by_line in inside for reached in by_line.values() for one in reached}


def run_pytest(folder: Path, recorder: Recorder, *options: str) -> int:
    """Pytest's verdict on a copy, in this process; what it prints goes to said.txt in the copy."""
    os.chdir(folder)
    sys.path[:0] = [str(folder)]
    files = sorted({name.split("::")[0] for name in recorder.wanted}) or [f"tests/{one}" for one in TESTS]
    quick = ("-q", "--timeout=60", "-p", "no:cacheprovider", "-W", "ignore::pytest.PytestAssertRewriteWarning")
    with Path("said.txt").open("w") as said, contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        arguments = [*quick, "--hypothesis-profile=mutants", *NOT_THESE, *options]
        code = int(pytest.main([*arguments, *(one for one in files if Path(one).exists())], plugins=[recorder]))
    loaded = sys.modules.get("sms_service")
    assert loaded is None or Path(str(loaded.__file__)).is_relative_to(folder), f"{loaded} is not the copy"
    return code


def measure(folder: Path) -> None:
    """In a child: every test once, unchanged; leaves .coverage and measured.json in the copy."""
    recorder = Recorder()
    run_pytest(
        folder, recorder, "--cov=sms_service", "--cov-context=test", "--cov-report=", "--continue-on-collection-errors"
    )
    ours = ("sms_service", "tests", "_pytest", "pytest_cov", "conftest", "coverage")
    names = [
        name for name, module in list(sys.modules.items()) if "site-packages" in str(module.__dict__.get("__file__"))
    ]
    known = {
        "seconds": {name: took for name, took in recorder.seconds.items() if name not in recorder.failed},
        "failed": sorted(recorder.failed),
        "modules": [name for name in names if name.partition(".")[0] not in ours],
    }
    Path("measured.json").write_text(json.dumps(known), "utf-8")


def judge(folder: Path, tests: list[str]) -> None:
    """In a child: ends with pytest's verdict on the first failure."""
    os.setsid()  # a Redis that a test started ends with us, whatever becomes of us
    sys.dont_write_bytecode = True
    os._exit(run_pytest(folder, Recorder(tests), "-x", "--tb=no", "--no-cov"))


def reach_of(folder: Path) -> tuple[Reach, list[str]]:
    """Runs everything once in a copy; what reaches what, and the tests that fail without any change."""
    process = fork.Process(target=measure, args=(folder,))
    process.start()
    process.join()
    known = json.loads((folder / "measured.json").read_text("utf-8"))
    for name in known["modules"]:
        with contextlib.suppress(Exception):
            importlib.import_module(name)
    data = coverage.CoverageData(str(folder / ".coverage"))
    data.read()
    by_line = {
        str(Path(file).relative_to(folder)): {
            line: {one.partition("|")[0] for one in contexts}
            for line, contexts in data.contexts_by_lineno(file).items()
        }
        for file in data.measured_files()
    }
    return Reach(known["seconds"], by_line), known["failed"]


@dataclass
class Slot:
    """A copy of the tree and the child that works in it."""

    folder: Path
    process: BaseProcess | None = None
    mutant: Mutant | None = None
    until: float = 0.0
    before: tuple[str, os.stat_result] | None = None

    def begin(self, mutant: Mutant | None, tests: list[str], seconds: float = 600) -> None:
        """Changes the copy and starts its tests; they have `seconds`."""
        self.mutant = mutant
        if mutant is not None:
            file = self.folder / mutant.path
            self.before = (file.read_text("utf-8"), file.stat())
            file.write_text(mutant.of(self.before[0]), "utf-8")
        self.process = fork.Process(target=judge, args=(self.folder, tests))
        self.process.start()
        self.until = time.monotonic() + seconds

    def end(self, wait_for: float | None = 0) -> bool:
        """Ends the tests, at once unless told to wait, and puts the copy back; whether one failed or never ended."""
        if self.process is None:
            return False
        self.process.join(wait_for)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid or 0, signal.SIGKILL)
        self.process.join()
        code, self.process = self.process.exitcode, None
        if self.mutant is not None and self.before is not None:
            file = self.folder / self.mutant.path
            file.write_text(self.before[0], "utf-8")
            os.utime(file, ns=(self.before[1].st_atime_ns, self.before[1].st_mtime_ns))
        return code not in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED)


def verdicts(mutants: Iterable[Mutant], reach: Reach, slots: list[Slot]) -> Iterator[tuple[Mutant, str]]:
    """Each change and what became of it: "killed", "survived" or "no test reaches it"."""
    waiting = list(mutants)[::-1]
    while waiting or any(slot.process for slot in slots):
        for slot in slots:
            while waiting and slot.process is None:
                mutant = waiting.pop()
                if tests := reach.tests(mutant):
                    slot.begin(mutant, tests, 60 + 6 * sum(reach.seconds[one] for one in tests))
                else:
                    yield mutant, "no test reaches it"
        wait([slot.process.sentinel for slot in slots if slot.process], timeout=1)
        for slot in slots:
            if slot.process and slot.mutant and (not slot.process.is_alive() or time.monotonic() > slot.until):
                yield slot.mutant, "killed" if slot.end() else "survived"
