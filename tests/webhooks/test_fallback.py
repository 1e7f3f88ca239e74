"""The last words: said without database and Redis, signed like everything else."""

from collections.abc import Callable, Iterator
from xml.etree import ElementTree as ET

import pytest

from sms_service.app import create_app
from sms_service.settings import Settings
from tests.servers import a_free_port
from tests.webhooks.conftest import Twilio

SMS, VOICE = "/webhooks/sms/fallback", "/webhooks/voice/fallback"


@pytest.fixture
def alone(settings_with: Callable[..., Settings]) -> Iterator[Twilio]:
    """The application with nothing behind it: no database, no Redis."""
    settings = settings_with(
        DATABASE_URL=f"postgresql://x@127.0.0.1:{a_free_port()}/x", REDIS_URL=f"redis://127.0.0.1:{a_free_port()}/0"
    )
    app = create_app(settings, only="webhooks")
    yield Twilio(app.test_client(), settings)
    app.extensions["desk"].db.close()


def _said(twilio: Twilio, body: str) -> str:
    answer = twilio.post(SMS, MessageSid="SM1", From="+12025550121", To="+12025550100", Body=body, ErrorCode="11200")
    assert (answer.status_code, answer.mimetype) == (200, "text/xml")
    return ET.fromstring(answer.text).findtext("Message") or ""


@pytest.mark.parametrize("body", ["hello", "MOOD 2", "i want to kill myself", "", "😀", "x" * 1600])
def test_a_text_is_answered_with_988_and_911(alone: Twilio, body: str) -> None:
    words = _said(alone, body)
    assert "988" in words
    assert "911" in words


def test_spanish_is_answered_in_spanish(alone: Twilio) -> None:
    assert "oprima 2" in _said(alone, "quiero matarme")


@pytest.mark.parametrize("body", ["i took all my pills", "i just overdosed"])
def test_who_took_something_is_told_to_call_911_now(alone: Twilio, body: str) -> None:
    words = _said(alone, body)
    assert words.startswith("Call 911 now.")
    assert "team" not in words, "nobody is told while we are away"


def test_nothing_is_promised_that_is_not_kept(alone: Twilio) -> None:
    assert "volunteer" not in _said(alone, "i want to kill myself")


def test_a_call_hears_988_and_911_in_both_languages_twice_and_ends(alone: Twilio) -> None:
    answer = alone.post(VOICE, CallSid="CA1", From="+12025550121", To="+12025550100", ErrorCode="11205")
    verbs = list(ET.fromstring(answer.text))
    assert [verb.tag for verb in verbs] == ["Say", "Say", "Say", "Say", "Hangup"]
    assert {verb.get("language") for verb in verbs[:4]} == {"en-US", "es-US"}
    assert all("9 8 8" in (verb.text or "") and "911" in (verb.text or "") for verb in verbs[:4])


@pytest.mark.parametrize("path", [SMS, VOICE])
def test_without_a_signature_nothing_is_said(alone: Twilio, path: str) -> None:
    answer = alone.client.post(path, data={"Body": "hello"})
    assert answer.status_code == 403
    assert "988" not in answer.text


@pytest.mark.parametrize("path", ["/webhooks/mail/fallback", "/webhooks/fallback"])
def test_there_is_no_other_fallback(alone: Twilio, path: str) -> None:
    assert alone.post(path).status_code in (403, 404)
