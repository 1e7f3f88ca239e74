"""gunicorn's own log, in the shape of ours: ids only, one JSON object a line (`--logger-class`)."""

from typing import Any

from gunicorn.glogging import Logger

from sms_service import logs


class JsonLog(Logger):  # type: ignore[misc]  # gunicorn ships no types
    """Hands every record to the root logger, which keeps what may be kept; it has no handlers of its own."""

    def setup(self, cfg: Any) -> None:
        """At start and at each reload."""
        super().setup(cfg)
        logs.configure()
        for log in (self.error_log, self.access_log):
            log.handlers[:] = []
            log.propagate = True
