"""Whatever is heard of whomever, something is meant, and danger comes first."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from sms_service.domain.words import Level
from sms_service.flows.keywords import KEYWORDS
from sms_service.flows.understand import understand
from sms_service.flows.understood import (
    CaseRef,
    Danger,
    HeardText,
    Held,
    MemberTalk,
    NoMasStop,
    RelayIn,
    RelayOut,
    Standing,
    Started,
    Stopped,
    Unheard,
)

NOW = datetime(2026, 11, 23, 20, tzinfo=UTC)


@dataclass(frozen=True)
class Judgement:
    """What triage would say."""

    level: Level
    family: str
    rule: str
    first_person: bool


SPELLINGS = [spelling for keyword in KEYWORDS for spelling in keyword.spellings]
BODIES = (
    st.text()
    | st.sampled_from(
        [*SPELLINGS, "STOP", "START", "YES", "HELP", "BAJA", "no mas", "HOME", "7", "…", "take 7", "7 hi"]
    )
    | st.tuples(st.sampled_from(SPELLINGS), st.integers(0, 20)).map(lambda pair: f"{pair[0]} {pair[1]}")
)
PAST = st.none() | st.integers(0, 12_000).map(lambda minutes: NOW - timedelta(minutes=minutes))
TEXTS = st.builds(HeardText, BODIES, st.integers(0, 2), st.sampled_from(["", "STOP", "START", "HELP"]))
CASES = st.builds(
    CaseRef, st.integers(1, 12), st.just("Ana"), st.sampled_from(["offered", "owned"]), st.booleans(), PAST
)
STANDINGS = st.builds(
    Standing,
    state=st.sampled_from(["stranger", "active", "paused", "left", "stopped", "unreachable", "died"]),
    is_member=st.booleans(),
    is_volunteer=st.booleans(),
    is_supervisor=st.booleans(),
    talk=st.none() | st.builds(MemberTalk, st.integers(1, 12), st.just("Ben"), PAST),
    cases=st.lists(CASES, max_size=3).map(tuple),
    open_flow=st.sampled_from(["", "check_in", "leave_talk", "held_words", "self", "are_you_ok"]),
    open_asked_at=PAST,
    parked_flow=st.sampled_from(["", "join"]),
    mood_open=st.booleans(),
    mood_lapsed_at=PAST,
    last_mood=st.none() | st.integers(0, 10),
    last_mood_at=PAST,
    referred_at=PAST,
    siren_at=PAST,
    texted_before=st.booleans(),
    new_sent_at=PAST,
    talk_closed_at=PAST,
)
JUDGED = st.builds(
    Judgement,
    st.sampled_from(["crisis", "concern", "none"]),
    st.just("suicide"),
    st.just("rule"),
    st.booleans(),
)
CALM = Judgement("none", "", "", first_person=False)


@given(TEXTS, STANDINGS, JUDGED)
def test_everything_means_something_and_danger_comes_first(
    heard: HeardText, standing: Standing, judged: Judgement
) -> None:
    meanings = understand(heard, standing, judged, NOW)
    assert meanings
    assert not any(isinstance(meaning, Danger) for meaning in meanings[1:])
    owns = any(case.open and case.stand == "owned" for case in standing.cases)
    if judged.level == "crisis" and not owns:
        assert isinstance(meanings[0], Danger)
    if judged.level == "none":
        assert not isinstance(meanings[0], Danger)


@given(TEXTS, STANDINGS)
def test_no_text_of_a_calm_person_is_danger_and_each_means_one_thing(heard: HeardText, standing: Standing) -> None:
    """Two meanings only where a talk hears of HELP as well."""
    meanings = understand(heard, standing, CALM, NOW)
    assert len(meanings) == 1 or isinstance(meanings[1], RelayIn)


@given(TEXTS, STANDINGS)
def test_stopped_and_died_people_are_not_drawn_into_anything(heard: HeardText, standing: Standing) -> None:
    if standing.state in {"stopped", "died"}:
        (only,) = understand(heard, standing, CALM, NOW)
        assert isinstance(only, Unheard | Started)


@given(TEXTS, STANDINGS, JUDGED)
def test_words_go_only_to_a_case_they_belong_to(heard: HeardText, standing: Standing, judged: Judgement) -> None:
    owned = {case.case_no for case in standing.cases if case.open and case.stand == "owned"}
    for meaning in understand(heard, standing, judged, NOW):
        if isinstance(meaning, RelayOut):
            assert meaning.case_no in owned
        if isinstance(meaning, Held):
            assert meaning.case_no in {None, *owned}
        if isinstance(meaning, RelayIn):
            assert standing.talk is not None
            assert meaning.case_no == standing.talk.case_no


@given(st.sampled_from(["STOP", "end", " Quit ", "cancel."]), STANDINGS, JUDGED)
def test_an_opt_out_word_is_never_lost(body: str, standing: Standing, judged: Judgement) -> None:
    meanings = understand(HeardText(body), standing, judged, NOW)
    if standing.state not in {"stopped", "died"}:
        assert any(isinstance(meaning, Stopped | NoMasStop) for meaning in meanings)
