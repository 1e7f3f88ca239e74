"""The coordinator's first page in a real browser, over a service in which somebody waits and a text failed."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.outside.world import SAM, World

ANA, BO, CY = "+12025550121", "+12025550122", "+12025550123"
"""Members of the demo; texts to Cy are filtered in this test."""
SOON_ON_THE_BOARD = 15_000
"""Milliseconds: Twilio says so a moment later, and the page looks again every ten seconds."""

pytestmark = [pytest.mark.browser, pytest.mark.outside]


def tab_to(page: Page, name: str) -> None:
    """Presses Tab until the element with this id has the focus."""
    for _ in range(10):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == name:
            return
    raise AssertionError(f"the keyboard does not reach {name}")


def test_the_keyboard_alone_signs_in_and_today_shows_who_waits_and_what_failed(
    page: Page, world: World, pictures: Path
) -> None:
    """With the demo's login; one case is taken, one is nobody's yet, one reply never arrived."""
    world.say(SAM, f"TAKE {world.open_case(ANA, 'MOOD 2')}", "you have case")
    world.say(BO, "TALK", "asking a volunteer")
    world.knobs(undeliverable={CY: 30007})
    world.text(CY, "MENU")
    assert world.until(lambda: any(one["error_code"] == 30007 for one in world.log()))

    page.goto(f"{world.web}/console/")
    tab_to(page, "email")
    page.keyboard.type("coordinator@demo.example")
    tab_to(page, "password")
    page.keyboard.type(json.loads((world.home / "var" / "secrets.json").read_text())["DEMO_PASSWORD"])
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_contain_text("Today")
    expect(page.get_by_role("row", name="Concern")).to_contain_text("Sam")
    expect(page.get_by_role("row", name="Wants to talk")).to_contain_text("Nobody yet")
    failed = page.locator("section", has=page.get_by_role("heading", name="Messages that did not go out"))
    expect(failed.get_by_role("row", name="30007")).to_contain_text("failed", timeout=SOON_ON_THE_BOARD)
    expect(failed).to_contain_text("filtered by the phone company")
    for number in (ANA, BO, CY, SAM):
        assert number not in page.content()
    page.set_viewport_size({"width": 1200, "height": 800})
    page.screenshot(path=pictures / "today.png", full_page=True)
