"""Logs: one JSON object a line, ids only. Words, numbers and messages of exceptions never get this far."""

import logging
import traceback
from collections.abc import MutableMapping
from typing import Any

import structlog

FIELDS = frozenset(
    {"sid", "kind", "wake", "case", "outbox", "person", "count", "duty", "error", "lane", "code", "reason"}
)
"""What a record may carry beside its event; tests/rules hold every `extra=` of the code to it."""
_OWN = ("event", "level", "logger", "timestamp")
OURS = "sms_service."
"""Loggers of our own modules; everybody else may say anything, Flask's own (named like the application) too."""


def configure(level: int = logging.INFO) -> None:
    """Sends every log record of this process to stderr, each stripped to what may be kept."""
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[
            structlog.stdlib.ExtraAdder(),  # first: no field may pose as the level, the logger or the time
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
        ],
        processors=[only_ids, structlog.processors.JSONRenderer()],
    )
    handler = logging.StreamHandler()
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in ("rq", "urllib3", "twilio", "werkzeug", "alembic"):
        logging.getLogger(name).setLevel(logging.WARNING)


def only_ids(_logger: Any, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Of our own records the named fields; of a library's, where it came from and how grave it is."""
    ours = str(event.get("logger", "")).startswith(OURS)
    kept = {name: _plain(event[name]) for name in (*_OWN, *(FIELDS if ours else ())) if name in event}
    if not ours:
        kept["event"] = "said by a library"
    return kept | where_it_broke(event.get("exc_info"))


def where_it_broke(info: Any) -> dict[str, Any]:
    """An exception becomes its type and the lines it passed; its message may hold anything and is left out."""
    if not isinstance(info, tuple) or info[1] is None:
        return {}
    at = [f"{frame.filename}:{frame.lineno}" for frame in traceback.extract_tb(info[2])]
    return {"error": type(info[1]).__name__, "at": at[-6:]}


def _plain(value: Any) -> Any:
    """Words and numbers as they are; of anything else its type, since its repr may hold anything."""
    return value if value is None or isinstance(value, str | int | float) else type(value).__name__
