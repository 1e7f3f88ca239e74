"""The one place where things are joined: the web application, a worker, the ticker."""

from collections.abc import Sequence
from typing import Literal

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from sms_service import clock, logs
from sms_service.carrier.twilio import TwilioCarrier
from sms_service.domain.words import Lane
from sms_service.jobs import ticker, worker
from sms_service.services.desk import Desk
from sms_service.services.hand_over import SPARE
from sms_service.services.upkeep import Upkeep
from sms_service.settings import Settings
from sms_service.store.database import Database
from sms_service.store.migrate import standing_of
from sms_service.store.open import open_bell, open_database
from sms_service.store.programs import Lines


class SchemaError(Exception):
    """The database does not fit this program; one sentence."""


def open_desk(settings: Settings, pool_size: int = 10) -> Desk:
    """Database, bell and lines of one process. Make it after fork."""
    return Desk(open_database(settings, pool_size), open_bell(settings), Lines(), settings.public_url.rstrip("/"))


def open_carrier(settings: Settings, connections: int = 16) -> TwilioCarrier:
    """The way to Twilio of one process, which keeps so many connections open."""
    return TwilioCarrier(settings, connections)


def run_worker(settings: Settings, lanes: Sequence[Lane], connections: int) -> None:
    """A worker of these lanes with so many connections to Twilio, until it is told to stop."""
    logs.configure()
    clock.follow(settings.test_clock)
    carrier = open_carrier(settings, connections + SPARE)
    desk = open_desk(settings)
    refuse_older_schema(desk.db)
    worker.run(desk, carrier, settings.redis_url, lanes, connections)


def run_ticker(settings: Settings) -> None:
    """The ticker, until it is told to stop."""
    logs.configure()
    clock.follow(settings.test_clock)
    desk, carrier = open_desk(settings, 6), open_carrier(settings)
    refuse_older_schema(desk.db)
    ticker.run(desk, carrier, Upkeep(settings, desk, carrier))


def refuse_older_schema(db: Database) -> None:
    """A database that lacks what this program writes ends it with a sentence; a newer one, or one away, does not."""
    try:
        with db.read() as conn:
            standing, _revision = standing_of(conn)
    except SQLAlchemyError:
        return
    if standing in ("none", "older"):
        raise SchemaError("The database has an older schema than this program: run `sms-service db upgrade`.")


def create_app(settings: Settings, *, only: Literal["webhooks", "console"] | None = None) -> Flask:
    """The web application: webhooks, console, or both."""
    logs.configure()
    app = Flask("sms_service", static_folder=None)
    app.config.update(SECRET_KEY=settings.secret_key, MAX_CONTENT_LENGTH=256 * 1024)
    desk = open_desk(settings)
    app.extensions["desk"] = desk
    if only != "console":
        from sms_service.webhooks import create_webhooks

        app.register_blueprint(create_webhooks(settings, desk))
    if only != "webhooks":
        from sms_service.console import create_console, secure

        secure(app, settings, desk.db)
        app.register_blueprint(create_console(settings, desk.db))
    from sms_service.webhooks.health import create_health

    app.register_blueprint(create_health(settings, desk))
    return app
