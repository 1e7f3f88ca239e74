"""Words by key: sources, translations, a program's own wordings."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms_service.domain.words import Lang
from sms_service.flows.notices import NOTICES
from sms_service.say.catalogue import english, text, translations

LANGS: tuple[Lang, ...] = ("en", "es")


def test_english_stands_in_the_tables_and_spanish_in_the_catalogue() -> None:
    assert text("check_in.low.1", "en") == "A person"
    assert text("check_in.low.1", "es") == "Una persona"


def test_the_same_english_may_be_said_in_two_ways_since_the_key_alone_decides() -> None:
    assert english()["join.safe.1"] == english()["join.agree.2"]
    assert set(translations("es")) == set(english())


def test_an_unknown_key_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        text("check_in.nothing.say", "en")


def test_a_programs_own_wording_takes_the_place_of_ours() -> None:
    own = {"check_in.mood.say": "Hey from {short}! 0 to 10?"}
    assert text("check_in.mood.say", "en", own) == "Hey from {short}! 0 to 10?"
    assert text("check_in.nudge.say", "en", own) == english()["check_in.nudge.say"]


@pytest.mark.parametrize("tongue", LANGS)
@pytest.mark.parametrize("own", ["Thanks!", "Call 988.", "Call 911.", "Call 9881 or 19911."])
def test_a_wording_that_loses_911_or_988_is_ignored(tongue: Lang, own: str) -> None:
    ours = text("notice.crisis.say", tongue)
    assert text("notice.crisis.say", tongue, {"notice.crisis.say": own}) == ours
    kept = "Call 911, call 988."
    assert text("notice.crisis.say", tongue, {"notice.crisis.say": kept}) == kept


@given(st.sampled_from(sorted(NOTICES)), st.text(max_size=60))
def test_no_wording_ever_takes_a_lifeline_away(name: str, own: str) -> None:
    key = f"notice.{name}.say"
    said = text(key, "en", {key: own})
    for lifeline in ("911", "988"):
        assert lifeline not in english()[key] or lifeline in said


@pytest.mark.parametrize(
    ("name", "begins"),
    [
        ("crisis", "Thank you for telling us. Call or text 988 now. In danger? Call 911. We are asking a volunteer"),
        ("crisis_alone", "Thank you for telling us. No volunteer is on now."),
        ("overdose", "Call 911 now. Say what you took. Unlock the door. Stay awake."),
        ("not_reached", "We have not reached anyone from our group yet. You matter to us."),
        ("page", "{short}: case {no}, urgent. Reply TAKE {no} or PASS {no}."),
    ],
)
def test_the_words_of_the_ladder_are_the_agreed_ones(name: str, begins: str) -> None:
    assert text(f"notice.{name}.say", "en").startswith(begins)


def test_the_quiet_form_promises_no_text_tomorrow() -> None:
    assert "tomorrow" in text("notice.not_reached.say", "en")
    assert "tomorrow" not in text("notice.not_reached_quiet.say", "en")
    assert "mañana" not in text("notice.not_reached_quiet.say", "es")
