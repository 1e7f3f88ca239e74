"""The bell: tells the workers that a lane has rows. It may be lost, doubled or late; the rows may not.

One round trip: a script sets `bell:<lane>` and, only when it was not set, queues one drain (DESIGN.md §5). A key of
that name that never ends is somebody else's and keeps nobody waiting; two drains that nobody has begun are enough.
"""

import time
from collections.abc import Iterable
from contextlib import suppress
from typing import Any
from uuid import uuid4

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry
from rq import Queue
from rq.job import Job, JobStatus
from rq.serializers import JSONSerializer
from rq.utils import utcformat

from sms_service import clock
from sms_service.domain.words import LANES, Lane

DRAIN = "sms_service.jobs.drain.drain"
SKIP_AFTER_FAILURE = 5.0  # seconds
_ANSWER_WITHIN = 0.05  # seconds a webhook may spend on a dead Redis
_RING = """
local rung = 0
for i = 1, #KEYS, 3 do
  local count = tonumber(ARGV[1])
  local first = 2 + ((i - 1) / 3) * (count + 1)
  local free = redis.call('SET', KEYS[i], '1', 'NX', 'PX', 1000) or redis.call('PTTL', KEYS[i]) == -1
  if free and redis.call('LLEN', KEYS[i + 2]) < 2 then
    redis.call('HSET', KEYS[i + 1], unpack(ARGV, first + 1, first + count))
    redis.call('SADD', 'rq:queues', KEYS[i + 2])
    redis.call('RPUSH', KEYS[i + 2], ARGV[first])
    rung = rung + 1
  end
end
return rung
"""


def connect(url: str, answer_within: float | None = None) -> "Redis":
    """A client that fails at once instead of trying again; `answer_within` seconds, None for a worker."""
    return Redis.from_url(
        url,
        socket_connect_timeout=answer_within or 3,
        socket_timeout=answer_within,
        retry=Retry(NoBackoff(), 0),
    )


def bell_key(lane: Lane) -> str:
    """The key that says: a drain of this lane is already queued."""
    return f"bell:{lane}"


class Bell:
    """Rings lanes; a dead Redis costs one short wait and is then left alone for five seconds."""

    def __init__(self, redis: "Redis") -> None:
        self._redis = redis
        self._script = redis.register_script(_RING)
        self._quiet_until = 0.0
        self.failures = 0
        self._keys = {lane: Queue(lane, connection=redis, serializer=JSONSerializer).key for lane in LANES}
        self._jobs = {lane: self._job(lane) for lane in LANES}

    @classmethod
    def at(cls, url: str) -> "Bell":
        """The bell of this Redis."""
        return cls(connect(url, _ANSWER_WITHIN))

    def ring(self, lanes: Iterable[Lane]) -> bool:
        """Queues a drain for each lane that has none; False when Redis is away (the ticker will see the rows)."""
        wanted = sorted(set(lanes))
        if not wanted or time.monotonic() < self._quiet_until:
            return not wanted
        try:
            self._script(*self._order(wanted))
        except (RedisError, OSError):
            self._quiet_until = time.monotonic() + SKIP_AFTER_FAILURE
            self.failures += 1
            return False
        return True

    def answers(self) -> bool:
        """Whether Redis is there."""
        try:
            return bool(self._redis.ping())
        except (RedisError, OSError):
            return False

    def silence(self, lane: Lane) -> None:
        """A drain takes the bell away before its first claim, so that a row written from now on rings again.

        Where Redis just went away it is nothing: the rows are in SQL, and so is the drain's work.
        """
        with suppress(RedisError, OSError):
            self._redis.delete(bell_key(lane))

    def _job(self, lane: Lane) -> dict[bytes, bytes]:
        """The fields of a drain of this lane as RQ keeps them; the same for each but for their date."""
        job = Job.create(
            DRAIN, args=[lane], connection=self._redis, serializer=JSONSerializer, origin=lane,
            result_ttl=0, failure_ttl=3600, timeout=60, status=JobStatus.QUEUED,
        )  # fmt: skip
        encoder: Any = self._redis.get_encoder()
        return {encoder.encode(name): encoder.encode(value) for name, value in job.to_dict().items()}

    def _order(self, lanes: list[Lane]) -> tuple[list[str], list[Any]]:
        keys: list[str] = []
        args: list[Any] = []
        born = utcformat(clock.now()).encode()
        for lane in lanes:
            job_id = str(uuid4())
            keys += [bell_key(lane), f"{Job.redis_job_namespace_prefix}{job_id}", self._keys[lane]]
            args.append(job_id)
            for field in (self._jobs[lane] | {b"created_at": born}).items():
                args += field
        return keys, [(len(args) // len(lanes)) - 1, *args]
