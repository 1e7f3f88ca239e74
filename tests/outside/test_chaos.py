"""A small storm: everything is killed and fails at random, and every handset gets what it is owed, once (25-27)."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.outside
CHAOS = Path(__file__).parents[2] / "scripts" / "chaos.py"


def test_in_a_small_storm_nothing_is_lost_nothing_comes_twice_and_all_is_done_in_time() -> None:
    """SCENARIOS.md 25, 26, 27: kills, a tenth each of 429, 500 and time-outs, Redis and the database away."""
    run = subprocess.run(
        [sys.executable, CHAOS, "--small", "--seed", "25"], capture_output=True, text=True, timeout=170, check=False
    )
    verdict = json.loads(next(line for line in run.stdout.splitlines() if line.startswith("{")))
    told = f"{run.stderr}\n{run.stdout}"
    assert (verdict["lost"], verdict["duplicate"], verdict["wrong"], verdict["crossed"]) == (0, 0, 0, 0), told
    assert verdict["settled_s"] <= 120, told
    assert run.returncode == 0, told
    assert verdict["texts"] > verdict["members"], told
    assert min(verdict["kills"][name] for name in ("web", "worker b", "worker c", "ticker")) >= 2, told
    assert verdict["faults"].keys() >= {"Redis emptied", "Redis away", "database away"}, told


@pytest.mark.parametrize(
    ("words", "sentence"),
    [(("--hosts", "2"), "cannot share a SQLite file"), (("--members", "3"), "members are 20 to 4000")],
)
def test_an_option_that_cannot_be_is_refused_with_a_sentence(words: tuple[str, ...], sentence: str) -> None:
    run = subprocess.run([sys.executable, CHAOS, *words], capture_output=True, text=True, timeout=60, check=False)
    assert run.returncode == 2
    assert sentence in run.stderr
