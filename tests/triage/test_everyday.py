"""False alarms on everyday texts: crisis at most 1 and concern at most 4 in 1,000 (SAFETY.md)."""

from collections import Counter
from pathlib import Path

import pytest

from sms_service.triage import assess

SPAM = Path(__file__).parents[2].parent / "shared" / "data" / "uci_sms_spam.tsv"
EXCUSED = {
    "I know all are avoiding me. I am a burden for all": "says they are a burden",
    "feel like i'm a failure in everything. Nobody wants me": "says nobody wants them",
    "Brb gonna go kill myself": "a crisis by any reading that cannot hear the tone",
    "are when I need drugs": "says they need drugs",
}


@pytest.fixture(scope="module")
def everyday() -> list[str]:
    if not SPAM.exists():
        pytest.skip(f"the everyday texts are not here: {SPAM}")
    lines = SPAM.read_text("utf-8").splitlines()
    return [line.partition("\t")[2] for line in lines if line.startswith("ham\t")]


def is_excused(text: str) -> bool:
    return any(words in text for words in EXCUSED)


def test_everyday_texts_raise_few_alarms(everyday: list[str]) -> None:
    levels = Counter(assess(text).level for text in everyday if not is_excused(text))
    assert 1000 * levels["crisis"] / len(everyday) <= 1
    assert 1000 * levels["concern"] / len(everyday) <= 4


def test_an_excuse_is_needed(everyday: list[str]) -> None:
    """Each excused text is still flagged; otherwise its excuse goes."""
    flagged = [text for text in everyday if assess(text).level != "none"]
    assert [words for words in EXCUSED if not any(words in text for text in flagged)] == []
