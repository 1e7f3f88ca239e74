"""A worker process: RQ, the lanes in order of urgency, one set of connections to Twilio. A lost Redis never ends it."""

import logging
import signal
import threading
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from redis import Redis
from redis.exceptions import ConnectionError as NoRedis
from redis.exceptions import RedisError
from redis.exceptions import TimeoutError as RedisTimeout
from rq import Queue, SimpleWorker
from rq.exceptions import StopRequested
from rq.serializers import JSONSerializer

from sms_service.carrier.twilio import TwilioCarrier
from sms_service.domain.words import Lane
from sms_service.jobs import drain
from sms_service.services.desk import Desk
from sms_service.services.hand_over import Connections
from sms_service.store.bell import connect

log = logging.getLogger(__name__)
AGAIN_AFTER = 0.5
"""Seconds until a Redis that is away is tried again."""
TTL = 20
"""Seconds RQ's worker may be silent: it asks its queues anew after 5 and gives a dead connection up after 15."""


class RedisGoneError(Exception):
    """Redis does not answer."""


class Worker(SimpleWorker):
    """RQ's worker, but nobody can stop it through Redis, and a lost Redis ends its loop: `run` begins the next one.

    RQ itself waits for Redis longer and longer, up to a minute.
    """

    over: threading.Event

    def subscribe(self) -> None:
        """Takes no commands through Redis: signals end it."""

    def check_for_suspension(self, burst: bool) -> None:
        """Heeds nobody's `rq suspend`: an operator puts lanes on hold."""

    def heartbeat(self, timeout: int | None = None, pipeline: Any = None) -> None:
        """Says that it is alive, or ends the loop."""
        try:
            super().heartbeat(timeout, pipeline)
        except (NoRedis, RedisTimeout):
            raise RedisGoneError from None

    def request_stop(self, signum: int, frame: Any) -> None:
        """Ends once the drain under way is finished."""
        self.over.set()
        super().request_stop(signum, frame)  # type: ignore[no-untyped-call]  # RQ types half of itself

    def teardown(self) -> None:
        """Signs off, if there is anybody to sign off from."""
        with suppress(RedisError, OSError):
            super().teardown()  # type: ignore[no-untyped-call]  # the same


def run(desk: Desk, carrier: TwilioCarrier, redis_url: str, lanes: Sequence[Lane], connections: int) -> None:
    """Works until it is told to stop, whatever becomes of Redis."""
    logging.getLogger("rq").setLevel(logging.CRITICAL)  # what matters of it is said here and by the drain
    redis, over = connect(redis_url), threading.Event()
    with Connections(connections) as sending:
        drain.equip(drain.Equipment(desk, carrier, sending))
        carrier.warm_up()
        while not over.is_set():
            if _answers(redis):
                _work(redis, lanes, over)
            _listen(over)
            if not over.is_set():
                _wait_for(redis, over)


def _work(redis: "Redis", lanes: Sequence[Lane], over: threading.Event) -> None:
    with suppress(RedisError, OSError, StopRequested):
        queues = [Queue(lane, connection=redis, serializer=JSONSerializer) for lane in lanes]
        worker = Worker(queues, connection=redis, serializer=JSONSerializer, worker_ttl=TTL)
        worker.over = over
        worker.work(with_scheduler=False, logging_level="CRITICAL")


def _listen(over: threading.Event) -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: over.set())


def _wait_for(redis: "Redis", over: threading.Event) -> None:
    if _answers(redis):
        log.error("the worker's loop ended; it begins again")
    else:
        log.warning("Redis is away: the worker asks again every half second, the ticker sends what is urgent")
    while not over.wait(AGAIN_AFTER):
        if _answers(redis):
            log.warning("the worker goes on")
            return


def _answers(redis: "Redis") -> bool:
    try:
        return bool(redis.ping())
    except (RedisError, OSError):
        return False
