"""A worker process: RQ, the lanes in order of urgency, one pool of connections to Twilio."""

import logging
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from rq import Queue, SimpleWorker
from rq.serializers import JSONSerializer

from sms_service.carrier.twilio import TwilioCarrier
from sms_service.domain.words import Lane
from sms_service.jobs import drain
from sms_service.services import deliver
from sms_service.services.desk import Desk
from sms_service.store.bell import connect

CONNECTIONS = deliver.BATCH


def run(desk: Desk, carrier: TwilioCarrier, redis_url: str, lanes: Sequence[Lane]) -> None:
    """Works until it is told to stop."""
    logging.getLogger("rq").setLevel(logging.WARNING)
    redis = connect(redis_url)
    with ThreadPoolExecutor(CONNECTIONS, "send") as pool:
        drain.equip(drain.Equipment(desk, carrier, pool))
        queues = [Queue(lane, connection=redis, serializer=JSONSerializer) for lane in lanes]
        worker = SimpleWorker(queues, connection=redis, serializer=JSONSerializer)
        worker.work(with_scheduler=False, logging_level="WARNING")
