"""Changes the rules at random places, one at a time, and runs the tests that reach each: how many changes are noticed?

Everything happens in copies of the tree. A child is forked for each change, from a parent that has imported what the
tests need of other packages and nothing of ours. Left out: tests of whole processes, browser and PostgreSQL, and those
that compare a generated page with its table (every change of a table would fail them, right or wrong).
"""

import argparse
import difflib
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterable
from itertools import islice
from pathlib import Path

import hypothesis
from mutant_runs import Slot, reach_of, verdicts
from mutations import Mutant, changes, places_of

PATHS = (
    "domain",
    "triage",
    "flows",
    *(f"services/{verb}.py" for verb in ("receive", "claim", "deliver", "lease", "record")),
)
COPIED = ("sms_service", "tests", "docs", "pyproject.toml", "README.md")
BAR = 80
"""Percent of the changes that tests must notice."""
AT_ONCE = 2


def chosen(paths: Iterable[str], count: int, seed: int) -> list[Mutant]:
    """So many random places of these files, one random change of each."""
    files: list[Path] = []
    for path in paths:
        inside = Path("sms_service") / path
        files += sorted(inside.rglob("*.py")) if inside.is_dir() else [inside]
    sources = {str(file): file.read_text("utf-8") for file in files}
    places = [place for path, source in sources.items() for place in places_of(path, source)]
    print(f"{len(places)} places in {len(files)} files can be changed; {count} of them, seed {seed}", flush=True)
    dice = random.Random(seed)  # noqa: S311 - nothing is kept secret by it
    dice.shuffle(places)
    drawn = (dice.choice(place) for place in places)
    return list(islice((one for one in drawn if changes(one, sources[one.path])), count))


def diff(mutant: Mutant) -> str:
    """The changed lines, before and after."""
    source = Path(mutant.path).read_text("utf-8")
    lines = difflib.unified_diff(source.splitlines(), mutant.of(source).splitlines(), n=0, lineterm="")
    return "\n".join(f"    {line[:160]}" for line in list(lines)[3:])


def options() -> argparse.Namespace:
    """What was asked for on the command line."""
    parser = argparse.ArgumentParser(prog="scripts/mutants", description=str(__doc__).partition("\n")[0])
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10_000))
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--paths", nargs="+", default=PATHS, help="files or folders of sms_service")
    return parser.parse_args()


def copy(folder: Path) -> Path:
    """What the tests need of the tree, as it is now."""
    folder.mkdir()
    for name in COPIED:
        if Path(name).is_dir():
            shutil.copytree(name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy2(name, folder / name)
    return folder


def report(verdict: Iterable[tuple[Mutant, str]], count: int, began: float) -> int:
    """Prints what no test noticed as it comes, and a line now and then; how many were killed."""
    killed = 0
    for done, (mutant, word) in enumerate(verdict, 1):
        killed += word == "killed"
        if word != "killed":
            print(f"{word}: {mutant.path}:{mutant.lines[0]} {mutant.function or '(at import)'}\n{diff(mutant)}")
        if done % 20 == 0 or done == count:
            print(f"  {done} of {count} tried, {killed} killed, {time.monotonic() - began:.0f} s", flush=True)
    return killed


def main() -> int:
    """Prints every change that no test noticed, then the figure; 1 when it is below the bar."""
    asked, began = options(), time.monotonic()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    hypothesis.settings.register_profile("mutants", derandomize=True, database=None, deadline=None, max_examples=50)
    with tempfile.TemporaryDirectory(prefix="sms-mutants-") as temporary:
        unchanged = copy(Path(temporary, "unchanged"))
        os.chdir(unchanged)
        mutants = chosen(asked.paths, asked.count, asked.seed)
        reach, failed = reach_of(unchanged)
        for name in failed:
            print(f"left out, it fails unchanged: {name}")
        slots = [Slot(shutil.copytree(unchanged, Path(temporary, str(at)))) for at in range(AT_ONCE)]
        slots[0].begin(None, sorted(reach.seconds)[::10])
        if slots[0].end(wait_for=None):
            print((slots[0].folder / "said.txt").read_text("utf-8")[-3000:])
            raise SystemExit("the tests fail although nothing was changed")
        print(f"{len(reach.seconds)} tests pass unchanged, {time.monotonic() - began:.0f} s", flush=True)
        try:
            killed = report(verdicts(mutants, reach, slots), len(mutants), began)
        finally:
            for slot in slots:
                slot.end()
    percent = 100 * killed // len(mutants)
    print(f"killed {killed} of {len(mutants)} mutants ({percent} %)")
    return 0 if percent >= BAR else 1


if __name__ == "__main__":
    sys.exit(main())
