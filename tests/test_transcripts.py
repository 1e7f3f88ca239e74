"""Conversations written down as they should be come out so, through the whole service, on both databases."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Table, select

from sms_service import clock
from sms_service.services.desk import Desk
from sms_service.settings import Settings, load_settings
from sms_service.store.database import Database
from sms_service.store.open import open_bell, open_database
from sms_service.store.programs import Lines
from sms_service.store.tables import metadata
from tests import servers
from tests.house import KEYS, NOON, House
from tests.transcripts_player import FOLDER, Player, Transcript, transcripts

FILES = sorted(FOLDER.glob("*.txt"))
ALL = [pytest.param(one, id=f"{path.stem}: {one.title}") for path in FILES for one in transcripts(path)]
Rows = dict[Table, list[dict[str, Any]]]


@pytest.fixture(scope="module")
def pg_and_rows(
    pg_server_url: str, seeded_pg: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, Rows]]:
    """One PostgreSQL database for all conversations, and the demo's rows to begin each with: faster than copies."""
    home = tmp_path_factory.mktemp("home")
    for url in servers._copy(pg_server_url, seeded_pg.rpartition("/")[2].partition("?")[0]):
        database = open_database(load_settings({"SMS_SERVICE_HOME": str(home), "DATABASE_URL": url, **KEYS}))
        with database.read() as conn:
            rows = {
                table: [dict(row._mapping) for row in conn.execute(select(table))] for table in metadata.sorted_tables
            }
        database.close()
        yield url, rows


def begin_anew(database: Database, rows: Rows) -> None:
    """The demo as it was seeded, and nothing else; numbers go on from there."""
    emptied = [f"DELETE FROM {table.name}" for table in reversed(rows)]
    last = {table.name: max((row["id"] for row in kept), default=0) for table, kept in rows.items() if "id" in table.c}
    counted = [f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), {n + 1}, false)" for name, n in last.items()]
    with database.write() as conn:
        conn.exec_driver_sql("; ".join([*emptied, *counted]))
        for table, kept in rows.items():
            if kept:
                conn.execute(table.insert(), kept)


@pytest.fixture(params=["sqlite", "postgresql"])
def house(request: pytest.FixtureRequest, settings_with: Callable[..., Settings]) -> Iterator[House]:
    """The demo programs on either database, with Redis away: no text here waits for a bell."""
    rows: Rows = {}
    if request.param == "sqlite":
        url = request.getfixturevalue("demo_sqlite_url")
    else:
        url, rows = request.getfixturevalue("pg_and_rows")
    settings = settings_with(**KEYS | {"DATABASE_URL": url})
    desk = Desk(open_database(settings), open_bell(settings), Lines(), "http://service.example")
    if rows:
        begin_anew(desk.db, rows)
    with clock.frozen(NOON) as time:
        yield House(desk, time, settings)
    desk.db.close()


@pytest.mark.parametrize("transcript", ALL)
def test_the_conversation_comes_out_as_it_is_written(house: House, transcript: Transcript) -> None:
    assert "\n".join(Player(house).play(transcript)) == "\n".join(transcript.lines)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_no_two_conversations_of_a_file_have_one_title(path: Path) -> None:
    titles = [one.title for one in transcripts(path)]
    assert len(titles) == len(set(titles))


def test_there_are_conversations() -> None:
    assert len(ALL) >= 30
