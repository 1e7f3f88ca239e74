"""A real Flask app over a real database, a coordinator of each of two programs, and the clock in hand."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from sms_service import clock
from sms_service.console import create_console, secure
from sms_service.settings import Settings
from sms_service.store.database import Database
from sms_service.store.sealing import Keyring
from sms_service.store.types import metadata
from tests.console.house import NOON, House, make_house, sign_in


@pytest.fixture(autouse=True)
def time() -> Iterator[clock.Frozen]:
    with clock.frozen(NOON) as hand:
        yield hand


@pytest.fixture(params=["sqlite", "postgresql"])
def settings(request: pytest.FixtureRequest, settings_with: Callable[..., Settings]) -> Settings:
    if request.param == "sqlite":
        return settings_with()
    return settings_with(DATABASE_URL=request.getfixturevalue("empty_pg_url"))


@pytest.fixture
def database(settings: Settings) -> Iterator[Database]:
    made = Database(settings.database_url, Keyring(settings.data_keys, settings.lookup_keys))
    metadata.create_all(made.engine)
    yield made
    made.close()


@pytest.fixture
def house(database: Database) -> House:
    return make_house(database, "harbour", "+12025550100")


@pytest.fixture
def other(database: Database, house: House) -> House:
    return make_house(database, "night", "+12025550200")


@pytest.fixture
def make_app(database: Database) -> Callable[[Settings], Flask]:
    """A bare Flask app with the console on it."""

    def make(settings: Settings) -> Flask:
        made = Flask("console_under_test", static_folder=None)
        secure(made, settings, database)
        made.register_blueprint(create_console(settings, database))
        return made

    return make


@pytest.fixture
def app(make_app: Callable[[Settings], Flask], settings: Settings, house: House) -> Flask:
    return make_app(settings)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def ana(client: FlaskClient, house: House) -> FlaskClient:
    """The coordinator of `house`, signed in."""
    assert sign_in(client, house.email).status_code == 302
    return client
