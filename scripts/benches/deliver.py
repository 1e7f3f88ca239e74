"""deliver: one worker handing messages over at 100 ms a request, beside one RQ job for each message."""

import json
import sys
import time
from dataclasses import dataclass
from datetime import datetime
from urllib.request import ProxyHandler, build_opener

from rq import Queue
from rq.serializers import JSONSerializer
from sqlalchemy import func, select, update

from scripts.benches import one_job
from scripts.benches.asked import Asked
from scripts.benches.figures import Bar, Outcome, medians
from scripts.benches.ports import free_port
from scripts.benches.stage import Servers, Stage, end, stage
from scripts.benches.stock import filling, ground, line_rate, members, owed, settle
from sms_service.store.bell import connect
from sms_service.store.database import Database
from sms_service.store.open import open_bell
from sms_service.store.outbox import outbox
from sms_service.store.programs import lines

NOON = datetime.fromisoformat("2026-03-04T17:00+00:00")
LATENCY_MS = 100
CONNECTIONS = (8, 32)
SECONDS = 10.0
BY_JOBS = 60
RATE = 1_000_000.0
"""Segments a second: the line must not be what slows the worker down."""
WORDS = "HOPE: the Tuesday meeting is at 7 pm this week."
_DIRECT = build_opener(ProxyHandler({}))


@dataclass(frozen=True)
class Handed:
    """How many messages reached the receiver, within how many seconds from the first request to the last answer."""

    count: int
    seconds: float

    @property
    def per_second(self) -> float:
        """Messages handed over a second."""
        return self.count / self.seconds


@dataclass
class Scene:
    """The running receiver and the rows to be sent."""

    stage: Stage
    receiver: str
    database: Database
    ids: range

    def seen(self) -> dict[str, float]:
        """What the receiver has answered so far."""
        with _DIRECT.open(f"{self.receiver}/seen", timeout=5) as answer:
            found: dict[str, float] = json.loads(answer.read())
        return found

    def owe(self, count: int) -> list[int]:
        """So many messages are due now, and no others; their ids."""
        _DIRECT.open(f"{self.receiver}/forget", timeout=5).close()
        with filling(self.database) as conn:
            conn.execute(outbox.delete())
            conn.execute(update(lines).where(lines.c.id == ground(conn).line_id).values(next_free_at=NOON))
            owed(conn, self.ids[:count], "bulk", "bulk", WORDS, NOON)
            found = list(conn.scalars(select(outbox.c.id).order_by(outbox.c.id)))
        settle(self.database)
        return found

    def until_sent(self, count: int, ring: bool = False) -> Handed:
        """Waits until all are recorded as sent; meanwhile the bell is rung each second, as the ticker does."""
        bell, give_up = open_bell(self.stage.settings), time.monotonic() + 60 + count
        while (left := self.left()) and time.monotonic() < give_up:
            if ring:
                bell.ring({"bulk"})
            time.sleep(min(1.0, max(0.1, left / 400)))
        seen = self.seen()
        if left or seen["count"] != count:
            raise SystemExit(f"Of {count} messages {left} are left, the receiver saw {seen['count']}: no figure.")
        return Handed(count, seen["last"] - seen["first"])

    def left(self) -> int:
        """How many are not recorded as sent."""
        with self.database.read() as conn:
            return conn.scalar(select(func.count()).where(outbox.c.state != "sent")) or 0


def measure(asked: Asked, servers: Servers) -> Outcome:
    """In turns: the worker with 8 connections, with 32, and a job for each message."""
    port = free_port()
    counts = {n: max(2 * n, int(n * 1000 / LATENCY_MS * SECONDS * asked.scale)) for n in CONNECTIONS}
    jobs = max(5, int(BY_JOBS * asked.scale))
    runs: dict[str, list[Handed]] = {"8": [], "32": [], "jobs": []}
    receiver = f"http://127.0.0.1:{port}"
    with stage(servers, asked.database, at=NOON.isoformat(), TWILIO_API_URL=receiver) as made, made.stack:
        scene = prepare(made, receiver, port, max(counts.values()))
        for turn in range(asked.rounds):
            for connections, count in counts.items():
                runs[str(connections)].append(by_worker(scene, connections, count))
            runs["jobs"].append(by_jobs(scene, jobs))
            tell(turn, {name: found[-1] for name, found in runs.items()})
    return judged(runs)


def prepare(made: Stage, receiver: str, port: int, count: int) -> Scene:
    """Members, a fast line, a receiver."""
    database = made.database()
    with filling(database) as conn:
        ids = members(conn, count, NOON)
        line_rate(conn, RATE)
    scene = Scene(made, receiver, database, ids)
    process = made.run("receiver", sys.executable, "-m", "scripts.benches.receiver", str(port), str(LATENCY_MS))
    made.wait_for("the receiver", process, lambda: _is_there(scene))
    return scene


def by_worker(scene: Scene, connections: int, count: int) -> Handed:
    """One worker process of ours."""
    scene.owe(count)
    worker = scene.stage.part("worker", "--connections", str(connections))
    try:
        return scene.until_sent(count, ring=True)
    finally:
        end(worker)


def by_jobs(scene: Scene, count: int) -> Handed:
    """One job for each message, one forking worker."""
    ids = scene.owe(count)
    queue = Queue(one_job.QUEUE, connection=connect(scene.stage.settings.redis_url), serializer=JSONSerializer)
    for outbox_id in ids:
        queue.enqueue(one_job.JOB, outbox_id, result_ttl=0)
    worker = scene.stage.run("jobs", sys.executable, "-m", "scripts.benches.one_job")
    try:
        return scene.until_sent(count)
    finally:
        end(worker)


def tell(turn: int, last: dict[str, Handed]) -> None:
    """A word of progress."""
    words = ", ".join(f"{name}: {one.per_second:.1f}/s" for name, one in last.items())
    print(f"  round {turn + 1}: {words}", file=sys.stderr, flush=True)


def judged(runs: dict[str, list[Handed]]) -> Outcome:
    """The figures and the bars of the issue."""
    mine = medians({f"per_second_{n}": one[at].per_second for n, one in runs.items()} for at in range(len(runs["8"])))
    plain = {"per_second": mine.pop("per_second_jobs")}
    ratio = mine["per_second_32"] / plain["per_second"]
    bars = [Bar("messages per second with 32 connections ÷ one job per message", ratio, ">=", 20)]
    for connections in CONNECTIONS:
        ideal = connections * 1000 / LATENCY_MS
        reached = mine[f"per_second_{connections}"] / ideal
        bars.append(Bar(f"share of {connections} connections ÷ {LATENCY_MS} ms", reached, ">=", 0.8))
    notes = [
        f"one worker process; each request to the receiver (scripts/benches/receiver.py) takes {LATENCY_MS} ms",
        "counted from the first request to the last answer; every row was recorded as sent",
    ]
    series = {name: [run.per_second for run in found] for name, found in runs.items()}
    return Outcome(mine, bars, plain, ratio, series, notes)


def _is_there(scene: Scene) -> bool:
    try:
        return bool(scene.seen() is not None)
    except OSError:
        return False
