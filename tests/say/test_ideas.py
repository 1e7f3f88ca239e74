"""The coping ideas the project ships."""

from sms_service.flows.derive import WIDEST
from sms_service.say.ideas import ideas
from sms_service.say.segments import encoding


def test_every_idea_is_short_in_both_languages_and_stays_in_gsm() -> None:
    for idea in ideas():
        for words in (idea.en, idea.es):
            assert 20 < len(words) <= len(WIDEST["idea"])
            assert encoding(words) == "GSM-7"


def test_ideas_are_named_once() -> None:
    assert len({idea.id for idea in ideas()}) == len(ideas()) >= 10
