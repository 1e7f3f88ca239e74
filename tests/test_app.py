"""What the processes do about a schema that is not theirs."""

from collections.abc import Callable

import pytest

from sms_service.app import SchemaError, refuse_older_schema, run_ticker, run_worker
from sms_service.settings import Settings
from sms_service.store.open import open_database
from tests.house import LEO, House
from tests.servers import a_free_port


def test_an_older_schema_is_refused_with_one_sentence(settings_with: Callable[..., Settings], redis_url: str) -> None:
    settings = settings_with(REDIS_URL=redis_url)
    refused = r"older schema than this program: run `sms-service db upgrade`"
    with pytest.raises(SchemaError, match=refused):
        run_worker(settings, ("urgent",), 1)
    with pytest.raises(SchemaError, match=refused):
        run_ticker(settings)


def test_a_newer_schema_is_no_reason_to_stop_and_texts_go_on(house: House) -> None:
    with house.db.write() as conn:
        conn.exec_driver_sql("UPDATE alembic_version SET version_num = 'of_tomorrow'")
    refuse_older_schema(house.db)
    house.text(LEO, "MOOD 7")
    assert len(house.deliver()) == 1


def test_a_column_that_only_a_newer_program_knows_disturbs_nobody(house: House) -> None:
    with house.db.write() as conn:
        conn.exec_driver_sql("ALTER TABLE outbox ADD COLUMN of_tomorrow INTEGER")
        conn.exec_driver_sql("UPDATE alembic_version SET version_num = 'of_tomorrow'")
    house.text(LEO, "MOOD 7")
    assert len(house.deliver()) == 1


def test_a_database_that_is_away_does_not_end_a_worker_at_its_start(settings_with: Callable[..., Settings]) -> None:
    db = open_database(settings_with(DATABASE_URL=f"postgresql://x@127.0.0.1:{a_free_port()}/x"))
    refuse_older_schema(db)
    db.close()
