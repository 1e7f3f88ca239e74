"""The plots of docs/performance.md, as SVG that needs no network and no script."""

import re
import sys
from pathlib import Path
from typing import Any

import pygal
from pygal.style import CleanStyle

from scripts.benches.figures import percentile

sys.meta_path[:] = [one for one in sys.meta_path if type(one).__name__ != "PluginImportFixer"]
"""pygal leaves an old kind of finder there, for maps; because of it every later import would warn."""

Line = dict[str, Any]
SHORT = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
PER_CENTS = (50, 75, 90, 95, 99, 100)
SPEEDS = {
    "webhook": ("texts through the web server", "per_second"),
    "deliver": ("messages handed over, 32 connections", "per_second_32"),
    "plan": ("wakes fired", "wakes_per_second"),
}
"""The cases that have a baseline to be faster than: what is counted, and in which figure."""


def margin(bar: dict[str, Any]) -> float:
    """How far a figure is on the right side of its bar: 1 is just met, 2 is twice as good."""
    return float(bar["value"] / bar["bar"] if bar["op"] == ">=" else bar["bar"] / max(bar["value"], 1e-9))


def margins(lines: list[Line], file: Path) -> None:
    """Each bar of each case and how far it is met."""
    chart = pygal.HorizontalBar(**_look(len(lines) * 70 + 120), logarithmic=True, zero=0.1, range=(0.1, 20))
    chart.y_labels = [0.1, 0.25, 0.5, 1, 2, 5, 10, 20]
    chart.title = "How far each bar is met (1 = just met)"
    chart.x_labels = [f"{line['case']}: {bar['what']}" for line in _first_of_case(lines) for bar in line["bars"]]
    for database, name in SHORT.items():
        found = {
            f"{line['case']}: {bar['what']}": round(margin(bar), 2)
            for line in lines if line["database"] == database for bar in line["bars"]
        }  # fmt: skip
        chart.add(name, [found.get(label) for label in chart.x_labels])
    _save(chart, file)


def speeds(lines: list[Line], file: Path) -> None:
    """Ours and the baseline side by side, per second, where there is a baseline."""
    shown = [line for line in lines if line["case"] in SPEEDS and line["baseline"]]
    chart = pygal.HorizontalBar(**_look(len(shown) * 60 + 120), logarithmic=True, zero=1, range=(1, 10_000))
    chart.y_labels = [1, 10, 100, 1000, 10_000]
    chart.title = "Per second, beside the baseline"
    chart.x_labels = [f"{SPEEDS[line['case']][0]}, {SHORT[line['database']]}" for line in shown]
    chart.add("sms_service", [line["figures"][SPEEDS[line["case"]][1]] for line in shown])
    chart.add("baseline", [_baseline(line) for line in shown])
    _save(chart, file)


def waits(lines: list[Line], file: Path) -> None:
    """How long a crisis or a prompt took to reach the handset, by percentile."""
    chart = pygal.Line(**(_look(420) | {"print_values": False}), range=(0, 2.5))
    chart.title = "Seconds until it is on the handset"
    chart.x_labels = [f"p{p}" if p < 100 else "most" for p in PER_CENTS]
    for line in lines:
        if line["case"] in ("urgent", "late"):
            for name, values in line["series"].items():
                what = f"{line['case']}, {name}" if line["case"] == "urgent" else "late"
                chart.add(f"{what}, {SHORT[line['database']]}", [percentile(values, p) for p in PER_CENTS])
    _save(chart, file)


def _save(chart: Any, file: Path) -> None:
    """As a picture alone: the settings that pygal adds for a script of its own are left out."""
    file.write_text(re.sub(r"<script.*?</script>", "", chart.render(is_unicode=True), flags=re.DOTALL), "utf-8")


def _baseline(line: Line) -> float:
    name = SPEEDS[line["case"]][1]
    return float(line["baseline"].get(name, line["baseline"].get("per_second", 0)))


def _first_of_case(lines: list[Line]) -> list[Line]:
    """Each case once, whichever database it was measured on."""
    return list({line["case"]: line for line in reversed(lines)}.values())[::-1]


def _look(height: int) -> dict[str, Any]:
    return {
        "style": CleanStyle(background="white", plot_background="white", font_family="sans-serif"),
        "js": [], "no_prefix": True, "width": 900, "height": height, "explicit_size": True,
        "legend_at_bottom": True, "print_values": True, "truncate_label": -1, "truncate_legend": -1,
        "pretty_print": True, "disable_xml_declaration": True,
    }  # fmt: skip
