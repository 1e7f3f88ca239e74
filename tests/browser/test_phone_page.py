"""The phone page in a real browser: what a member and the volunteers type and read, in English and in Spanish."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.handset import only
from tests.outside.world import CARMEN, SAM, World

pytestmark = [pytest.mark.browser, pytest.mark.outside]


def test_a_member_joins_says_two_gets_a_person_and_stops(page: Page, world: World, pictures: Path) -> None:
    """JOIN, MOOD 2, TALK, TAKE, words both ways, DONE, STOP, START, each text seen on the phone it is for."""
    number = world.phone()
    ana, sam, _carmen = only(page, world.sim, number, SAM, CARMEN)
    ana.say("JOIN HOPE", "not therapists", "msg & data rates may apply")
    ana.read("911")
    ana.say("1", "others read texts")
    ana.say("1", "6 pm")
    ana.say("7pm", "7 pm")

    ana.say("MOOD 2", "mood 2 saved", "1 a person")
    case = sam.read("urgent").split("TAKE ")[1].split()[0]
    ana.say("TALK", "asking a volunteer")
    sam.say(f"TAKE {case}", f"you have case {case}", "mood 2")
    ana.read("peer, not a therapist")

    sam.send("Hi, this is Sam. What is on your mind?")
    ana.read("what is on your mind")
    ana.send("I can't sleep")
    sam.read("i can't sleep")
    everything = " ".join(ana.got() + sam.got())
    assert number not in everything
    assert SAM not in everything
    page.screenshot(path=pictures / "spine.png")

    sam.say(f"DONE {case}", "how did it end")
    ana.read("closed this talk")
    sam.say("1", "saved")

    ana.say("STOP", "unsubscribed")
    ana.say("START", "welcome back")


def test_a_spanish_check_in_at_the_chosen_hour(page: Page, world: World, pictures: Path) -> None:
    """Two join in Spanish; at seven both are asked: one says "siete", one "dos" and wants a person."""
    lucia, rosa, carmen = only(page, world.sim, world.phone(), world.phone(), CARMEN)
    for member in (lucia, rosa):
        member.say("JOIN ESPERANZA", "no terapeutas", "puede haber costo")
        member.read("911")
        member.say("1", "otras personas leen")
        member.say("1", "6 pm")
        member.say("7pm", "ya es parte", "7 pm")

    world.set_local("2026-03-04 19:00:01")
    for member in (lucia, rosa):
        member.read("del 0 al 10")
    lucia.say("siete", "animo 7 guardado")
    rosa.say("dos", "animo 2 guardado", "1 una persona")
    case = carmen.read("case").split("TAKE ")[1].split()[0]
    rosa.say("1", "voluntari")
    carmen.say(f"TAKE {case}", case)
    rosa.read("no terapeuta")
    carmen.send("Hola Rosa, soy Carmen. ¿Qué pasó hoy?")
    rosa.read("qué pasó hoy")
    page.screenshot(path=pictures / "spanish-check-in.png")


def test_a_phone_stays_on_the_page_when_it_is_loaded_again(page: Page, world: World) -> None:
    number = world.phone()
    (phone,) = only(page, world.sim, number)
    phone.say("HELP", "988")
    page.reload()
    expect(phone.root.locator(".bubble.in .words")).to_contain_text("988")
    expect(page.locator(".phone")).to_have_count(1)
