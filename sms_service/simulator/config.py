"""What a local Twilio is started with."""

import re
from dataclasses import dataclass
from pathlib import Path

LINES = ("+12025550100", "+12025550200")
"""The lines of the demo programs."""

_ACCOUNT_SID = re.compile(r"AC[0-9a-f]{32}")
_E164 = re.compile(r"\+[1-9][0-9]{6,14}")


@dataclass(frozen=True, slots=True)
class Config:
    """Where it listens, whose account it plays and where the service answers. ValueError: one sentence."""

    account_sid: str
    auth_token: str
    host: str = "127.0.0.1"
    port: int = 8001
    lines: tuple[str, ...] = LINES
    webhook_base: str = "http://127.0.0.1:8000"
    clock_file: Path | None = None
    advanced_opt_out: bool = False

    def __post_init__(self) -> None:
        if not _ACCOUNT_SID.fullmatch(self.account_sid):
            raise ValueError("account_sid must be AC and 32 hexadecimal digits.")
        if not self.auth_token:
            raise ValueError("auth_token must not be empty.")
        if not self.webhook_base.startswith(("http://", "https://")):
            raise ValueError("webhook_base must be an http:// or https:// address.")
        for line in self.lines:
            if not _E164.fullmatch(line):
                raise ValueError(f"Each line must be a number such as +12025550100; {line!r} is not.")
        if not self.lines:
            raise ValueError("At least one line is needed.")
