"""Figures: medians and percentiles, bars and whether they are met, and the JSON line that says it all."""

import json
import math
import operator
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

OPS: dict[str, Callable[[float, float], bool]] = {"<=": operator.le, ">=": operator.ge}


def percentile(values: Sequence[float], per_cent: float) -> float:
    """The smallest value that so many per cent of all do not exceed (nearest rank); ValueError without values."""
    if not values:
        raise ValueError("no values, no percentile")
    rank = math.ceil(per_cent / 100 * len(values))
    return sorted(values)[max(1, rank) - 1]


def curve(values: Sequence[float]) -> list[float]:
    """The values in order; of more than a hundred their percentiles, enough to draw them by."""
    if len(values) <= 100:
        return sorted(values)
    return [percentile(values, per_cent) for per_cent in range(1, 101)]


def shown(value: float) -> float:
    """Rounded to four significant digits: more would be noise."""
    if not value or not math.isfinite(value):
        return value
    return round(value, max(0, 3 - math.floor(math.log10(abs(value)))))


def medians(rounds: Iterable[dict[str, float]]) -> dict[str, float]:
    """Of each figure the median over the rounds."""
    all_rounds = list(rounds)
    return {name: shown(median(one[name] for one in all_rounds)) for name in all_rounds[0]}


@dataclass(frozen=True)
class Bar:
    """What was asked for, what was measured, and whether that is met."""

    what: str
    value: float
    op: str
    bar: float

    @property
    def met(self) -> bool:
        """Whether the value keeps to the bar."""
        return OPS[self.op](self.value, self.bar)

    def as_json(self) -> dict[str, Any]:
        """By name, the verdict included."""
        return {**asdict(self), "value": shown(self.value), "pass": self.met}


@dataclass(frozen=True)
class Outcome:
    """What one case found on one database. `series` is what a plot may show: figures of each round."""

    figures: dict[str, float]
    bars: list[Bar]
    baseline: dict[str, float] = field(default_factory=dict)
    ratio: float | None = None
    series: dict[str, list[float]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    @property
    def passed(self) -> bool:
        """Every bar is met."""
        return all(bar.met for bar in self.bars)

    def as_json(self) -> dict[str, Any]:
        """The part of the line that the case itself knows."""
        return {
            "figures": rounded(self.figures),
            "baseline": rounded(self.baseline),
            "ratio": None if self.ratio is None else shown(self.ratio),
            "bars": [bar.as_json() for bar in self.bars],
            "pass": self.passed,
            "series": {name: [shown(value) for value in values] for name, values in self.series.items()},
            "notes": self.notes,
        }


def rounded(figures: dict[str, float]) -> dict[str, float]:
    """Each with four significant digits."""
    return {name: shown(value) for name, value in figures.items()}


def read_lines(file: Path) -> list[dict[str, Any]]:
    """The results kept so far, oldest first; none when there is no file."""
    if not file.is_file():
        return []
    return [json.loads(line) for line in file.read_text("utf-8").splitlines() if line.strip()]


def keep_line(file: Path, line: dict[str, Any]) -> None:
    """Keeps one result; it takes the place of the last one of the same case and database."""
    same = (line["case"], line["database"])
    lines = [old for old in read_lines(file) if (old["case"], old["database"]) != same]
    file.write_text("".join(f"{json.dumps(one)}\n" for one in [*lines, line]), encoding="utf-8")
