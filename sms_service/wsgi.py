"""For gunicorn: `sms_service.wsgi:make()`, or `make(only='webhooks')`."""

from typing import Literal

from flask import Flask

from sms_service import clock
from sms_service.app import create_app
from sms_service.settings import load_settings


def make(only: Literal["webhooks", "console"] | None = None) -> Flask:
    """The application of this process, by its environment; `only` one half of it."""
    settings = load_settings()
    clock.follow(settings.test_clock)
    return create_app(settings, only=only)
