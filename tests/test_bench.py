"""The bench's own arithmetic and its JSON lines; and a very small run of each case, so that none rots."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest

from scripts.benches import history, pictures
from scripts.benches.__main__ import CASES, options
from scripts.benches.figures import Bar, Outcome, keep_line, medians, percentile, read_lines, shown
from scripts.benches.load import Order, raw
from scripts.benches.numbers import number_of
from scripts.benches.page import write
from sms_service.carrier.signature import valid
from sms_service.domain.phone import parse_number, textable

ROOT = Path(__file__).resolve().parents[1]


def line_of(case: str, database: str, value: float) -> dict[str, Any]:
    found = Outcome({"per_second": value}, [Bar("ratio", value, ">=", 2)], {"per_second": 1.0}, value)
    rest = {"took_s": 1, "at": "2026-03-04T12:00+00:00", "machine": MACHINE, "versions": {"python": "3"}}
    return {"case": case, "database": database, **found.as_json(), "rounds": 1, "scale": 1.0, **rest}


MACHINE = {"cores": "2", "cpu": "a processor", "memory": "8 GiB", "kernel": "Linux 6"}


def test_a_percentile_is_the_nearest_rank() -> None:
    values = [float(value) for value in range(1, 101)]
    assert percentile(values, 50) == 50
    assert percentile(values, 99) == 99
    assert percentile(values, 100) == 100
    assert percentile([7.0], 99) == 7
    with pytest.raises(ValueError, match="no values"):
        percentile([], 50)


def test_a_figure_of_several_rounds_is_their_median() -> None:
    assert medians([{"a": 1.0}, {"a": 900.0}, {"a": 3.0}]) == {"a": 3.0}


def test_figures_are_shown_with_four_digits() -> None:
    assert [shown(value) for value in (123456.0, 12.34567, 0.00123456, 0.0)] == [123456, 12.35, 0.001235, 0]


@pytest.mark.parametrize(
    ("value", "op", "met"), [(2, ">=", True), (1.99, ">=", False), (2, "<=", True), (3, "<=", False)]
)
def test_a_bar_is_met_on_its_right_side_only(value: float, op: str, met: bool) -> None:
    bar = Bar("anything", value, op, 2)
    assert bar.met is met
    assert bar.as_json()["pass"] is met
    assert (pictures.margin(bar.as_json()) >= 1) is met


def test_a_case_passes_when_every_bar_is_met() -> None:
    good, bad = Bar("one", 2, ">=", 1), Bar("other", 2, "<=", 1)
    assert Outcome({}, [good]).passed
    assert not Outcome({}, [good, bad]).passed


def test_a_new_result_takes_the_place_of_the_old_one_of_its_case_and_database(tmp_path: Path) -> None:
    kept = tmp_path / "kept.jsonl"
    for line in (line_of("plan", "sqlite", 1), line_of("plan", "postgresql", 2), line_of("plan", "sqlite", 3)):
        keep_line(kept, line)
    assert [(one["database"], one["ratio"]) for one in read_lines(kept)] == [("postgresql", 2), ("sqlite", 3)]


def test_the_page_names_the_machine_each_bar_and_what_was_not_measured(tmp_path: Path) -> None:
    kept, page = tmp_path / "kept.jsonl", tmp_path / "performance.md"
    keep_line(kept, line_of("webhook", "sqlite", 1.5))
    write(kept, page, tmp_path)
    words = page.read_text("utf-8")
    assert "2 cores, a processor, 8 GiB, Linux 6" in words
    assert "| webhook | SQLite | ratio | ≥ 2 | 1.5 | **no** |" in words
    assert "Not measured yet." in words
    for picture in tmp_path.glob("*.svg"):
        assert "<script" not in picture.read_text("utf-8")
        assert f"pictures/{picture.name}" in words


def test_without_results_there_is_no_page(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="no results"):
        write(tmp_path / "none.jsonl", tmp_path / "page.md", tmp_path)


@pytest.mark.parametrize("words", [["sleep"], ["--scale", "0"], ["--rounds", "0"], ["--database", "oracle"]])
def test_a_wrong_order_is_refused_by_a_sentence(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        options(words)
    assert "error:" in capsys.readouterr().err


def test_every_member_has_a_number_of_their_own_that_can_be_texted() -> None:
    numbers = [number_of(member) for member in range(0, 300_000, 997)]
    assert len(set(numbers)) == len(numbers)
    assert all(textable(number) and parse_number(number) == number for number in numbers)


def test_the_load_is_signed_as_twilio_signs() -> None:
    order = Order(8000, "http://127.0.0.1:8000/webhooks/sms", "a-token-of-tests", "+12025550100", ["MOOD"], [7], 1.0)
    head, _, body = raw(order, 7, 0, "¿Ánimo? 8").partition(b"\r\n\r\n")
    header = next(line for line in head.decode().split("\r\n") if line.startswith("X-Twilio-Signature: "))
    assert valid(order.url, parse_qsl(body.decode()), header.partition(": ")[2], [order.token])
    assert f"Content-Length: {len(body)}" in head.decode()


def test_the_history_has_ten_messages_a_member() -> None:
    """3 million for 300,000: what the growth case says of itself."""
    assert 2 * history.TEXTS == 10


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """Where the runs of this file keep their databases; PostgreSQL wants a short path that others may enter."""
    made = Path(tempfile.mkdtemp(prefix="sms-bt-", dir="/tmp"))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made, ignore_errors=True)


@pytest.mark.outside
@pytest.mark.parametrize(("case", "database"), list(zip(CASES, cycle(("postgresql", "sqlite")), strict=False)))
def test_each_case_runs_and_says_one_line_of_json(
    case: str, database: str, tmp_path: Path, folder: Path
) -> None:  # fmt: skip
    command = [sys.executable, "-m", "scripts.benches", case, "--database", database, "--scale", "0.003"]
    command += ["--rounds", "1", "--kept", str(tmp_path / "kept.jsonl")]
    env = {**os.environ, "TMPDIR": str(folder)}
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, env=env)
    assert done.stdout, done.stderr[-3000:]
    (line,) = (json.loads(one) for one in done.stdout.splitlines())
    assert (line["case"], line["database"], line["rounds"]) == (case, database, 1)
    assert line["pass"] is (done.returncode == 0)
    assert line["bars"]
    assert all(isinstance(value, int | float) for value in line["figures"].values())
    assert read_lines(tmp_path / "kept.jsonl") == [line]
