"""The console in a real Chromium: signing in, a board that keeps itself up to date, nothing that is refused."""

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, expect, sync_playwright
from werkzeug.serving import make_server

from sms_service import clock
from sms_service.domain.oncall import ALWAYS
from sms_service.settings import Settings
from sms_service.store.cases import add_case, change_case, claim_case, open_cases
from sms_service.store.rota import add_shift
from tests.console.house import MEMBER, NOON, PASSWORD, VOLUNTEER, House

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
MINUTES, DAYS = timedelta(minutes=1), timedelta(days=1)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"no browser: {CHROMIUM} is not there"),
]


@pytest.fixture
def settings(settings_with: Callable[..., Settings]) -> Settings:
    return settings_with()


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    """The app behind a real socket."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def page() -> Iterator[Page]:
    """A page that must not complain: a refused style, a failed script and a missing file are errors."""
    complaints: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        made = browser.new_page(viewport={"width": 1200, "height": 1000})
        made.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        made.on("pageerror", lambda error: complaints.append(str(error)))
        yield made
        browser.close()
    assert complaints == []


def sign_in(page: Page, address: str, house: House) -> None:
    page.goto(f"{address}/console/")
    page.get_by_label("E-mail address").fill(house.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Harbour Circle")
    page.wait_for_load_state("load")  # the script has run, its first timer is set


def a_busy_day(house: House) -> None:
    pid = house.program_id
    mia, tom, nameless = (house.person(name, **MEMBER) for name in ("Mia", "Tom", ""))
    bo = house.person("Bo", language="es", **VOLUNTEER)
    house.person("Lou", is_member=True, state="stopped", state_at=NOON - 2 * DAYS)
    stranger = house.person()
    for n in (1, 2, 3):
        house.prompt(mia, NOON - n * DAYS)
        house.heard(stranger, NOON - n * MINUTES)
        house.message(tom, NOON - n * MINUTES, state="failed", error_code=30003)
    house.message(tom, NOON - 40 * MINUTES, state="withheld", why="scheduled")
    house.message(bo, NOON - 2 * MINUTES, state="unsure", why="page")
    with house.database.write() as conn:
        crisis, _ = add_case(conn, pid, mia, "crisis", "plan", True, NOON - 21 * MINUTES)
        change_case(conn, pid, crisis, incident_at=NOON - 6 * MINUTES)
        add_case(conn, pid, tom, "talk", "", True, NOON - 12 * MINUTES)
        add_case(conn, pid, nameless, "concern", "", True, NOON - 3 * MINUTES)
        talk = next(case for case in open_cases(conn, pid) if case.kind == "talk")
        claim_case(conn, talk, bo, NOON)
        add_shift(conn, pid, bo, "volunteer", ALWAYS, 0)


def test_the_board_keeps_itself_up_to_date(page: Page, address: str, house: House, tmp_path: Path) -> None:
    page.clock.install()
    sign_in(page, address, house)
    expect(page.get_by_text("Nobody is waiting.")).to_be_visible()
    page.clock.run_for(10_000)
    expect(page.get_by_role("status")).to_have_text("This page is up to date.")
    a_busy_day(house)
    page.clock.run_for(10_000)
    expect(page.get_by_role("status")).to_have_text("A new case is waiting.")
    expect(page.get_by_role("row", name="Crisis")).to_contain_text("Nobody yet")
    assert page.title() == "(3) Today"
    assert house.audited().count(("opened_today", f"program:{house.program_id}")) == 1
    page.screenshot(path=tmp_path / "today.png", full_page=True)


def test_a_visit_that_is_over_leads_back_to_the_sign_in(
    page: Page, address: str, house: House, time: clock.Frozen
) -> None:
    page.clock.install()
    sign_in(page, address, house)
    time.move(timedelta(hours=12))
    page.clock.run_for(10_000)
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_signing_out_leads_back_to_the_sign_in(page: Page, address: str, house: House) -> None:
    sign_in(page, address, house)
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


@pytest.mark.parametrize("width", [320, 1200])
def test_nothing_sticks_out_of_a_narrow_window(page: Page, address: str, house: House, width: int) -> None:
    a_busy_day(house)
    page.set_viewport_size({"width": width, "height": 800})
    sign_in(page, address, house)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_page_is_dark_where_the_reader_likes_it_dark(page: Page, address: str, house: House) -> None:
    page.emulate_media(color_scheme="dark")
    page.goto(f"{address}/console/login")
    assert page.evaluate("document.documentElement.dataset.bsTheme") == "dark"


def test_the_keyboard_skips_to_the_page(page: Page, address: str, house: House) -> None:
    sign_in(page, address, house)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
