"""A running service and a Chromium whose pages must not complain nor speak to any other machine."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, sync_playwright

from tests.outside.world import World, start, stop

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture
def world() -> Iterator[World]:
    """A service of its own for each test: the time it moves and the cases it leaves meet nobody else."""
    home = Path(tempfile.mkdtemp(prefix="sms-b-", dir="/tmp"))
    running = start(home)
    yield running
    stop(running)
    shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium for the tests of a file; another file may start its own, and two at once cannot be."""
    if CHROMIUM is None:
        pytest.skip("no browser: neither chromium nor google-chrome is on PATH")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield launched
        launched.close()


@pytest.fixture
def page(browser: Browser, world: World) -> Iterator[Page]:
    """A page of its own; what it complained about and whom it called is looked at when the test is over."""
    complaints: list[str] = []
    addresses: list[str] = []

    def hear(said: ConsoleMessage) -> None:
        if said.type in {"error", "warning"}:
            complaints.append(f"{said.type}: {said.text}")

    def see(request: Request) -> None:
        addresses.append(request.url)

    with browser.new_context(
        viewport={"width": 1200, "height": 1200},
        locale="en-US",
        timezone_id="America/New_York",
        reduced_motion="reduce",
    ) as context:
        context.on("console", hear)
        context.on("weberror", lambda error: complaints.append(str(error.error)))
        context.on("request", see)
        yield context.new_page()
    assert complaints == []
    assert addresses
    assert [url for url in addresses if not at_home(url)] == []


def at_home(url: str) -> bool:
    """The address is on this machine, or the page's own bytes."""
    parts = urlsplit(url)
    return parts.hostname == "127.0.0.1" or parts.scheme == "data"


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """Where pictures are kept: PICTURES, or a folder that is thrown away."""
    folder = Path(os.environ.get("PICTURES") or tmp_path)
    folder.mkdir(parents=True, exist_ok=True)
    return folder
