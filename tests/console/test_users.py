"""Users and their tries to sign in, as both databases keep them."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from sms_service.store.database import Database
from sms_service.store.users import (
    COORDINATOR,
    TRIES,
    add_user,
    count_try,
    forget_tries,
    plain_email,
    roles,
    roles_users,
    sign_in_tries,
    users,
)
from tests.console.house import NOON, PASSWORD, House


def test_adding_a_user_twice_changes_nothing(database: Database, house: House) -> None:
    with database.write() as conn:
        before = conn.execute(select(users)).all()
        again = add_user(conn, house.program_id, house.email.upper(), "another password", COORDINATOR)
        assert again is None
        assert conn.execute(select(users)).all() == before


def test_a_second_user_shares_the_role(database: Database, house: House) -> None:
    with database.write() as conn:
        assert add_user(conn, house.program_id, "leo@harbour.example", PASSWORD, COORDINATOR)
        assert conn.scalar(select(func.count()).select_from(roles)) == 1
        assert conn.scalar(select(func.count()).select_from(roles_users)) == 2


@pytest.mark.parametrize(
    ("email", "password", "role", "sentence"),
    [
        ("nonsense", PASSWORD, COORDINATOR, "nonsense is not an e-mail address."),
        ("leo@harbour.example", "x" * 7, COORDINATOR, "A password has 8 to 200 characters."),
        ("leo@harbour.example", "x" * 201, COORDINATOR, "A password has 8 to 200 characters."),
        ("leo@harbour.example", PASSWORD, "king", "king is not a role; there is: coordinator."),
    ],
)
def test_a_user_who_cannot_be_added_is_refused_with_a_sentence(
    database: Database, house: House, email: str, password: str, role: str, sentence: str
) -> None:
    with database.write() as conn, pytest.raises(ValueError, match=f"^{re.escape(sentence)}$"):
        add_user(conn, house.program_id, email, password, role)


def test_no_password_is_kept_readable(database: Database, house: House) -> None:
    with database.read() as conn:
        assert PASSWORD not in repr(conn.execute(select(users)).all())


@pytest.mark.parametrize("text", [" Ana@Harbour.Example ", "ana@harbour.example", "ANA@HARBOUR.EXAMPLE"])
def test_an_address_has_one_spelling(text: str) -> None:
    assert plain_email(text) == "ana@harbour.example"


def test_tries_made_at_once_cannot_outrun_the_count(database: Database) -> None:
    """Thirty at the same moment: ten passwords are looked at, not one more."""

    def one(_: int) -> bool:
        with database.write() as conn:
            return count_try(conn, "key", NOON)

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(one, range(30))) == TRIES


def test_a_lock_is_not_lengthened_by_tries_meanwhile(database: Database) -> None:
    with database.write() as conn:
        for second in range(TRIES):
            assert count_try(conn, "key", NOON + timedelta(seconds=second))
        last = NOON + timedelta(seconds=TRIES - 1)
        for minute in range(15):
            assert not count_try(conn, "key", last + timedelta(minutes=minute))
        assert count_try(conn, "key", last + timedelta(minutes=15))


def test_a_right_password_starts_the_count_over(database: Database) -> None:
    with database.write() as conn:
        for _ in range(TRIES - 1):
            count_try(conn, "key", NOON)
        forget_tries(conn, "key")
        assert all(count_try(conn, "key", NOON) for _ in range(TRIES))


def test_the_tries_of_one_address_are_not_those_of_another(database: Database) -> None:
    with database.write() as conn:
        for _ in range(TRIES):
            count_try(conn, "key", NOON)
        assert count_try(conn, "other", NOON)
        assert not count_try(conn, "key", NOON)


def test_tries_are_forgotten_after_a_day(database: Database) -> None:
    with database.write() as conn:
        count_try(conn, "key", NOON)
        count_try(conn, "other", NOON + timedelta(days=1, seconds=1))
        assert conn.scalars(select(sign_in_tries.c.email_key)).all() == ["other"]
