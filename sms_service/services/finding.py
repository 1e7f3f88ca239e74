"""What a check of `doctor` found: one line, and what to do about it."""

from dataclasses import dataclass
from typing import Literal

Level = Literal["ok", "warn", "FAIL"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One line. No number of a person, no words of a person."""

    level: Level
    check: str
    what: str
    do: str = ""


def ok(check: str, what: str) -> Finding:
    """All is well."""
    return Finding("ok", check, what)


def warn(check: str, what: str, do: str = "") -> Finding:
    """It works, yet somebody should look."""
    return Finding("warn", check, what, do)


def fail(check: str, what: str, do: str = "") -> Finding:
    """People are not served, or soon will not be."""
    return Finding("FAIL", check, what, do)
