"""One value that no key opens, or that says nothing, must not shut its person out."""

import pytest
from sqlalchemy import select, text

from sms_service.store.conversations import conversations
from sms_service.store.inbounds import inbounds
from sms_service.store.sealing import keyring
from tests.house import ANA, House

CRISIS = "i want to kill myself"


def _break(house: House, table: str, column: str, value: str, status: str = "") -> None:
    """Puts something else where the sealed value stood."""
    only = "AND status = 'open'" if status else ""
    whose = "id" if table == "people" else "person_id"
    change = text(f"UPDATE {table} SET {column} = :value WHERE {whose} = :id {only}")
    person_id = house.person(ANA).id
    with house.db.write() as conn:
        assert conn.execute(change, {"value": value, "id": person_id}).rowcount


@pytest.mark.parametrize(
    ("table", "column", "status"),
    [("conversations", "place", "open"), ("inbounds", "body", ""), ("people", "name", "")],
)
def test_a_crisis_of_somebody_with_an_unreadable_value_is_kept_answered_and_opens_a_case(
    house: House, table: str, column: str, status: str
) -> None:
    house.text(ANA, "MENU")
    _break(house, table, column, "no token", status)
    said = house.says(ANA, CRISIS)
    assert "988" in said[0]
    assert [case.kind for case in house.cases()] == ["crisis"]
    with house.db.read() as conn:
        last = conn.scalar(select(inbounds.c.body).order_by(inbounds.c.id.desc()).limit(1))
    assert last == CRISIS


@pytest.mark.parametrize("readable", [False, True], ids=["unreadable", "not a place"])
@pytest.mark.parametrize("words", ["1", "MENU", CRISIS])
def test_a_lost_conversation_is_ended_and_another_may_open(house: House, words: str, readable: bool) -> None:
    house.text(ANA, "MENU")
    _break(house, "conversations", "place", keyring().seal("no place") if readable else "no token", "open")
    assert house.says(ANA, words)
    assert house.says(ANA, "MENU")
    with house.db.read() as conn:
        ended = conn.scalar(select(conversations.c.status).order_by(conversations.c.id).limit(1))
    assert ended == "ended"
