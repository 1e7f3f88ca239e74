"""Is it alive, is it ready, how is it doing."""

import hmac
import os
from collections.abc import Iterable, Iterator
from typing import Any

from flask import Blueprint, Response, jsonify, request
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, Metric, generate_latest
from prometheus_client.core import CounterMetricFamily
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from sms_service import clock
from sms_service.services.desk import Desk
from sms_service.services.hold import held
from sms_service.services.measure import measure, one
from sms_service.settings import Settings
from sms_service.store.bell import Bell
from sms_service.store.migrate import standing_of

READY = ("current", "newer")
"""A newer schema is the one of an upgrade under way: ours still fits it (DESIGN.md §9)."""


class Counted(CollectorRegistry):
    """What was counted for this one answer, with what the process knows of itself."""

    def __init__(self, families: Iterable[Metric]) -> None:
        super().__init__()
        self._families = tuple(families)

    def collect(self) -> Iterator[Metric]:
        """The service's numbers, then the process's."""
        yield from self._families
        yield from REGISTRY.collect()


def create_health(settings: Settings, desk: Desk) -> Blueprint:
    """/healthz, /readyz, /metrics: open to a watcher, the last one by its token."""
    blueprint = Blueprint("health", __name__)

    @blueprint.get("/healthz")
    def healthz() -> Response:
        """The process answers."""
        return jsonify(status="ok")

    @blueprint.get("/readyz")
    def readyz() -> tuple[Response, int]:
        """503 without a migrated database; Redis away is named, yet texts are taken without it."""
        try:
            with desk.db.read() as conn:
                named = _out_of_the_ordinary(conn)
        except SQLAlchemyError:
            return jsonify(status="database away"), 503
        if named is None:
            return jsonify(status="database not migrated: run sms-service db upgrade"), 503
        return jsonify(status="ok", redis="ok" if desk.bell.answers() else "away", **named), 200

    @blueprint.get("/metrics")
    def metrics() -> Response:
        """Prometheus text, for whoever has the token."""
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if not hmac.compare_digest(given.encode(), str(settings.metrics_token).encode()):
            return Response("METRICS_TOKEN is needed.\n", 401, mimetype="text/plain")
        return Response(generate_latest(Counted(_counted(desk))), content_type=CONTENT_TYPE_LATEST)

    return blueprint


def _out_of_the_ordinary(conn: Connection) -> dict[str, Any] | None:
    """A hold and a newer schema by name; None where texts cannot be taken."""
    schema, _revision = standing_of(conn)
    if schema not in READY:
        return None
    lanes = held(conn)
    return ({"hold": list(lanes)} if lanes else {}) | ({"schema": "newer"} if schema == "newer" else {})


def _counted(desk: Desk) -> list[Metric]:
    """With the database away Redis and the process are still told of."""
    found = [one("redis_up", "1 while Redis answers.", int(desk.bell.answers())), _rings(desk.bell)]
    try:
        with desk.db.read() as conn:
            counted = [*measure(conn, clock.now()), one("database_up", "1 while the database answers.", 1)]
    except SQLAlchemyError:
        counted = [one("database_up", "1 while the database answers.", 0)]
    return [*found, *counted]


def _rings(bell: Bell) -> Metric:
    """Of this process alone: each has a bell of its own."""
    family = CounterMetricFamily("sms_service_ring_failures", "Rings that Redis did not take.", labels=["process"])
    family.add_metric([str(os.getpid())], bell.failures)
    return family
