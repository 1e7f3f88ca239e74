"""The whole web application, as `sms-service web` joins it, for the rules about its routes and pages."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from sms_service.app import create_app
from sms_service.settings import Settings


@pytest.fixture
def settings(settings_with: Callable[..., Settings], sqlite_url: str) -> Settings:
    """SQLite and a Redis that is away: no rule here needs one."""
    return settings_with(DATABASE_URL=sqlite_url, REDIS_URL="redis://127.0.0.1:1/0")


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """Webhooks, console and health in one."""
    made = create_app(settings)
    yield made
    made.extensions["desk"].db.close()
