"""Joins the parts of the local Twilio into one Flask application."""

from pathlib import Path

from flask import Flask, Response, jsonify, send_from_directory

from sms_service.simulator.callbacks import Callbacks
from sms_service.simulator.config import Config
from sms_service.simulator.control import Control
from sms_service.simulator.exchange import Exchange
from sms_service.simulator.inbound import Inbound
from sms_service.simulator.outbound import Outbound
from sms_service.simulator.rest import Rest
from sms_service.simulator.webhooks import Webhooks

_PAGE = Path(__file__).with_name("page")


class Parts:
    """What runs in the background; `stop` ends it."""

    def __init__(self, config: Config) -> None:
        self.exchange = Exchange(config)
        webhooks = Webhooks(self.exchange)
        self.callbacks = Callbacks(self.exchange, webhooks)
        self.outbound = Outbound(self.exchange, self.callbacks)
        self.inbound = Inbound(self.exchange, self.outbound, webhooks)

    def stop(self) -> None:
        """Webhooks and deliveries not yet made are dropped."""
        self.exchange.stop()
        self.callbacks.stop()
        self.inbound.stop()


def create_simulator(config: Config) -> Flask:
    """The application; its `Parts` stand in `extensions["simulator"]`."""
    app = Flask(__name__, static_folder=None)
    app.json.sort_keys = False  # type: ignore[attr-defined]
    parts = Parts(config)
    app.extensions["simulator"] = parts
    app.register_blueprint(Rest(parts.exchange, parts.outbound).blueprint())
    app.register_blueprint(Control(parts.exchange, parts.inbound).blueprint())
    app.add_url_rule("/healthz", view_func=_healthz)
    app.add_url_rule("/", view_func=_page)
    app.add_url_rule("/page/<path:name>", view_func=_asset)
    return app


def _healthz() -> Response:
    return jsonify(status="ok")


def _page() -> Response:
    return _asset("phones.html")


def _asset(name: str) -> Response:
    """The page's own files; nothing is loaded from elsewhere."""
    response = send_from_directory(_PAGE, name, max_age=0)
    response.headers["Content-Security-Policy"] = "default-src 'self'; frame-ancestors 'none'"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
