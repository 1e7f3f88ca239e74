"""What we ask without being asked: when, how often, and what gives way to what (CONVERSATION.md 2, 11, 18, 27)."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from sms_service.services.wake import fire_due
from sms_service.store.consents import consents
from tests.house import ANA, LEO, MARISOL, SAM, House

NEW_YORK = ZoneInfo("America/New_York")
MOOD, NUDGE, SUITS, THROUGH = "How are you", "No rush.", "It has been quiet.", "Did you get through"


def alone(house: House, number: str, hour: int, **known: object) -> str:
    """A member asked at this hour in New York; nobody else is asked anything."""
    for other in (ANA, LEO, MARISOL):
        house.change(other, state="left")
    house.new_person(number, check_in_minute=None, **known)
    house.text(number, f"TIME {hour} am" if hour < 12 else f"TIME {hour}:00")
    house.deliver()
    return number


def go_to(house: House, day: int, hour: int, minute: int = 0) -> None:
    """It is then in New York, in March 2026; every alarm on the way has rung and every text has gone."""
    at = datetime(2026, 3, day, hour, minute, tzinfo=NEW_YORK)
    while (due := min(house.alarms().values(), default=at)) < at:
        house.time.set(max(house.now, due))
        fire_due(house.desk, house.now)
        house.deliver()
    house.pass_time(seconds=(at - house.now).total_seconds())
    house.deliver()


def asked(house: House, number: str) -> list[str]:
    """Which of the four went out so far, each with its hour, oldest first; not those ended before they went."""
    told = {"From 0 to 10, how are you today? Any": NUDGE, "From 0 to 10": MOOD, SUITS: SUITS, THROUGH: THROUGH}
    lines = []
    for row in house.rows(number):
        name = next((name for words, name in told.items() if words in row.body), None)
        if name and row.why == "scheduled" and row.state == "sent":
            lines.append(f"{row.settled_at.astimezone(NEW_YORK):%d %H:%M} {name}")
    return lines


def test_three_unanswered_ask_about_the_rhythm_once_in_the_place_of_the_fourth(house: House) -> None:
    kim = alone(house, "+12125550141", 10)
    go_to(house, 9, 23)
    assert [line for line in asked(house, kim) if NUDGE not in line] == [
        f"05 10:00 {MOOD}", f"06 10:00 {MOOD}", f"07 10:00 {MOOD}", f"08 10:00 {SUITS}", f"09 10:00 {MOOD}",
    ]  # fmt: skip
    house.text(kim, "8")
    go_to(house, 14, 23)
    assert [line for line in asked(house, kim) if SUITS in line] == [f"08 10:00 {SUITS}", f"13 10:00 {SUITS}"]


def test_an_answer_starts_the_count_anew(house: House) -> None:
    kim = alone(house, "+12125550141", 10)
    go_to(house, 6, 10, 5)
    house.text(kim, "8")
    go_to(house, 9, 9)
    assert not [line for line in asked(house, kim) if SUITS in line]


def test_a_nudge_comes_by_day_and_is_not_even_written_by_night(house: House) -> None:
    """An evening member's board would else fill with texts that expired unsent."""
    early, late = alone(house, "+12125550141", 10), alone(house, "+12125550142", 21)
    go_to(house, 6, 9)
    assert asked(house, early) == [f"05 10:00 {MOOD}", f"05 14:00 {NUDGE}"]
    assert asked(house, late) == [f"04 21:00 {MOOD}", f"05 21:00 {MOOD}"]
    assert {row.state for row in house.rows(late)} == {"sent"}


def test_a_weekly_check_in_that_had_to_wait_past_midnight_keeps_its_day(house: House) -> None:
    kim = alone(house, "+12125550141", 23, rhythm="weekly")
    go_to(house, 11, 22, 30)
    house.text(kim, "HELPLINE")
    house.deliver()
    go_to(house, 12, 0, 45)
    assert f"11 23:30 {MOOD}" in asked(house, kim) or f"12 00:30 {MOOD}" in asked(house, kim)
    key = f"check_in:{house.person(kim).id}"
    assert f"{house.alarms('check_in')[key].astimezone(NEW_YORK):%d %H:%M}" == "18 23:00"


def test_a_helpline_given_in_the_early_morning_is_followed_up_when_it_is_day(house: House) -> None:
    """Twenty hours later would be night: it waits for nine o'clock and does not expire."""
    kim = alone(house, "+12125550141", 22)
    go_to(house, 5, 7)
    house.text(kim, "HELPLINE")
    house.text(kim, "1")
    go_to(house, 6, 12)
    assert f"06 09:00 {THROUGH}" in asked(house, kim)


def test_a_follow_up_without_room_comes_the_day_after(house: House) -> None:
    kim = alone(house, "+12125550141", 22)
    go_to(house, 5, 14)
    house.text(kim, "HELPLINE")
    house.text(kim, "1")
    go_to(house, 6, 9)
    for _ in range(2):
        house.owe(house.person(kim).id, "scheduled")
    house.deliver()
    go_to(house, 7, 12)
    assert [line for line in asked(house, kim) if THROUGH in line] == [f"07 09:00 {THROUGH}"], (
        "the check-in kept its place"
    )


def test_a_check_in_gives_up_after_two_hours_behind_a_question_that_matters_more(house: House) -> None:
    kim = alone(house, "+12125550141", 13)
    house.change(kim, safe="free")
    go_to(house, 4, 12, 30)
    house.text(kim, "MOOD 2")
    house.deliver()
    go_to(house, 4, 23)
    assert f"04 13:00 {MOOD}" not in asked(house, kim)
    assert house.alarms("check_in")[f"check_in:{house.person(kim).id}"].astimezone(NEW_YORK).day == 5


def test_who_is_on_duty_is_not_asked(house: House) -> None:
    """CONVERSATION.md 18: digits belong to the volunteer's side then."""
    alone(house, "+12125550141", 10)
    house.change(SAM, is_member=True)
    house.text(SAM, "TIME 1 pm")
    go_to(house, 5, 12)
    assert asked(house, SAM) == []


def test_from_a_crisis_until_a_day_after_its_end_nothing_is_asked(house: House) -> None:
    kim = alone(house, "+12125550141", 13)
    house.text(kim, "i want to kill myself")
    house.text(SAM, "TAKE 1")
    go_to(house, 4, 15)
    house.text(SAM, "DONE 1")
    go_to(house, 7, 12)
    assert [line for line in asked(house, kim) if MOOD in line] == [f"06 13:00 {MOOD}"]


def test_a_check_in_unanswered_within_two_days_of_a_low_mood_is_a_concern(house: House) -> None:
    kim = alone(house, "+12125550141", 10)
    house.text(kim, "MOOD 2")
    house.text(SAM, "TAKE 1")
    house.text(SAM, "DONE 1")
    go_to(house, 5, 17, 55)
    assert len(house.cases()) == 1
    go_to(house, 5, 18, 5)
    assert [(case.kind, case.family) for case in house.cases()[1:]] == [("concern", "unanswered")]


def test_an_answer_to_the_older_question_brings_its_next_one_to_the_front(house: House) -> None:
    """The mood prompt arrives as "2" is on its way: "2" is for the older question, and so is what follows from it."""
    kim = alone(house, "+12125550141", 12)
    go_to(house, 5, 15)
    house.text(kim, "8")
    house.text(kim, "HELPLINE")
    house.text(kim, "1")
    go_to(house, 6, 13, 59)
    assert asked(house, kim)[-1] == f"06 11:00 {THROUGH}"
    house.pass_time(minutes=1)
    house.deliver()
    assert asked(house, kim)[-1] == f"06 14:00 {MOOD}"
    (offer,) = house.says(kim, "2")
    assert "Would you like a person" in offer
    house.deliver()
    house.pass_time(seconds=30)
    (answer,) = house.says(kim, "2")
    assert answer.startswith("That is OK.")
    (saved,) = house.says(kim, "9")
    assert saved.startswith("Mood 9 saved.")


def test_a_safety_question_behind_a_menu_still_becomes_a_crisis_by_silence(house: House) -> None:
    """CONVERSATION.md 24: MENU is no answer to "Are you safe right now?"."""
    kim = alone(house, "+12125550141", 22)
    house.text(kim, "i can't go on like this, no point in anything")
    house.text(kim, "MENU")
    house.deliver()
    assert house.cases() == []
    house.pass_time(minutes=11)
    assert [(case.kind, case.family) for case in house.cases()] == [("crisis", "passive")]


def test_a_mood_question_that_ended_behind_another_can_still_be_answered_late(house: House) -> None:
    kim = alone(house, "+12125550141", 22)
    house.text(kim, "MOOD")
    house.deliver()
    house.pass_time(hours=3, minutes=30)
    house.text(kim, "MENU")
    house.deliver()
    house.pass_time(hours=4)
    (saved,) = house.says(kim, "8")
    assert saved.startswith("Saved: mood 8 for last night.")


@pytest.mark.parametrize(
    ("said", "act"), [("take me off this list", "revoked"), ("STOP", "revoked"), ("no más", "revoked")]
)
def test_a_stop_is_on_record_with_its_words(house: House, said: str, act: str) -> None:
    house.text(ANA, said)
    with house.db.read() as conn:
        kept = conn.execute(select(consents).where(consents.c.person_id == house.person(ANA).id)).all()
    assert [(row.act, row.words) for row in kept][-1] == (act, said)


def test_the_twenty_first_text_in_five_minutes_gets_no_reply_but_words_between_people_go_on(house: House) -> None:
    for number in range(21):
        house.text(LEO, f"MOOD {number % 3 + 7}")
    assert len(house.sent(LEO)) == 20
    house.text(ANA, "TALK")
    house.text(SAM, "TAKE 1")
    for number in range(25):
        house.text(ANA, f"line {number}")
    assert any("line 24" in body for body in house.sent(SAM))
