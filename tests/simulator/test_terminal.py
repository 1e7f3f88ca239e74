"""A phone in the terminal."""

import io
from threading import Event
from typing import TextIO, cast

import pytest
from twilio.rest import Client  # type: ignore[import-untyped]

from sms_service.simulator.server import LocalTwilio
from sms_service.simulator.terminal import phone
from tests.simulator.conftest import LINE, MEMBER, Handset, Service


class Typed:
    """Lines a person types; the end comes when the test says so."""

    def __init__(self, *lines: str) -> None:
        self.lines = lines
        self.finished = Event()

    def __iter__(self) -> "Typed":
        self._left = iter(self.lines)
        return self

    def __next__(self) -> str:
        try:
            return next(self._left)
        except StopIteration:
            assert self.finished.wait(5)
            raise


def test_what_is_typed_is_sent_and_what_arrives_is_printed(
    local: LocalTwilio, handset: Handset, service: Service
) -> None:
    handset.text("before the phone was opened")
    service.wait("/webhooks/sms")
    service.answers["/webhooks/sms"] = "<Response><Message>¡Hola! 😀</Message></Response>"
    typed, screen = Typed("hola\n", "\n"), io.StringIO()

    class Screen(io.StringIO):
        def write(self, words: str) -> int:
            if words.startswith("< "):
                typed.finished.set()
            return screen.write(words)

    assert phone(MEMBER, LINE, local.url, cast("TextIO", typed), Screen()) == 0
    assert "< ¡Hola! 😀\n" in screen.getvalue()
    assert "before" not in screen.getvalue()
    assert [hit.form["Body"] for hit in service.hits] == ["before the phone was opened", "hola"]


def test_a_text_that_did_not_arrive_is_said_and_other_phones_stay_silent(
    local: LocalTwilio, handset: Handset, twilio: Client
) -> None:
    handset.turn(unreachable=[MEMBER])
    typed, screen = Typed(), io.StringIO()

    class Screen(io.StringIO):
        def write(self, words: str) -> int:
            if words.startswith(MEMBER):
                twilio.messages.create(to="+12025550122", from_=LINE, body="for another")
                twilio.messages.create(to=MEMBER, from_=LINE, body="never seen")
            if "did not arrive" in words:
                typed.finished.set()
            return screen.write(words)

    assert phone(MEMBER, LINE, local.url, cast("TextIO", typed), Screen()) == 0
    assert "undelivered, error 30003" in screen.getvalue()
    assert "for another" not in screen.getvalue()
    assert "never seen" not in screen.getvalue()


def test_without_a_local_twilio_it_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert phone(MEMBER, LINE, "http://127.0.0.1:9", io.StringIO("hi\n"), io.StringIO()) == 1
    assert capsys.readouterr().err.startswith("The local Twilio does not answer at http://127.0.0.1:9.")


def test_a_line_that_does_not_exist_is_named(local: LocalTwilio, capsys: pytest.CaptureFixture[str]) -> None:
    assert phone(MEMBER, "+12025550999", local.url, io.StringIO(), io.StringIO()) == 1
    assert "+12025550999 is not a line" in capsys.readouterr().err
