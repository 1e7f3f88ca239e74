"""The one place where things are joined: the web application, a worker, the ticker."""

from collections.abc import Sequence
from typing import Literal

from flask import Flask

from sms_service import clock, logs
from sms_service.carrier.twilio import TwilioCarrier
from sms_service.domain.words import Lane
from sms_service.jobs import ticker, worker
from sms_service.services.desk import Desk
from sms_service.settings import Settings
from sms_service.store.open import open_bell, open_database
from sms_service.store.programs import Lines


def open_desk(settings: Settings, pool_size: int = 10) -> Desk:
    """Database, bell and lines of one process. Make it after fork."""
    return Desk(open_database(settings, pool_size), open_bell(settings), Lines(), settings.public_url.rstrip("/"))


def open_carrier(settings: Settings) -> TwilioCarrier:
    """The way to Twilio of one process."""
    return TwilioCarrier(settings)


def run_worker(settings: Settings, lanes: Sequence[Lane]) -> None:
    """A worker of these lanes, until it is told to stop."""
    logs.configure()
    clock.follow(settings.test_clock)
    worker.run(open_desk(settings), open_carrier(settings), settings.redis_url, lanes)


def run_ticker(settings: Settings) -> None:
    """The ticker, until it is told to stop."""
    logs.configure()
    clock.follow(settings.test_clock)
    ticker.run(open_desk(settings, 4), open_carrier(settings))


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
