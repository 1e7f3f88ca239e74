"""The bare view: the same signature check, one insert, one commit; nothing else. What a webhook costs at least.

Run by the same gunicorn with the same settings, on the same database by the same engine.
"""

import os
from datetime import UTC, datetime

from flask import Flask, Response, request
from sqlalchemy import Column, Connection, MetaData, String, Table

from sms_service.settings import load_settings
from sms_service.store.open import open_database
from sms_service.store.types import Big, UtcDateTime, identity
from sms_service.webhooks.signed import Signed
from sms_service.webhooks.twiml import empty

texts = Table(
    "bare_texts",
    MetaData(),
    identity(),
    Column("sid", String(34), nullable=False, unique=True),
    Column("sender", String(20), nullable=False),
    Column("line", String(20), nullable=False),
    Column("body", String(1600), nullable=False),
    Column("media", Big, nullable=False),
    Column("received_at", UtcDateTime, nullable=False),
)
_KEEP = texts.insert()


def prepare(conn: Connection) -> None:
    """Makes its one table."""
    texts.create(conn)


def make() -> Flask:
    """For gunicorn: `scripts.benches.bare:make()`."""
    settings = load_settings(os.environ)
    database = open_database(settings)
    app = Flask("bare", static_folder=None)
    app.before_request(Signed(settings).refuse)

    def inbound() -> Response:
        form = request.form
        row = {
            "sid": form["MessageSid"], "sender": form["From"], "line": form["To"], "body": form["Body"],
            "media": int(form["NumMedia"]), "received_at": datetime.now(UTC),
        }  # fmt: skip
        with database.write() as conn:
            conn.execute(_KEEP, row)
        return empty()

    app.add_url_rule("/webhooks/sms", "inbound", inbound, methods=["POST"])
    return app
