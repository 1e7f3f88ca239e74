"""A numbered, append-only list of JSON lines that readers can wait on."""

import json
import secrets
from threading import Condition
from typing import Any


class Journal:
    """Lines are numbered from 1; `keep` lets only about so many of the newest stay.

    `name` tells a reader that the numbers began anew.
    """

    def __init__(self, keep: int | None = None) -> None:
        self.name = secrets.token_hex(8)
        self._lines: list[str] = []
        self._gone = 0
        self._keep = keep
        self._changed = Condition()

    def append(self, entry: dict[str, Any]) -> int:
        """Its number, which also stands in the line as `n`."""
        with self._changed:
            number = self._gone + len(self._lines) + 1
            self._lines.append(json.dumps({"n": number, **entry}, ensure_ascii=False))
            if self._keep is not None and len(self._lines) > 2 * self._keep:
                self._gone += self._keep
                del self._lines[: self._keep]
            self._changed.notify_all()
        return number

    def since(self, after: int, wait: float = 0.0) -> list[str]:
        """The lines numbered above `after`; with none yet, waits up to `wait` seconds for one."""
        with self._changed:
            if wait > 0:
                self._changed.wait_for(lambda: self._gone + len(self._lines) > after, wait)
            return self._lines[max(0, after - self._gone) :]
