"""Runs docs/promises.md: each row's command, the figure it prints, and whether it keeps the promise."""

import operator
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROW = re.compile(
    r"^\| (?P<claim>[^|]+) \| `(?P<command>[^`]+)` \| `(?P<figure>[^`]+)` (?P<op><=|>=|=) (?P<bound>[\d.]+) \|$"
)
OPS: dict[str, Callable[[float, float], bool]] = {"<=": operator.le, ">=": operator.ge, "=": operator.eq}


@dataclass(frozen=True)
class Promise:
    """A claim, the command that shows it, where its figure stands in the output, and its bound."""

    claim: str
    command: str
    figure: str
    op: str
    bound: float


def promises(page: str) -> Iterator[Promise]:
    """Every row of the page's table; a broken row is an error, not a promise less."""
    for line in page.splitlines():
        found = ROW.match(line.replace("\\|", "¦"))
        if found:
            words = {name: value.replace("¦", "|") for name, value in found.groupdict().items()}
            yield Promise(words["claim"], words["command"], words["figure"], words["op"], float(words["bound"]))
        elif line.startswith("| ") and not line.startswith("| claim"):
            raise SystemExit(f"docs/promises.md: this row cannot be read: {line}")


@cache
def output_of(command: str) -> "subprocess.CompletedProcess[str]":
    """What a command prints; one that shows several promises runs once."""
    return subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)


def show(promise: Promise) -> bool:
    """Runs one and prints it."""
    began = time.monotonic()
    run = output_of(promise.command)
    found = re.findall(promise.figure, run.stdout + run.stderr, re.MULTILINE)
    figure = float(found[-1]) if found else None
    kept = run.returncode == 0 and figure is not None and OPS[promise.op](figure, promise.bound)
    shown = "no figure" if figure is None else f"{figure:g}"
    took = time.monotonic() - began
    print(
        f"{'pass' if kept else 'FAIL'}  {promise.claim}: {shown} ({promise.op} {promise.bound:g})  [{took:.0f} s]",
        flush=True,
    )
    if not kept:
        print("\n".join((run.stdout + run.stderr).splitlines()[-15:]))
    return kept


def main() -> int:
    """All promises, or those whose claim holds the first argument."""
    wanted = sys.argv[1].lower() if len(sys.argv) > 1 else ""
    chosen = [p for p in promises(Path("docs/promises.md").read_text("utf-8")) if wanted in p.claim.lower()]
    kept = [show(promise) for promise in chosen]
    print(f"{sum(kept)} of {len(kept)} promises kept")
    return 0 if kept and all(kept) else 1


if __name__ == "__main__":
    sys.exit(main())
