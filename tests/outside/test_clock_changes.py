"""The chosen hour, by the member's own clock, in three zones and over both clock changes (SCENARIOS.md 8)."""

from datetime import datetime, timedelta

import pytest

from tests.outside.world import World

pytestmark = pytest.mark.outside

STARTS_AT = "2026-03-06 20:00"
ZONES = {"202": "America/New_York", "312": "America/Chicago", "408": "America/Los_Angeles"}
"""Area code of the number that joins, and the zone it says."""
MOOD = "from 0 to 10, how are you today?"
Times = list[datetime]


def asked(world: World, phone: str) -> Times:
    """When this phone was asked for a mood."""
    lines = (line for line in world.log() if line["handset"] == phone and MOOD in line["body"].lower())
    return [datetime.fromisoformat(line["at"]) for line in lines]


def day_of(world: World, day: str, phones: dict[str, str]) -> None:
    """On this day each is asked at 7 am by the clocks around them, not before, and says nine."""
    for zone, phone in phones.items():
        world.arrives(phone, MOOD, f"{day} 07:00", zone)
        world.say(phone, "9", "mood 9 saved")


def test_the_question_comes_at_seven_before_and_after_both_clock_changes(world: World) -> None:
    """8 March and 1 November 2026: the days between two questions have 23 and 25 hours."""
    phones = {zone: world.phone(area) for area, zone in ZONES.items()}
    for phone in phones.values():
        world.join(phone, "7 am")
    for day in ("2026-03-07", "2026-03-08", "2026-10-31", "2026-11-01"):
        day_of(world, day, phones)
    for phone in phones.values():
        first, spring, autumn, last = asked(world, phone)
        assert hours(spring - first) == 23
        assert hours(last - autumn) == 25


def test_a_zip_code_moves_the_hour_with_its_owner(world: World) -> None:
    """A number of Washington, a member in San Jose: asked at 10 am there, not at 7."""
    ana = world.phone("202")
    world.join(ana, "10 am")
    for words, answer in (("MENU", "4 more"), ("4", "4 settings"), ("4", "3 my zip"), ("3", "zip code")):
        world.say(ana, words, answer)
    world.say(ana, "95112", "los angeles")
    world.arrives(ana, MOOD, "2026-11-02 10:00", "America/Los_Angeles")
    assert len(asked(world, ana)) == 1


def hours(between: timedelta) -> int:
    """Whole hours, to the nearest."""
    return round(between.total_seconds() / 3600)
