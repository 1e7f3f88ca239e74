"""Writes docs/performance.md and its pictures from the kept results."""

import sys
from pathlib import Path
from typing import Any

from scripts.benches import pictures
from scripts.benches.figures import read_lines

PAGE = Path("docs/performance.md")
PICTURES = Path("docs/pictures")
ORDER = ("webhook", "deliver", "plan", "urgent", "growth", "late")
ABOUT = {
    "webhook": (
        "Whole conversations (joining, mood, idea, menu) as signed webhooks over kept-alive connections, beside a bare "
        "Flask view that checks the same signature, inserts one row and commits, under the same gunicorn settings, on "
        "the same database by the same engine. The load generator is a process of its own with requests made "
        "beforehand. `paced_` figures: both at the same rate, half of what the service can do."
    ),
    "deliver": (
        "One worker process, each request to Twilio taking 100 ms, with 8 and with 32 connections, beside one RQ job "
        "for each message and RQ's forking worker. The receiver is a small one that speaks Twilio's answer: the local "
        "Twilio keeps up too (310 of 320 a second), but its status callbacks would take the cores from the worker."
    ),
    "plan": (
        "Check-ins of 100,000 members that are due in one minute, fired until none is left, beside an ORM loop with a "
        "transaction for each that reads, checks and writes the same rows."
    ),
    "urgent": (
        "10,000 bulk messages are being drained on one line while members text a crisis: seconds from the webhook "
        "until the reply and the first page are on handsets."
    ),
    "growth": "The same texts with 300,000 members and 3 million messages in the database, beside 1,000 members.",
    "late": "2,000 prompts due over ten minutes: how much later than due each is on its handset.",
}
HEAD = """# Performance

Measured by `./scripts/bench`; this page is written by `./scripts/bench --render` from `docs/performance.jsonl`.
`./scripts/bench CASE --database sqlite` measures one case; `--scale 0.1` makes it smaller, `--rounds N` sets how often
the service and its baseline take turns. Figures are medians of such rounds. Web server, workers, ticker, Redis and
databases are real ones on one machine, with their durable settings (SQLite `synchronous=FULL`, PostgreSQL `fsync=on`).
"""


def write(kept: Path, page: Path = PAGE, folder: Path = PICTURES) -> None:
    """The page and its pictures; SystemExit when nothing was measured yet."""
    lines = sorted(read_lines(kept), key=lambda one: (ORDER.index(one["case"]), one["database"] != "sqlite"))
    if not lines:
        raise SystemExit(f"{kept} holds no results: run ./scripts/bench first.")
    folder.mkdir(parents=True, exist_ok=True)
    drawn = [("performance", pictures.margins)]
    if any(line["baseline"] and line["case"] in pictures.SPEEDS for line in lines):
        drawn.append(("performance-speed", pictures.speeds))
    if any(line["case"] in ("urgent", "late") for line in lines):
        drawn.append(("performance-waits", pictures.waits))
    for name, draw in drawn:
        draw(lines, folder / f"{name}.svg")
    shown = [f"![{name}](pictures/{name}.svg)" for name, _ in drawn]
    parts = [HEAD, *machines(lines), *shown, summary(lines)]
    parts += [section(case, [line for line in lines if line["case"] == case]) for case in ORDER]
    page.write_text("\n\n".join(part.strip("\n") for part in parts if part) + "\n", encoding="utf-8")
    print(f"{page} is written", file=sys.stderr)


def machines(lines: list[dict[str, Any]]) -> list[str]:
    """Where it was measured; a line for each machine, should results of several be kept."""
    found: dict[str, dict[str, str]] = {}
    for line in lines:
        machine = line["machine"]
        words = f"{machine['cores']} cores, {machine['cpu']}, {machine['memory']}, {machine['kernel']}"
        found.setdefault(words, {}).update(line["versions"])
    return [
        f"Machine: {words}. Versions: {', '.join(f'{name} {version}' for name, version in versions.items())}."
        for words, versions in found.items()
    ]


def summary(lines: list[dict[str, Any]]) -> str:
    """One row for each bar."""
    rows = ["| case | database | bar | asked | measured | met |", "|---|---|---|---|---|---|"]
    for line in lines:
        name = pictures.SHORT[line["database"]]
        for bar in line["bars"]:
            size = "" if line["scale"] == 1 else f", at {line['scale']:g} of the size"
            met = ("yes" if bar["pass"] else "**no**") + size
            asked = f"{'≥' if bar['op'] == '>=' else '≤'} {bar['bar']:g}"
            rows.append(f"| {line['case']} | {name} | {bar['what']} | {asked} | {bar['value']:g} | {met} |")
    return "\n".join(rows)


def section(case: str, lines: list[dict[str, Any]]) -> str:
    """One case: what it does, its figures beside the baseline's, what to know of it."""
    if not lines:
        return f"## {case}\n\n{ABOUT[case]}\n\nNot measured yet."
    names = list(dict.fromkeys(name for line in lines for name in (*line["figures"], *line["baseline"])))
    heads, columns = [], []
    for line in lines:
        heads.append(pictures.SHORT[line["database"]])
        columns.append(line["figures"])
        if line["baseline"]:
            heads.append(f"{pictures.SHORT[line['database']]}, baseline")
            columns.append(line["baseline"])
    rows = [f"| figure | {' | '.join(heads)} |", f"|---|{'---|' * len(heads)}"]
    rows += [f"| {name} | {' | '.join(_cell(column, name) for column in columns)} |" for name in names]
    notes = list(dict.fromkeys(note for line in lines for note in line["notes"]))
    told = [f"- {pictures.SHORT[line['database']]}: {how(line)}" for line in lines]
    return "\n".join([f"## {case}", "", ABOUT[case], "", *rows, "", *(f"- {note}" for note in notes), *told])


def how(line: dict[str, Any]) -> str:
    """When and how a line was measured."""
    return f"scale {line['scale']:g}, {line['rounds']} rounds, {line['took_s']} s, {line['at']}"


def _cell(column: dict[str, float], name: str) -> str:
    return f"{column[name]:g}" if name in column else ""
