"""doctor without Twilio: each thing that can be wrong on this machine, in one line with what to do."""

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from redis import Redis
from rq import Queue, SimpleWorker
from rq.serializers import JSONSerializer
from sqlalchemy import update

from sms_service.domain.words import LANES
from sms_service.services.diagnose import diagnose
from sms_service.services.finding import Finding
from sms_service.services.hold import hold
from sms_service.services.watch import TICKED
from sms_service.store.marks import set_mark
from sms_service.store.people import people
from sms_service.store.rota import shifts
from tests.house import ANA, LEO, House
from tests.servers import a_free_port

Look = Callable[..., list[Finding]]


@pytest.fixture
def look(house: House) -> Look:
    """What doctor finds of one check, with some settings otherwise."""

    def find(check: str, **changed: object) -> list[Finding]:
        settings = house.settings.model_copy(update=changed)
        return [one for one in diagnose(settings, house.now, live=False) if one.check == check]

    return find


def only(found: list[Finding]) -> tuple[str, str]:
    """Level and words of the one finding."""
    (one,) = found
    return one.level, one.what


@pytest.fixture
def workers(house: House, redis_url: str) -> Iterator[None]:
    """Workers of every lane, as Redis knows them."""
    with closing(Redis.from_url(redis_url)) as redis:
        queues = [Queue(lane, connection=redis, serializer=JSONSerializer) for lane in LANES]
        worker = SimpleWorker(queues, connection=redis, serializer=JSONSerializer)
        worker.register_birth()  # type: ignore[no-untyped-call]
        yield
        worker.register_death()  # type: ignore[no-untyped-call]


@pytest.mark.usefixtures("workers")
def test_a_house_in_order_has_no_failure(house: House) -> None:
    with house.db.write() as conn:
        set_mark(conn, TICKED, house.now.isoformat())
    found = list(diagnose(house.settings, house.now, live=False))
    stands_still = set() if house.db.is_sqlite else {"clock"}  # the house's clock, not the server's
    assert {one.check for one in found if one.level == "FAIL"} == stands_still
    assert all(one.do for one in found if one.level == "warn")


def test_nobody_at_work_on_a_lane_is_a_failure(look: Look) -> None:
    assert only(look("workers")) == ("FAIL", "nobody works on urgent, reply, scheduled, bulk")


def test_other_peoples_keys_in_our_redis_are_counted_and_not_named(house: House, look: Look, redis_url: str) -> None:
    house.text(LEO, "MOOD 7")
    assert only(look("redis")) == ("ok", "answers")
    with closing(Redis.from_url(redis_url)) as redis:
        redis.mset({"session:of:ana": "1", "cart:7": "2"})
        assert look("redis")[1].what == "2 keys in the same Redis database are not ours"
        redis.delete("session:of:ana", "cart:7")


def test_a_redis_that_is_away_is_a_failure(look: Look) -> None:
    assert only(look("redis", given_redis_url=f"redis://127.0.0.1:{a_free_port()}/0")) == ("FAIL", "does not answer")


def test_a_database_that_is_away_ends_it_with_a_failure(look: Look) -> None:
    away = f"postgresql+psycopg://x@127.0.0.1:{a_free_port()}/x"
    assert only(look("database", database_url=away)) == ("FAIL", "cannot be reached (OperationalError)")


@pytest.mark.parametrize(("version", "level", "words"), [
    ("of_tomorrow", "warn", "has schema of_tomorrow, newer than this program"), (None, "FAIL", "is empty"),
])  # fmt: skip
def test_a_schema_that_is_not_ours_is_named(
    house: House, look: Look, version: str | None, level: str, words: str
) -> None:
    with house.db.write() as conn:
        if version:
            conn.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{version}'")
        else:
            conn.exec_driver_sql("DELETE FROM alembic_version")
    found = only(look("database"))
    assert found[0] == level
    assert found[1].startswith(words)


def test_with_a_newer_schema_everything_else_is_looked_at_all_the_same(house: House, look: Look) -> None:
    with house.db.write() as conn:
        conn.exec_driver_sql("UPDATE alembic_version SET version_num = 'of_tomorrow'")
    assert only(look("outbox"))[0] == "ok"


def test_a_hold_is_named_with_what_it_means(house: House, look: Look) -> None:
    assert look("hold") == []
    hold(house.db, ("reply", "bulk"), house.now)
    assert only(look("hold")) == ("warn", "reply, bulk on hold; people get no answers")


def test_values_that_no_key_opens_are_counted(house: House, look: Look) -> None:
    house.text(ANA, "MOOD 7")
    assert only(look("keys"))[0] == "ok"
    from cryptography.fernet import Fernet

    level, what = only(look("keys", data_keys=(Fernet.generate_key().decode(),)))
    assert level == "FAIL"
    seen = what.split()
    assert (seen[0], what.endswith("open with no key")) == (seen[2], True)


def test_messages_that_wait_too_long_are_a_failure_unless_they_are_held(house: House, look: Look) -> None:
    house.text(LEO, "MOOD 7")
    house.time.move(timedelta(minutes=6))
    assert only(look("outbox")) == ("FAIL", "messages wait too long: reply 6 min")
    hold(house.db, ("reply",), house.now)
    assert only(look("outbox"))[0] == "ok"


def test_what_failed_in_the_last_day_is_counted(house: House, look: Look) -> None:
    house.put(house.owe(house.person(ANA).id), "failed", settled_at=house.now, error_code=30007)
    house.put(house.owe(house.person(LEO).id), "unsure", settled_at=house.now)
    assert look("outbox")[1].what == "in the last 24 h: 1 failed, 1 unsure"


@pytest.mark.parametrize(("ago", "level", "words"), [
    (5, "ok", "at work"), (120, "FAIL", "last seen at work 2 min ago"),
])  # fmt: skip
def test_a_ticker_that_stopped_is_a_failure(house: House, look: Look, ago: int, level: str, words: str) -> None:
    assert only(look("ticker")) == ("warn", "has never run on this database")
    with house.db.write() as conn:
        set_mark(conn, TICKED, (house.now - timedelta(seconds=ago)).isoformat())
    assert only(look("ticker")) == (level, words)


def test_one_supervisor_is_not_enough_for_a_real_line(look: Look) -> None:
    words = "demo: this line is not ready: 1 of 2 supervisors"
    assert (look("rota")[0].level, look("rota")[0].what) == ("warn", words)
    assert (look("rota", local_twilio=False)[0].level, look("rota", local_twilio=False)[0].what) == ("FAIL", words)
    assert look("rota", local_twilio=False)[2].what == "night: 2 supervisors"


def test_hours_without_a_volunteer_are_named_by_the_programs_clock(house: House, look: Look) -> None:
    known = {"always": False, "weekdays": 0b1111111, "start": 8 * 60, "end": 22 * 60, "zone": "America/New_York"}
    with house.db.write() as conn:
        conn.execute(update(shifts).where(shifts.c.role == "volunteer").values(**known))
    what = look("rota")[1].what  # one night of this week is an hour short
    assert what.startswith("demo: 69 of 168 hours of the next week without a volunteer: Wed 22:00 to Thu 08:00, ")
    assert what.endswith("and 4 more")


def test_a_volunteer_who_is_off_covers_nothing(house: House, look: Look) -> None:
    with house.db.write() as conn:
        conn.execute(update(people).values(off_until=house.now + timedelta(days=30)))
    assert "no volunteer is on call in the next week" in look("rota")[1].what


@pytest.mark.parametrize(("changed", "words"), [
    ({"public_url": "http://127.0.0.1:8000"}, "this machine itself"),
    ({"public_url": "http://line.example.org"}, "not https"),
    ({"public_url": "https://line.example.org"}, "SMS_SERVICE_ENV=local"),
    ({"twilio_auth_token_previous": "0" * 32}, "previous Twilio token"),
])  # fmt: skip
def test_settings_that_do_not_fit_a_real_line_are_named(look: Look, changed: dict[str, str], words: str) -> None:
    found = look("settings", local_twilio=False, **changed)
    assert [one for one in found if words in one.what and one.do]


def test_a_test_clock_is_named(look: Look, tmp_path: Path) -> None:
    level, what = only(look("clock", test_clock=tmp_path / "clock"))
    assert (level, str(tmp_path) in what) == ("warn", True)


def test_a_clock_far_from_the_databases_is_a_failure_on_postgresql(house: House, look: Look) -> None:
    """The house stands still in March; the server does not."""
    level, what = only(look("clock"))
    assert (level, "database's clock" in what) == (("ok", False) if house.db.is_sqlite else ("FAIL", True))


def test_secrets_that_others_can_read_are_a_failure(house: House, look: Look) -> None:
    file = house.settings.home / "secrets.json"
    file.chmod(0o644)
    assert only(look("secrets")) == ("FAIL", "secrets.json can be read by others")


def test_twilio_is_not_asked_and_that_is_said(look: Look) -> None:
    assert only(look("twilio"))[0] == "warn"


def test_nobody_is_named_by_number_or_by_name(house: House) -> None:
    house.text(ANA, "i want to kill myself with purple elephants")
    house.time.move(timedelta(minutes=30))
    said = " ".join(f"{one.what} {one.do}" for one in diagnose(house.settings, house.now, live=False))
    assert [word for word in (ANA[1:], "Ana", "elephants", "5550100") if word in said] == []
