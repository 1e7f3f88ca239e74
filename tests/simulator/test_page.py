"""The phones in a real browser."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright
from twilio.rest import Client  # type: ignore[import-untyped]

from sms_service.simulator.journal import Journal
from sms_service.simulator.server import LocalTwilio
from tests.simulator.conftest import LINE, MEMBER, Handset, Service

pytestmark = pytest.mark.browser

CHROMIUM = Path("/usr/bin/chromium")
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
VOLUNTEER = "+12025550111"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The machine's own Chromium."""
    if not CHROMIUM.exists():
        pytest.skip(f"{CHROMIUM} is absent")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield running
        running.close()


@pytest.fixture
def page(browser: Browser, local: LocalTwilio) -> Iterator[Page]:
    """The phone page, loaded, with no mistake in its console at the end."""
    opened = browser.new_page(viewport={"width": 1280, "height": 900})
    mistakes: list[str] = []
    opened.on("pageerror", lambda error: mistakes.append(str(error)))
    opened.on("console", lambda said: mistakes.append(said.text) if said.type == "error" else None)
    opened.goto(f"{local.url}/")
    expect(opened.get_by_text("Connected")).to_be_visible()  # keys pressed before its script is there are lost
    yield opened
    opened.close()
    assert mistakes == []


def _phone(page: Page, number: str) -> Locator:
    return page.locator(f'[data-phone="{number}"]')


def _send(page: Page, number: str, body: str) -> None:
    _phone(page, number).locator("input[name=body]").fill(body)
    _phone(page, number).locator("button[type=submit]").click()


def test_what_is_typed_goes_out_and_the_answer_comes_in(page: Page, service: Service) -> None:
    service.answers["/webhooks/sms"] = "<Response><Message>Mood 2 saved.</Message></Response>"
    _send(page, MEMBER, "MOOD 2")
    expect(_phone(page, MEMBER).locator(".bubble.out .words")).to_have_text("MOOD 2")
    expect(_phone(page, MEMBER).locator(".bubble.in .words")).to_have_text("Mood 2 saved.")
    expect(_phone(page, MEMBER).locator(".bubble.out .meta")).to_contain_text("delivered")
    expect(_phone(page, MEMBER).locator("input[name=body]")).to_have_value("")
    expect(_phone(page, VOLUNTEER).locator(".bubble")).to_have_count(0)


def test_the_request_log_shows_the_webhook_with_its_verdict(page: Page, service: Service) -> None:
    service.answers["/webhooks/sms"] = 503
    _send(page, MEMBER, "hello")
    row = page.locator("#requests tr", has_text="webhook: inbound")
    expect(row).to_contain_text("503 (11200)")
    expect(row).to_contain_text("valid")
    service.wait("/webhooks/sms/fallback")


def test_words_are_shown_as_text_never_as_html(page: Page, twilio: Client) -> None:
    words = "<img src=x onerror=alert(1)> <b>bold</b>"
    twilio.messages.create(to=VOLUNTEER, from_=LINE, body=words)
    expect(_phone(page, VOLUNTEER).locator(".bubble.in .words")).to_have_text(words)
    expect(_phone(page, VOLUNTEER).locator(".bubble img")).to_have_count(0)


def test_a_text_that_did_not_arrive_is_told_but_is_no_bubble(page: Page, twilio: Client, handset: Handset) -> None:
    handset.turn(unreachable=[VOLUNTEER])
    twilio.messages.create(to=VOLUNTEER, from_=LINE, body="HOPE: case 7, urgent.")
    expect(_phone(page, VOLUNTEER).locator(".lost")).to_have_text("A text did not arrive: undelivered, error 30003")
    expect(_phone(page, VOLUNTEER).locator(".bubble")).to_have_count(0)


def test_each_line_has_a_conversation_of_its_own(page: Page, handset: Handset, service: Service) -> None:
    handset.text("to the first line")
    handset.text("to the second", to="+12025550200")
    service.wait("/webhooks/sms", 2)
    bubbles = _phone(page, MEMBER).locator(".bubble .words")
    expect(bubbles).to_have_text(["to the first line"])
    _phone(page, MEMBER).locator("select[name=line]").select_option("+12025550200")
    expect(bubbles).to_have_text(["to the second"])


def test_a_phone_is_added_and_taken_away_by_keyboard_and_kept_over_a_reload(page: Page) -> None:
    page.get_by_label("Add a phone").fill("+1 (202) 555-0177")
    page.keyboard.press("Enter")
    expect(_phone(page, "+12025550177").locator("input[name=body]")).to_be_focused()
    _phone(page, "+12025550150").locator(".remove").press("Enter")
    page.reload()
    expect(_phone(page, "+12025550177")).to_be_visible()
    expect(_phone(page, "+12025550150")).to_have_count(0)


def test_the_phones_stand_side_by_side_at_1280_pixels_and_nothing_sticks_out(page: Page) -> None:
    expect(page.locator("[data-phone]")).to_have_count(5)
    tops = set()
    for each in page.locator("[data-phone]").all():
        box, button = each.bounding_box(), each.locator("button[type=submit]").bounding_box()
        assert box is not None
        assert button is not None
        assert button["x"] + button["width"] < box["x"] + box["width"]
        tops.add(box["y"])
    assert len(tops) == 1
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    for width in (1280, 800, 360):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate(wide) <= 0, width


def test_after_a_restart_the_page_begins_anew(page: Page, local: LocalTwilio, handset: Handset) -> None:
    handset.text("before")
    expect(_phone(page, MEMBER).locator(".bubble .words")).to_have_text("before")
    local.parts.exchange.truth = Journal()
    with page.expect_event("load"):
        handset.text("after")
        local.parts.exchange.requests = Journal()
    expect(_phone(page, MEMBER).locator(".bubble .words")).to_have_text("after")


def test_every_field_and_button_has_a_name(page: Page) -> None:
    expect(page.locator("[data-phone]")).to_have_count(5)
    for field in page.locator("input, select, button").all():
        name = field.evaluate(
            "e => e.getAttribute('aria-label') || (e.labels && e.labels.length && e.labels[0].textContent)"
            " || e.textContent"
        )
        assert name.strip()
    expect(page.locator("[data-phone] [role=log][aria-live=polite]")).to_have_count(5)


def test_the_page_loads_nothing_from_elsewhere_and_leaves_its_folder_to_nobody(local: LocalTwilio) -> None:
    answer = requests.get(f"{local.url}/", timeout=5)
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'self'")
    assert "https://" not in answer.text
    for path in ("/page/../config.py", "/page/%2e%2e/config.py", "/page/none.js"):
        assert requests.get(local.url + path, timeout=5).status_code == 404
