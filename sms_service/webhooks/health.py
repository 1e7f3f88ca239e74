"""Is it alive, is it ready, how is it doing."""

import hmac
from collections.abc import Iterable, Iterator

from flask import Blueprint, Response, jsonify, request
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, Metric, generate_latest
from sqlalchemy.exc import SQLAlchemyError

from sms_service import clock
from sms_service.services.desk import Desk
from sms_service.services.measure import measure
from sms_service.settings import Settings
from sms_service.store.migrate import is_current


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
                migrated = is_current(conn)
        except SQLAlchemyError:
            return jsonify(status="database away"), 503
        if not migrated:
            return jsonify(status="database not migrated: run sms-service db upgrade"), 503
        return jsonify(status="ok", redis="ok" if desk.bell.answers() else "away"), 200

    @blueprint.get("/metrics")
    def metrics() -> Response:
        """Prometheus text, for whoever has the token."""
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if not hmac.compare_digest(given.encode(), str(settings.metrics_token).encode()):
            return Response("METRICS_TOKEN is needed.\n", 401, mimetype="text/plain")
        with desk.db.read() as conn:
            counted = list(measure(conn, clock.now()))
        return Response(generate_latest(Counted(counted)), content_type=CONTENT_TYPE_LATEST)

    return blueprint
