"""Recorded conversations come out today as they were recorded, and together they reach each End."""

import pytest

from sms_service.flows.registry import FLOWS
from sms_service.flows.steps import End
from tests.flows.player import FOLDER, Recorded, played, recorded

ALL = [(path.stem, one) for path in sorted(FOLDER.glob("*.txt")) for one in recorded(path)]


@pytest.mark.parametrize(("file", "conversation"), ALL, ids=[f"{file}: {one.title}" for file, one in ALL])
def test_a_recorded_conversation_comes_out_as_it_was_recorded(file: str, conversation: Recorded) -> None:
    lines, _trace = played(conversation)
    assert lines == conversation.lines


def test_every_end_of_every_flow_is_reached_by_some_transcript() -> None:
    reached = {place for _file, conversation in ALL for place in played(conversation)[1]}
    ends = {
        f"{flow.name}.{name}" for flow in FLOWS.values() for name, step in flow.steps.items() if isinstance(step, End)
    }
    assert ends - reached == set()


def test_no_two_transcripts_of_a_file_have_one_title() -> None:
    titles = [(file, conversation.title) for file, conversation in ALL]
    assert len(titles) == len(set(titles))
