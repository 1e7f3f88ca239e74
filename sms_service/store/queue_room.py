"""What stands in Redis: which workers are there, and whether somebody else keeps things in the same database."""

from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from redis import Redis
from redis.exceptions import RedisError
from rq import SimpleWorker
from rq.serializers import JSONSerializer

from sms_service.store.bell import connect

OURS = (b"rq:", b"bell:")
MOST = 10_000
ANSWER_WITHIN = 2.0  # seconds


@dataclass(frozen=True, slots=True)
class AtWork:
    """One worker as Redis knows it."""

    lanes: tuple[str, ...]
    seen_at: datetime | None


@dataclass(frozen=True, slots=True)
class Room:
    """Everybody in it; `strangers` counts keys that are not ours (of the first 10,000)."""

    workers: tuple[AtWork, ...]
    strangers: int


def look(url: str) -> Room | None:
    """Who is there; None when Redis is away."""
    redis = connect(url, ANSWER_WITHIN)
    try:
        return Room(_workers(redis), _strangers(redis))
    except (RedisError, OSError):
        return None
    finally:
        redis.close()


def _workers(redis: "Redis") -> tuple[AtWork, ...]:
    found = SimpleWorker.all(connection=redis, serializer=JSONSerializer)
    return tuple(AtWork(tuple(one.queue_names()), one.last_heartbeat) for one in found)


def _strangers(redis: "Redis") -> int:
    return sum(1 for key in islice(redis.scan_iter(count=1000), MOST) if not bytes(key).startswith(OURS))
