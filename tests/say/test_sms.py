"""A turn's words as SMS bodies."""

from hypothesis import given
from hypothesis import strategies as st

from sms_service.flows.effects import Say
from sms_service.say.segments import segments
from sms_service.say.sms import MOST_PARTS, join_texts, render_notice, render_turn

LOW = Say("check_in.low.say", {"mood": "2"})


def test_the_labels_of_a_question_follow_it() -> None:
    assert render_turn([LOW], "en") == (
        "Mood 2 saved. That sounds hard. What would help? 1 A person 2 An idea 3 A helpline",
    )


def test_a_question_that_names_its_choices_has_no_labels() -> None:
    (body,) = render_turn([Say("safe_now.ask.say")], "en")
    assert body.endswith("Call or text 988 any time.")


def test_a_question_put_again_names_its_choices_once() -> None:
    assert render_turn([Say("menu.first.again")], "en")[0].endswith("1 My mood 2 A person 3 A helpline 4 More")
    assert render_turn([Say("leave.ask.again")], "en") == ("Text 1 to leave, 2 to stay.",)


def test_spanish_is_rendered_from_the_same_table() -> None:
    assert render_turn([LOW], "es") == (
        "Animo 2 guardado. Suena duro. ¿Qué le ayuda ahora? 1 Una persona 2 Una idea 3 Una linea de ayuda",
    )


def test_a_programs_wording_is_filled_like_ours() -> None:
    own = {"check_in.low.say": "{mood} it is.", "check_in.low.1": "Ana or Leo"}
    assert render_turn([LOW], "en", own) == ("2 it is. 1 Ana or Leo 2 An idea 3 A helpline",)


def test_a_placeholder_without_a_value_vanishes_and_braces_in_values_stay() -> None:
    assert render_notice("line_to_member", "en", name="Luz", words="use {this}") == "Luz: use {this}"
    assert "{" not in render_notice("line_to_member", "en", name="Luz")


def test_a_notice_is_rendered_with_its_fields() -> None:
    assert render_notice("page", "en", short="HOPE", no="7") == "HOPE: case 7, urgent. Reply TAKE 7 or PASS 7."


def test_short_texts_of_one_turn_are_one_text() -> None:
    says = [Say("notice.not_yet.say"), Say("check_in.nudge.say")]
    welcome, question = (render_turn([say], "en")[0] for say in says)
    assert render_turn(says, "en") == (f"{welcome} {question}",)


def test_what_does_not_fit_two_parts_is_a_text_of_its_own() -> None:
    long, short = "a" * 300, "b" * 20
    assert join_texts([short, long, short]) == (short, long, short)
    assert join_texts([short, short, long]) == (f"{short} {short}", long)


def test_nothing_said_is_no_text() -> None:
    assert render_turn([], "en") == ()
    assert join_texts(["", "", ""]) == ()


@given(st.lists(st.text(max_size=120)))
def test_joining_loses_no_word_and_keeps_to_two_parts_where_each_does(bodies: list[str]) -> None:
    joined = join_texts(bodies)
    assert " ".join(joined) == " ".join(filter(None, bodies))
    assert all(segments(body) <= MOST_PARTS for body in joined)
