"""A worker process: RQ, the lanes in order of urgency, one pool of connections to Twilio."""

import logging
from concurrent.futures import ThreadPoolExecutor

from rq import Queue, SimpleWorker
from rq.serializers import JSONSerializer

from sms_service import clock
from sms_service.app import open_carrier, open_desk
from sms_service.domain.words import Lane
from sms_service.jobs import drain
from sms_service.settings import Settings
from sms_service.store.bell import connect

CONNECTIONS = 8


def run(settings: Settings, lanes: tuple[Lane, ...]) -> None:
    """Works until it is told to stop."""
    clock.follow(settings.test_clock)
    logging.getLogger("rq").setLevel(logging.WARNING)
    redis = connect(settings.redis_url)
    with ThreadPoolExecutor(CONNECTIONS, "send") as pool:
        drain.equip(drain.Equipment(open_desk(settings, CONNECTIONS), open_carrier(settings), pool))
        queues = [Queue(lane, connection=redis, serializer=JSONSerializer) for lane in lanes]
        worker = SimpleWorker(queues, connection=redis, serializer=JSONSerializer)
        worker.work(with_scheduler=False, logging_level="WARNING")
