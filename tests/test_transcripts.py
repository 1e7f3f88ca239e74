"""Conversations written down as they should be come out so, through the whole service, on both databases."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sms_service import clock
from sms_service.services.desk import Desk
from sms_service.settings import Settings
from sms_service.store.open import open_bell, open_database
from sms_service.store.programs import Lines
from tests.house import KEYS, NOON, House
from tests.transcripts_player import FOLDER, Player, Transcript, transcripts

FILES = sorted(FOLDER.glob("*.txt"))
ALL = [pytest.param(one, id=f"{path.stem}: {one.title}") for path in FILES for one in transcripts(path)]


@pytest.fixture(params=["sqlite", "postgresql"])
def house(request: pytest.FixtureRequest, settings_with: Callable[..., Settings]) -> Iterator[House]:
    """The demo programs on either database, with Redis away: no text here waits for a bell."""
    url = request.getfixturevalue("demo_sqlite_url" if request.param == "sqlite" else "demo_pg_url")
    settings = settings_with(**KEYS | {"DATABASE_URL": url})
    desk = Desk(open_database(settings), open_bell(settings), Lines(), "http://service.example")
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
