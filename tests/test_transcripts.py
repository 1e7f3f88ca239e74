"""Conversations written down as they should be come out so, through the whole service, on both databases."""

from pathlib import Path

import pytest

from tests.house import House
from tests.transcripts_player import FOLDER, Player, Transcript, transcripts

FILES = sorted(FOLDER.glob("*.txt"))
ALL = [pytest.param(one, id=f"{path.stem}: {one.title}") for path in FILES for one in transcripts(path)]


@pytest.mark.parametrize("transcript", ALL)
def test_the_conversation_comes_out_as_it_is_written(house: House, transcript: Transcript) -> None:
    assert "\n".join(Player(house).play(transcript)) == "\n".join(transcript.lines)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_no_two_conversations_of_a_file_have_one_title(path: Path) -> None:
    titles = [one.title for one in transcripts(path)]
    assert len(titles) == len(set(titles))


def test_there_are_conversations() -> None:
    assert len(ALL) >= 30
