"""What a case is asked to do."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Asked:
    """On which database, how large (1 is as the issue asks), in how many rounds."""

    database: str
    scale: float = 1.0
    rounds: int = 5
