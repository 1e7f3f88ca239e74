"""What a check of the flows can find."""

from typing import NamedTuple


class Problem(NamedTuple):
    """One thing that is wrong: by which rule, where (a catalogue key or flow.step), in which language."""

    rule: str
    where: str
    what: str
    lang: str = ""

    def __str__(self) -> str:
        """One line for a person."""
        return f"{self.where}{f' [{self.lang}]' if self.lang else ''}: {self.what} ({self.rule})"
