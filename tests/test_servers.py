"""The databases that tests get: newest schema, empty, and each test's own."""

from collections.abc import Callable

import pytest
import redis

from sms_service.settings import Settings
from sms_service.store.open import open_database
from sms_service.store.programs import all_programs


@pytest.mark.parametrize("_", [1, 2])
def test_each_test_has_a_migrated_database_of_its_own(
    database_url: str, settings_with: Callable[..., Settings], _: int
) -> None:
    database = open_database(settings_with(DATABASE_URL=database_url))
    try:
        with database.write() as conn:
            assert all_programs(conn) == []
            conn.exec_driver_sql(
                "INSERT INTO programs (slug, name, short, country, zone, language, url, quiet_from, quiet_until,"
                " settings, created_at) SELECT 'x', 'x', 'x', 'US', 'UTC', 'en', '', 0, 0, '{}',"
                + (" 0" if database.is_sqlite else " '2026-01-01T00:00:00Z'")
            )
    finally:
        database.close()


@pytest.mark.parametrize("_", [1, 2])
def test_each_test_has_an_empty_redis(redis_url: str, _: int) -> None:
    with redis.Redis.from_url(redis_url) as client:
        assert client.dbsize() == 0
        client.set("left", "behind")
