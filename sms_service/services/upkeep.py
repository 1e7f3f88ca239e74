"""What the ticker does for the operator: alerts and the heartbeat, beside the beat, which they can never hold up."""

import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from sms_service.services import beat
from sms_service.services.alert import Alerts, Texter
from sms_service.services.desk import Desk
from sms_service.services.watch import Watch
from sms_service.settings import Settings

log = logging.getLogger(__name__)
LOOK = timedelta(seconds=5)


class Upkeep:
    """One for each ticker."""

    def __init__(self, settings: Settings, desk: Desk, carrier: Texter) -> None:
        self.watch = Watch(desk, folders_of(settings))
        name = urlsplit(settings.public_url).hostname or "sms-service"
        self.alerts = Alerts(desk, carrier, name, settings.alert_url, settings.alert_phone)
        self._desk, self._heartbeat_url = desk, settings.heartbeat_url
        self._beside = ThreadPoolExecutor(2, "upkeep")
        self._running: dict[str, Future[None]] = {}
        self._done: dict[str, datetime] = {}

    def beat(self, now: datetime) -> None:
        """Called at each beat of the ticker; returns at once."""
        self.watch.pulse(now)
        self._beside_the_beat("alerts", LOOK, now, lambda: self.alerts.tell(self.watch.look(now), now))
        if self._heartbeat_url:
            url = self._heartbeat_url
            self._beside_the_beat("heartbeat", beat.EVERY, now, lambda: self._heartbeat(url, now))

    def attempted(self, duty: str, error: Exception | None, now: datetime) -> None:
        """The ticker has done a duty, or failed to."""
        self.watch.attempted(duty, error, now)

    def settle_down(self) -> None:
        """Waits until what was begun is done."""
        for one in tuple(self._running.values()):
            one.result()

    def _heartbeat(self, url: str, now: datetime) -> None:
        """One that could not be sent is tried again at the next look."""
        self._done["heartbeat"] = now - beat.EVERY + LOOK
        why = beat.beat(self._desk, url, now)
        if why:
            log.warning("no heartbeat", extra={"reason": why})
        else:
            self._done["heartbeat"] = now

    def _beside_the_beat(self, duty: str, every: timedelta, now: datetime, act: Callable[[], None]) -> None:
        last = self._done.get(duty)
        if last is not None and timedelta(0) <= now - last < every:
            return
        if duty not in self._running or self._running[duty].done():
            self._done[duty] = now
            self._running[duty] = self._beside.submit(_attempt, duty, act)


def folders_of(settings: Settings) -> tuple[Path, ...]:
    """Where the service writes: its home, and where its SQLite file is."""
    if not settings.on_sqlite:
        return (settings.home,)
    return (settings.home, Path(settings.database_url.removeprefix("sqlite:///")).absolute().parent)


def _attempt(duty: str, act: Callable[[], None]) -> None:
    try:
        act()
    except Exception as error:  # noqa: BLE001  # a bug here must not end the alerts for good
        log.error("upkeep failed", extra={"duty": duty, "error": type(error).__name__})  # noqa: TRY400  # no traceback
