"""The phone page in a real browser: what a member and the volunteers type and read, in English and in Spanish."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.handset import only
from tests.outside.world import CARMEN, SAM, World

pytestmark = [pytest.mark.browser, pytest.mark.outside]


def photograph(page: Page, file: Path) -> None:
    """The whole page, once the page knows that every text was answered for."""
    expect(page.get_by_text("on its way")).to_have_count(0)
    page.screenshot(path=file, full_page=True)


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
    photograph(page, pictures / "spine.png")

    sam.say(f"DONE {case}", "how did it end")
    ana.read("closed this talk")
    sam.say("1", "saved")

    ana.say("STOP", "unsubscribed")
    ana.say("START", "welcome back")

    page.reload()
    expect(ana.root.locator(".bubble.in").last).to_contain_text("Welcome back")
    expect(page.locator(".phone")).to_have_count(3)


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
    rosa.read("no un terapeuta")
    carmen.send("Hola Rosa, soy Carmen. ¿Qué pasó hoy?")
    rosa.read("qué pasó hoy")
    photograph(page, pictures / "spanish-check-in.png")
