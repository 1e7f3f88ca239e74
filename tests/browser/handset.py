"""One phone of the phone page, used as a person would: words typed, bubbles read."""

import time

from playwright.sync_api import Page

WITHIN = 10.0
"""Seconds within which a text that is due must be seen."""


class Handset:
    """A phone on the page; it remembers how far its owner has read."""

    def __init__(self, page: Page, number: str) -> None:
        self.page = page
        self.root = page.locator(f'[data-phone="{number}"]')
        self.seen = 0

    def got(self) -> list[str]:
        """The texts in its bubbles, as the page shows them, in order."""
        return self.root.locator(".bubble.in .words").all_inner_texts()

    def send(self, words: str) -> None:
        """Types the words and presses Send; what came before counts as read."""
        self.seen = len(self.got())
        self.root.locator("input[name=body]").fill(words)
        self.root.locator("button[type=submit]").click()

    def read(self, *words: str) -> str:
        """The next unread text that holds all these words; fails when none comes in time."""
        give_up = time.monotonic() + WITHIN
        while time.monotonic() < give_up:
            for place, text in enumerate(self.got()):
                if place >= self.seen and all(word.lower() in text.lower() for word in words):
                    self.seen = place + 1
                    return text
            self.page.wait_for_timeout(50)
        raise AssertionError(f"no text with {words}; there are {self.got()}")

    def say(self, sent: str, *words: str) -> str:
        """Sends, and reads the answer that holds these words."""
        self.send(sent)
        return self.read(*words)


def only(page: Page, address: str, *numbers: str) -> list[Handset]:
    """Opens the phone page and leaves these phones on it, side by side in this order."""
    page.goto(address)
    page.locator(".phone").first.wait_for()
    for remove in page.locator(".remove").all()[::-1]:
        remove.click()
    for number in numbers:
        page.get_by_label("Add a phone").fill(number)
        page.get_by_role("button", name="Add").click()
    return [Handset(page, number) for number in numbers]
