"""The ticker's work for the operator: told beside the beat, whatever hangs; a full disk, a jump, two tickers."""

import resource
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from sms_service.app import create_app
from sms_service.jobs.ticker import Ticker
from sms_service.services.upkeep import Upkeep
from sms_service.settings import Settings
from tests.hooks import Hook
from tests.house import ANA, LEO, House
from tests.jobs.conftest import Phones
from tests.webhooks.conftest import Twilio


@pytest.fixture
def settings(house: House, hook: Hook) -> Settings:
    return house.settings.model_copy(update={"alert_url": hook.url, "heartbeat_url": hook.url})


@pytest.fixture
def start(house: House, phones: Phones, settings: Settings) -> Callable[[], Callable[[], None]]:
    """A ticker; each call of it is one beat at the house's moment, with all that it began."""

    def make() -> Callable[[], None]:
        upkeep = Upkeep(settings, house.desk, phones.carrier)
        ticker = Ticker(house.desk, phones.carrier, upkeep)

        def beat() -> None:
            ticker.tick(house.now)
            ticker.settle_down()
            upkeep.settle_down()

        return beat

    return make


def test_an_urgent_message_that_does_not_go_is_told_once_by_two_tickers_and_mended_once(
    house: House, hook: Hook, start: Callable[[], Callable[[], None]]
) -> None:
    """With Redis there and no worker."""
    house.text(ANA, "i want to kill myself")
    pair = [start(), start()]
    house.time.move(timedelta(seconds=61))
    for _ in range(3):
        for beat in pair:
            beat()
        house.time.move(timedelta(seconds=6))
    house.deliver()
    for _ in range(14):
        for beat in pair:
            beat()
        house.deliver()
        house.time.move(timedelta(seconds=6))
    assert [said for said in hook.said() if said[0] == "late"] == [("late", "unwell"), ("late", "mended")]


def test_a_clock_that_jumps_is_told(house: House, hook: Hook, start: Callable[[], Callable[[], None]]) -> None:
    beat = start()
    beat()
    house.time.move(timedelta(minutes=10))
    beat()
    assert ("clock", "unwell") in hook.said()


def test_the_heartbeat_comes_from_the_ticker(house: House, hook: Hook, start: Callable[[], Callable[[], None]]) -> None:
    beat = start()
    for _ in range(40):
        beat()
        house.time.move(timedelta(seconds=5))
    assert hook.gets == 4, "after ten seconds, then each minute"


def test_an_address_that_hangs_holds_no_beat_up(house: House, hook: Hook, phones: Phones, settings: Settings) -> None:
    house.text(ANA, "i want to kill myself")
    house.time.move(timedelta(seconds=70))
    hook.hangs.set()
    upkeep = Upkeep(settings, house.desk, phones.carrier)
    ticker = Ticker(house.desk, phones.carrier, upkeep)
    began = time.monotonic()
    for _ in range(10):
        ticker.tick(house.now)
        house.time.move(timedelta(seconds=6))
    took = time.monotonic() - began
    waits = [name for name, one in upkeep._running.items() if not one.done()]
    hook.over.set()
    ticker.settle_down()
    upkeep.settle_down()
    assert took < 6, "less than the address hung"
    assert "alerts" in waits
    assert len(hook.got) == 1


def test_a_duty_that_keeps_failing_is_told_and_the_rest_goes_on(
    house: House, hook: Hook, start: Callable[[], Callable[[], None]]
) -> None:
    beat = start()
    house.put(house.owe(house.person(ANA).id), "due", lane=9)
    with house.db.write() as conn:
        conn.exec_driver_sql("ALTER TABLE wakes RENAME TO wakes_away")
    for _ in range(15):
        beat()
        house.time.move(timedelta(seconds=6))
    assert next(one["what"] for one in hook.got if one["kind"] == "duty").startswith("The ticker's duty wakes keeps")


@contextmanager
def disk_full(at: int) -> Iterator[None]:
    """No file of this process may grow past so many bytes, as on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (at, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.fixture
def full(house: House) -> Callable[[], AbstractContextManager[None]]:
    """The disk of the house's SQLite file, full as it is now; a log grown past pytest's own files."""
    if not house.db.is_sqlite:
        pytest.skip("a PostgreSQL writes in another process; its full disk is one that takes no writes")
    wal = Path(f"{house.db.url.database}-wal")
    while not wal.exists() or wal.stat().st_size < 300_000:
        house.owe(house.person(LEO).id, "bulk", "x" * 200)
    return lambda: disk_full(wal.stat().st_size)


def test_a_full_disk_answers_503_alerts_and_loses_nothing(
    house: House, hook: Hook, full: Callable[[], AbstractContextManager[None]], start: Callable[[], Callable[[], None]]
) -> None:
    app = create_app(house.settings, only="webhooks")
    twilio = Twilio(app.test_client(), house.settings)
    beat, text = start(), {"MessageSid": "SM1", "From": ANA, "To": "+12025550100", "Body": "i want to kill myself"}
    beat()
    with full():
        refused = twilio.post("/webhooks/sms", **text)
        for _ in range(5):
            house.time.move(timedelta(seconds=6))
            beat()
    assert refused.status_code == 503
    assert ("write", "unwell") in hook.said()
    assert house.cases() == []
    taken = twilio.post("/webhooks/sms", **text)
    for _ in range(12):
        house.time.move(timedelta(seconds=6))
        beat()
    app.extensions["desk"].db.close()
    assert taken.status_code == 200
    assert [case.kind for case in house.cases()] == ["crisis"]
    assert hook.said().count(("write", "mended")) == 1
