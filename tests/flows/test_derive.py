"""Facts and placeholders worked out for a table."""

import pytest

from sms_service.flows.derive import FORKS, WIDEST_LINES, next_idea, value
from sms_service.flows.effects import Json
from sms_service.say.ideas import ideas
from tests.flows.player import NOW, facts_of


def branch(fact: str, slots: dict[str, Json] | None = None, **known: object) -> str:
    return FORKS[fact][1](facts_of(**known), slots or {}, NOW)


@pytest.mark.parametrize(
    ("mood", "last", "band"),
    [
        (2, None, "low"),
        (2, 2, "low"),
        (3, 8, "falling"),
        (4, 8, "falling"),
        (4, 7, "middle"),
        (8, None, "high"),
        (3, None, "middle"),
    ],
)
def test_a_mood_is_weighed_beside_the_last_one(mood: int, last: int | None, band: str) -> None:
    assert branch("mood_band", {"mood": mood}, last_mood=last) == band


def test_a_mood_that_is_none_is_met_with_a_choice() -> None:
    assert branch("mood_band", {}) == "middle"


@pytest.mark.parametrize(
    ("family", "kind"),
    [("someone_else", "someone"), ("unsafe", "panic"), ("relapse", "relapse"), ("", "other"), ("self_harm", "other")],
)
def test_a_concern_has_its_own_words_by_family(family: str, kind: str) -> None:
    assert branch("concern_kind", {"family": family}) == kind


def test_a_pause_of_no_days_is_an_open_one() -> None:
    assert branch("pause_kind", {"days": 0}) == "open"
    assert branch("pause_kind", {"days": 1}) == "days"


def test_every_fork_names_only_its_own_branches() -> None:
    for names, work_out in FORKS.values():
        assert work_out(facts_of(), {}, NOW) in names


def test_ideas_go_round_and_begin_again() -> None:
    first, *_rest, last = ideas()
    assert next_idea(facts_of()) == first
    assert next_idea(facts_of(last_idea=len(ideas()) - 1)) == first
    assert next_idea(facts_of(last_idea=len(ideas()) - 2)) == last
    assert next_idea(facts_of(ideas=())) is None


def test_an_idea_is_told_in_the_language_of_the_person() -> None:
    assert str(value("idea", facts_of(lang="es"), {}, NOW)).startswith("Una idea:")
    assert value("idea", facts_of(ideas=()), {}, NOW) == ""


@pytest.mark.parametrize(
    "need", ["", "talk", "substance", "violence", "abuse", "veteran", "lgbtq", "maternal", "nonsense"]
)
@pytest.mark.parametrize("lang", ["en", "es"])
def test_the_lines_shown_are_the_lines_kept_and_fit_their_room(need: str, lang: str) -> None:
    facts = facts_of(lang=lang)
    shown = str(value("lines", facts, {"need": need}, NOW))
    ids = str(value("line_ids", facts, {"need": need}, NOW)).split()
    assert 1 <= len(ids) <= 3
    assert len(shown) <= WIDEST_LINES
    assert shown.count(": ") >= len(ids)


def test_the_line_for_a_need_comes_first() -> None:
    assert str(value("line_ids", facts_of(), {"need": "violence"}, NOW)).startswith("us-ndvh")


def test_a_slot_comes_before_nothing_and_a_derived_name_before_a_slot() -> None:
    assert value("mood", facts_of(), {"mood": 4}, NOW) == 4
    assert value("short", facts_of(), {"short": "X"}, NOW) == "HOPE"
    assert value("nothing", facts_of(), {}, NOW) is None


def test_a_name_just_given_is_used_at_once() -> None:
    assert value("name", facts_of(name="Old"), {"name": "Ana"}, NOW) == "Ana"
    assert value("name", facts_of(name="Old"), {}, NOW) == "Old"


def test_an_hour_is_shown_as_it_was_just_saved_or_as_it_is_known() -> None:
    assert value("hour", facts_of(check_in_minute=540), {"check_in_minute": 1140}, NOW) == "7 pm"
    assert value("hour", facts_of(check_in_minute=540), {}, NOW) == "9 am"
    assert value("hour", facts_of(), {}, NOW) == ""


def test_my_data_names_what_is_kept_and_leaves_out_what_is_not() -> None:
    facts = facts_of(name="Ana", last_mood=0, check_in_minute=1080, zone="America/Puerto_Rico", lang="es")
    assert value("data", facts, {}, NOW) == "Ana, español, Puerto Rico, 6 pm, animo 0, Hope"
    assert value("data", facts_of(), {}, NOW) == "English, New York, Hope"


def test_a_held_text_is_shown_short_and_on_one_line() -> None:
    assert value("words", facts_of(), {"words": "hi\n\nyou"}, NOW) == "hi you"
    long = str(value("words", facts_of(), {"words": "y" * 500}, NOW))
    assert long == "y" * 60 + "..."
