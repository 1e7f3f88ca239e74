"""doctor --live against a local Twilio that speaks HTTP: account, clock, addresses, who else is on the number."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import requests

from sms_service.carrier.twilio import TwilioCarrier
from sms_service.services.diagnose_twilio import AGAIN, our_address, twilio
from sms_service.services.finding import Finding
from sms_service.settings import Settings
from tests.hooks import Hook
from tests.house import ANA, LINE, House
from tests.jobs.conftest import Phones

Ask = Callable[..., list[Finding]]
OURS = "https://line.example.org"


@pytest.fixture
def settings(house: House, phones: Phones) -> Settings:
    """A real line as far as doctor can tell, whose Twilio is the local one."""
    return house.settings.model_copy(
        update={"public_url": OURS, "twilio_api_url": phones.url, "local_twilio": False}
    )  # fmt: skip


@pytest.fixture
def ask(house: House, settings: Settings) -> Ask:
    """What is found, with some settings otherwise."""

    def find(**changed: object) -> list[Finding]:
        chosen = settings.model_copy(update=changed)
        return list(twilio(chosen, TwilioCarrier(chosen), house.db, house.now))

    return find


@pytest.fixture
def point(settings: Settings) -> Callable[..., None]:
    """Sets addresses of the demo's number at Twilio."""
    base = f"{settings.twilio_api_url}/2010-04-01/Accounts/{settings.twilio_account_sid}/IncomingPhoneNumbers"
    auth = (settings.twilio_account_sid, settings.twilio_auth_token)

    def turn(**addresses: str) -> None:
        known = requests.get(f"{base}.json", params={"PhoneNumber": LINE}, auth=auth, timeout=5).json()
        sid = known["incoming_phone_numbers"][0]["sid"]
        requests.post(f"{base}/{sid}.json", data=addresses, auth=auth, timeout=5).raise_for_status()

    return turn


@pytest.fixture
def in_order(point: Callable[..., None]) -> None:
    """As the runbook has it: ours first, tried again, then a fallback on another host."""
    point(
        SmsUrl=f"{OURS}/webhooks/sms{AGAIN}", VoiceUrl=f"{OURS}/webhooks/voice{AGAIN}",
        SmsFallbackUrl="https://handler.twilio.com/twiml/EH1", VoiceFallbackUrl="https://handler.twilio.com/twiml/EH2",
    )  # fmt: skip


def about(found: list[Finding], level: str) -> list[str]:
    """What was found of this level, of the demo's line and of no line."""
    return [one.what for one in found if one.level == level and not one.what.startswith("night")]


@pytest.mark.usefixtures("in_order")
def test_a_line_in_order_is_all_ok(ask: Ask) -> None:
    found = ask()
    assert about(found, "FAIL") == about(found, "warn") == []
    assert "account active (Full)" in about(found, "ok")
    assert "demo, line 1: texts come here" in about(found, "ok")


def test_a_number_that_points_elsewhere_means_another_installation(ask: Ask) -> None:
    """As the local Twilio starts: its addresses are of another host."""
    found = [one for one in ask() if one.what.startswith("demo, line 1: texts go to 127.0.0.1, not here")]
    assert [one.level for one in found] == ["FAIL"]
    assert "two installations must not share a number" in found[0].do


@pytest.mark.usefixtures("in_order")
@pytest.mark.parametrize(("addresses", "level", "words"), [
    ({"SmsUrl": ""}, "FAIL", "demo, line 1: Twilio has no address for texts"),
    ({"VoiceUrl": ""}, "FAIL", "demo, line 1: Twilio has no address for calls"),
    ({"SmsUrl": f"{OURS}/sms"}, "FAIL", "demo, line 1: texts go to a wrong path here"),
    ({"SmsUrl": f"{OURS}/webhooks/sms"}, "warn", "demo, line 1: texts come here, but a failed try is not repeated"),
    ({"SmsFallbackUrl": ""}, "FAIL", "demo, line 1: no fallback for texts: when we are away people hear an error"),
    (
        {"VoiceFallbackUrl": f"{OURS}/webhooks/voice/fallback"}, "warn",
        "demo, line 1: the fallback for calls is on this host and dies with it",
    ),
])  # fmt: skip
def test_each_address_that_is_wrong_is_named_with_what_to_set(
    ask: Ask, point: Callable[..., None], addresses: dict[str, str], level: str, words: str
) -> None:
    point(**addresses)
    found = ask()
    assert words in about(found, level)
    assert next(one.do for one in found if one.what == words)


def test_a_fallback_on_the_same_host_is_explained_by_a_twiml_bin(ask: Ask, point: Callable[..., None]) -> None:
    point(SmsFallbackUrl=f"{OURS}/webhooks/sms/fallback")
    (one,) = [one for one in ask() if "fallback for texts is on this host" in one.what]
    assert "TwiML Bin" in one.do


@pytest.mark.usefixtures("in_order")
def test_texts_that_twilio_has_and_we_do_not_are_counted(house: House, ask: Ask, phones: Phones) -> None:
    phones.turn(drop_webhooks=True)
    phones.text(ANA, "purple elephants")
    house.time.move(timedelta(seconds=25))
    assert not any("at Twilio and not here" in one.what for one in ask()), "its webhook may be under way"
    house.time.move(timedelta(minutes=5))
    (one,) = [one for one in ask() if "at Twilio and not here" in one.what]
    assert (one.level, one.what) == ("warn", "demo, line 1: 1 text(s) of the last hour are at Twilio and not here")
    assert "elephants" not in one.what + one.do


def test_such_texts_on_a_number_that_points_elsewhere_are_a_failure(house: House, ask: Ask, phones: Phones) -> None:
    phones.turn(drop_webhooks=True)
    phones.text(ANA, "hello")
    house.time.move(timedelta(minutes=5))
    found = [one for one in ask() if "another installation hears them" in one.what]
    assert [one.level for one in found] == ["FAIL"]


def test_a_wrong_token_is_one_failure_that_names_the_setting(ask: Ask) -> None:
    (one,) = ask(twilio_auth_token="x" * 32)
    assert (one.level, one.what, one.do) == (
        "FAIL", "refuses our account or token (20003)", "set TWILIO_AUTH_TOKEN anew",
    )  # fmt: skip


def test_a_twilio_that_is_away_is_one_failure(ask: Ask, phones: Phones) -> None:
    phones.turn(outage=True)
    (one,) = ask()
    assert one.level == "FAIL"


@pytest.mark.usefixtures("in_order")
@pytest.mark.parametrize("by", [-31.0, 35.0])
def test_a_clock_more_than_half_a_minute_off_is_a_failure(house: House, ask: Ask, by: float) -> None:
    assert [one.level for one in ask() if one.check == "clock"] == ["ok"]
    house.time.move(timedelta(seconds=by + (5 if by > 0 else 0)))
    (one,) = [one for one in ask() if one.check == "clock"]
    assert one.level == "FAIL"


def test_a_number_of_somebody_else_is_a_failure(house: House, ask: Ask) -> None:
    from sms_service.store.programs import add_line

    with house.db.write() as conn:
        line = add_line(conn, house.program_id, "+12025550300", 1.0, house.now)
    assert f"demo, line {line} is not a number of this Twilio account" in about(ask(), "FAIL")


def test_an_address_that_answers_is_ok_and_one_that_does_not_is_a_failure(settings: Settings, hook: Hook) -> None:
    here = settings.model_copy(update={"public_url": hook.url.rstrip("/")})
    assert [one.level for one in our_address(here)] == ["ok"]
    hook.status = 502
    (one,) = our_address(here)
    assert (one.level, one.what) == ("FAIL", "PUBLIC_URL does not answer (http 502)")
