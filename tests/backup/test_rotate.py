"""New keys: every value readable and every member found at each moment, on both databases, under traffic."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from sms_service import home
from sms_service.services.rotate import rotate
from sms_service.settings import Settings, load_settings
from sms_service.store.filed import FILED, keys_in_use
from sms_service.store.inbounds import inbounds
from sms_service.store.people import people
from sms_service.store.reseal import sealed_tables
from sms_service.store.sealing import Keyring, use_keyring
from sms_service.store.seals import Seals
from sms_service.store.tables import metadata
from tests.backup.elsewhere import nobody
from tests.house import ANA, KEYS, LEO, LINE, House


def given_by(said: list[str]) -> dict[str, str]:
    """The settings that a step asks for."""
    return dict(line.split("=", 1) for line in said if line.startswith(("DATA_KEYS=", "LOOKUP_KEYS=")))


@pytest.fixture
def step(house: House) -> Iterator[Callable[[], list[str]]]:
    """One run with the settings that the run before asked for, as an operator does; processes are restarted between."""
    kept = {name: KEYS[name] for name in ("DATA_KEYS", "LOOKUP_KEYS")}

    def run() -> list[str]:
        env = {"SMS_SERVICE_HOME": str(house.settings.home), "DATABASE_URL": house.settings.database_url, **kept}
        said = rotate(load_settings(env, Path("/nonexistent")), nobody)
        kept.update(given_by(said))
        house.settings = load_settings(env | kept, Path("/nonexistent"))
        use_keyring(Keyring(house.settings.data_keys, house.settings.lookup_keys))
        return said

    yield run
    use_keyring(Keyring([KEYS["DATA_KEYS"]], {1: KEYS["LOOKUP_KEYS"].removeprefix("1:")}))


def under(house: House) -> set[int | None]:
    """The places of the keys that the values of every table stand under now."""
    seals, found = Seals(house.settings.data_keys), set()
    with house.db.read() as conn:
        for table in sealed_tables():
            names = [column.name for column in table.columns if type(column.type).__name__ == "Sealed"]
            for row in conn.exec_driver_sql(f"SELECT {', '.join(names)} FROM {table.name}"):
                found |= {seals.under(value) for value in row if value is not None}
    return found


def test_four_runs_bring_everything_under_new_keys(house: House, step: Callable[[], list[str]]) -> None:
    house.text(ANA, "i feel so alone with purple elephants")
    house.text(LEO, "MOOD 7")
    before = house.sent()
    old = house.settings.data_keys[0]
    assert step()[-1].startswith("Restart every process")
    assert (house.settings.data_keys[0], len(house.settings.data_keys)) == (old, 2)
    assert house.settings.lookup_key_no == 1
    step()
    assert (house.settings.data_keys[1], house.settings.lookup_key_no) == (old, 2)
    assert any("Sealed anew" in words for words in step())
    assert under(house) == {0}
    with house.db.read() as conn:
        assert set(keys_in_use(conn)) == {2}
    said = step()
    assert any("in use no more" in words for words in said)
    assert old not in house.settings.data_keys
    assert list(house.settings.lookup_keys) == [2]
    assert house.sent() == before
    assert house.says(ANA, "MOOD 6")[0].startswith("Mood 6 saved")
    assert "finished" in step()[-1]


def test_a_run_that_is_broken_off_is_taken_up_again(house: House, step: Callable[[], list[str]]) -> None:
    for _ in range(30):
        house.text(LEO, "MOOD 7")
    step()
    step()

    def break_off(name: str, _more: int) -> None:
        if name == "inbounds":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rotate(house.settings, break_off)
    assert under(house) <= {0, 1}
    step()
    assert under(house) == {0}


def test_under_traffic_nothing_is_unreadable_and_everybody_is_found(
    house: House, step: Callable[[], list[str]]
) -> None:
    """Conversations go on in four threads while every row is sealed and filed anew."""
    numbers = [f"+1202555{n}" for n in range(2000, 2040)]
    for number in numbers:
        house.new_person(number, name="Zed")
        house.text(number, "MOOD 7")
    step()
    step()
    over, wrong, told = threading.Event(), [], threading.Lock()

    def talk(mine: list[str]) -> None:
        try:
            while not over.is_set():
                for number in mine:
                    house.text(number, "MOOD 6")
                    if house.person(number).name != "Zed":
                        wrong.append(number)
        except Exception as error:  # noqa: BLE001  # whatever goes wrong in a conversation fails the test
            with told:
                wrong.append(type(error).__name__)

    talking = [threading.Thread(target=talk, args=(numbers[n::4],)) for n in range(4)]
    for one in talking:
        one.start()
    try:
        for _ in range(3):
            rotate(house.settings, nobody)
    finally:
        over.set()
        for one in talking:
            one.join()
    assert wrong == []
    assert under(house) == {0}
    with house.db.read() as conn:
        assert conn.scalar(select(func.count()).select_from(people).where(people.c.lookup_key == 1)) == 0
        assert all(conn.scalars(select(inbounds.c.body)))


def test_a_number_that_is_there_under_both_keys_is_left_and_said(house: House, step: Callable[[], list[str]]) -> None:
    step()
    step()
    with house.db.write() as conn:  # as a process without the new key would have made it
        twice, key = Keyring(house.settings.data_keys, house.settings.lookup_keys).file_under(house.program_id, ANA)
        row = conn.execute(select(people).where(people.c.id == house.person(LEO).id)).one()
        conn.execute(people.update().where(people.c.id == row.id).values(lookup=twice, lookup_key=key))
    assert any("could not be filed anew" in words for words in step())


def test_keys_of_a_home_whose_service_is_stopped_are_rotated_at_once(
    settings_with: Callable[..., Settings], sqlite_url: str
) -> None:
    settings = settings_with(DATABASE_URL=sqlite_url)
    said = rotate(settings, nobody)
    assert "finished" in said[-1]
    later = settings_with(DATABASE_URL=sqlite_url)
    assert len(later.data_keys) == 1
    assert set(later.data_keys).isdisjoint(settings.data_keys)
    assert list(later.lookup_keys) == [2]
    assert not [words for words in said if later.data_keys[0] in words], "no key is shown that need not be"


def test_with_the_service_running_each_step_waits_for_a_restart(
    settings_with: Callable[..., Settings], sqlite_url: str
) -> None:
    with home.owned(settings_with(DATABASE_URL=sqlite_url).home) as ours:
        assert ours
        before = settings_with(DATABASE_URL=sqlite_url)
        assert rotate(before, nobody)[-1].startswith("Restart every process")
        after = settings_with(DATABASE_URL=sqlite_url)
    assert after.data_keys[:-1] == before.data_keys
    assert (settings_with(DATABASE_URL=sqlite_url).home / "secrets.json").stat().st_mode & 0o777 == 0o600


def test_every_table_that_files_numbers_is_filed_anew() -> None:
    assert {table.name for table in metadata.sorted_tables if "lookup_key" in table.c} == {t.name for t in FILED}


def test_every_sealed_table_has_an_id_to_go_by() -> None:
    assert [table.name for table in sealed_tables() if [key.name for key in table.primary_key] != ["id"]] == []
    assert LINE
