"""One RQ job for each message, worked off by RQ's own forking worker: the plain way to send.

python -m scripts.benches.one_job     works off the queue until it is empty
"""

import sys
from datetime import timedelta
from functools import cache
from importlib import import_module

from rq import Queue, Worker
from rq.serializers import JSONSerializer
from sqlalchemy import and_, select, update

from sms_service import clock
from sms_service.app import open_carrier
from sms_service.carrier.outcomes import Sent
from sms_service.settings import Settings, load_settings
from sms_service.store.bell import connect
from sms_service.store.open import open_database
from sms_service.store.outbox import outbox
from sms_service.store.people import people
from sms_service.store.programs import lines

QUEUE = "plain"
JOB = "scripts.benches.one_job.send"
_ROW = select(outbox.c.id, outbox.c.body, outbox.c.expires_at, people.c.number, lines.c.number.label("line")).where(
    and_(people.c.id == outbox.c.person_id, lines.c.id == outbox.c.line_id)
)


def send(outbox_id: int) -> None:
    """Reads one row, hands it over, writes down that it was sent. In a fork: nothing open may be shared."""
    settings = the_settings()
    database, carrier = open_database(settings, 1), open_carrier(settings)
    with database.read() as conn:
        row = conn.execute(_ROW.where(outbox.c.id == outbox_id)).one()
    now = clock.now()
    outcome = carrier.send_sms(
        row.number, row.line, row.body, f"{settings.public_url}/webhooks/sms/status/{row.id}",
        int(min(row.expires_at - now, timedelta(hours=2)).total_seconds()),
    )  # fmt: skip
    assert isinstance(outcome, Sent), outcome
    done = update(outbox).where(outbox.c.id == outbox_id, outbox.c.state == "due")
    with database.write() as conn:
        conn.execute(done.values(state="sent", sid=outcome.sid, settled_at=now, tries=1))
    database.close()


@cache
def the_settings() -> Settings:
    """Read once, before the first fork."""
    return load_settings()


def main() -> int:
    """A forking worker until nothing is left. What a job needs is imported before it forks, as RQ advises."""
    for name in ("scripts.benches.one_job", "twilio.rest.api.v2010.account.message"):
        import_module(name)
    settings = sys.modules["scripts.benches.one_job"].the_settings()
    clock.follow(settings.test_clock)
    redis = connect(settings.redis_url)
    queue = Queue(QUEUE, connection=redis, serializer=JSONSerializer)
    Worker([queue], connection=redis, serializer=JSONSerializer).work(burst=True, logging_level="WARNING")
    return 0


if __name__ == "__main__":
    sys.exit(main())
