"""At rest nothing is readable: a dump holds no number, no name, no words."""

import sqlite3
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from cryptography.fernet import Fernet, InvalidToken
from hypothesis import given
from hypothesis import strategies as st
from psycopg import sql
from redis import Redis
from sqlalchemy import select

from sms_service.domain.words import ProgramId
from sms_service.store.inbounds import inbounds
from sms_service.store.sealing import Keyring
from tests.house import ANA, CARMEN, LINE, RUTH, SAM, House

PLANTED = "+12025551234"
SPELLINGS = ("2025551234", "(202) 555-1234", "202-555-1234", "202 555 1234", "5551234", "555-1234")
WORDS = ("purple elephants", "Zebulon", "marmalade sky")


def _talk(house: House) -> None:
    """A whole conversation with words that can be looked for."""
    house.join(PLANTED)
    for body in ("name Zebulon", "MOOD 2", "i feel so alone with purple elephants", "1"):
        house.text(PLANTED, body)
    house.deliver()
    (case,) = [c for c in house.cases() if c.member_id == house.person(PLANTED).id]
    house.text(SAM, f"TAKE {case.case_no}")
    house.text(SAM, "what about the marmalade sky")
    house.text(PLANTED, "purple elephants all the way")
    house.deliver()
    house.text(PLANTED, "STOP")


def _dump(house: House) -> bytes:
    """Every byte the database would give to somebody who copied it."""
    if house.db.is_sqlite:
        path = Path(str(house.db.url.database))
        files = [path, path.with_name(path.name + "-wal")]
        raw = b"".join(file.read_bytes() for file in files if file.exists())
        with closing(sqlite3.connect(path)) as conn:
            return raw + "\n".join(conn.iterdump()).encode()
    url = house.db.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(url) as conn:
        names = [row[0] for row in conn.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
        tables = [sql.SQL("SELECT * FROM {}").format(sql.Identifier(name)) for name in names]
        rows = [str(row) for table in tables for row in conn.execute(table)]
    return "\n".join(rows).encode()


def test_a_dump_after_a_whole_conversation_holds_no_number_no_name_and_no_words(house: House) -> None:
    _talk(house)
    assert any("purple elephants" in body for body in house.sent(SAM)), "they were relayed"
    dump = _dump(house)
    assert str(house.program_id).encode() in dump
    numbers = (PLANTED, PLANTED[1:], *SPELLINGS, *(n[1:] for n in (ANA, SAM, CARMEN, RUTH, LINE)))
    assert [word for word in (*numbers, *WORDS, "Marisol", "mood check-ins") if word.encode() in dump] == []


def test_nor_does_redis(house: House, redis_url: str) -> None:
    _talk(house)
    with Redis.from_url(redis_url) as client:
        held = b"\n".join(client.dump(key) or b"" for key in client.scan_iter("*"))
        assert client.dbsize() > 0
    assert [word for word in (PLANTED[1:], *SPELLINGS, *WORDS) if word.encode() in held] == []


def test_the_same_words_are_never_sealed_the_same_way_twice(house: House) -> None:
    house.text(ANA, "MOOD 7")
    house.text(ANA, "MOOD 7")
    with house.db.read() as conn:
        raw = [row[0] for row in conn.exec_driver_sql("SELECT body FROM inbounds")]
        assert list(conn.scalars(select(inbounds.c.body))) == ["MOOD 7", "MOOD 7"]
    assert len(set(raw)) == 2


def _ring(*data_keys: str, lookup: dict[int, str] | None = None) -> Keyring:
    return Keyring(data_keys, lookup or {1: "a" * 32})


OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()


@given(st.text(max_size=300))
def test_what_is_sealed_opens_again_whatever_it_says(words: str) -> None:
    ring = _ring(OLD)
    assert ring.open(ring.seal(words)) == words


def test_the_first_key_seals_all_open_and_rotation_moves_to_the_first() -> None:
    token = _ring(OLD).seal("words")
    both = _ring(NEW, OLD)
    assert both.open(token) == "words"
    assert _ring(NEW).open(both.rotated(token)) == "words"
    with pytest.raises(InvalidToken):
        _ring(NEW).open(token)


def test_a_number_is_filed_under_the_first_key_and_found_under_all() -> None:
    ring = _ring(OLD, lookup={2: "b" * 32, 1: "a" * 32})
    filed, key = ring.file_under(ProgramId(1), PLANTED)
    assert (key, ring.find_under(ProgramId(1), PLANTED)[0]) == (2, filed)
    assert _ring(OLD).file_under(ProgramId(1), PLANTED)[0] in ring.find_under(ProgramId(1), PLANTED)


def test_two_programs_file_the_same_number_differently() -> None:
    """Nobody can tell from the rows that a person is in both."""
    ring = _ring(OLD)
    assert ring.file_under(ProgramId(1), PLANTED) != ring.file_under(ProgramId(2), PLANTED)


def test_no_key_is_in_the_repr_of_the_keyring() -> None:
    assert OLD not in repr(_ring(OLD))
    assert "a" * 32 not in repr(_ring(OLD))
