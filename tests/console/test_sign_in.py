"""Signing in and out: who gets in, who is locked out, and what the browser is told to keep."""

from collections.abc import Callable
from datetime import timedelta
from time import perf_counter
from urllib.parse import urljoin, urlsplit

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update

from sms_service import clock
from sms_service.settings import Settings
from sms_service.store.database import Database
from sms_service.store.users import COORDINATOR, add_user, sign_in_tries, users
from tests.console.house import PASSWORD, TOKEN, House, make_house, sign_in

WRONG = "That e-mail address and password do not match."
LOCKED = "Too many tries with this e-mail address. Please wait 15 minutes, then try again."


@pytest.fixture
def settings(settings_with: Callable[..., Settings]) -> Settings:
    """SQLite alone: what differs between databases is in test_users.py and test_today.py."""
    return settings_with()


def try_badly(client: FlaskClient, email: str, times: int) -> None:
    for _ in range(times):
        answer = sign_in(client, email, "not the password")
        assert WRONG in answer.text


def is_in(client: FlaskClient) -> bool:
    return client.get("/console/").status_code == 200


def test_address_and_password_open_the_board(client: FlaskClient, house: House) -> None:
    answer = sign_in(client, house.email)
    assert (answer.status_code, answer.location) == (302, "/console/")
    assert is_in(client)
    assert house.audited() == [("signed_in", "user:1"), ("opened_today", f"program:{house.program_id}")]


@pytest.mark.parametrize("email", ["ANA@Harbour.Example", " ana@harbour.example "])
def test_an_address_is_the_same_in_any_case(client: FlaskClient, house: House, email: str) -> None:
    assert sign_in(client, email).status_code == 302


def test_an_accented_password_is_the_same_however_it_is_composed(
    client: FlaskClient, database: Database, house: House
) -> None:
    with database.write() as conn:
        add_user(conn, house.program_id, "leo@harbour.example", "señal\u0301-de-humo", COORDINATOR)
    assert sign_in(client, "leo@harbour.example", "señaĺ-de-humo").status_code == 302


def test_the_password_is_not_hashed_anew_at_each_sign_in(client: FlaskClient, database: Database, house: House) -> None:
    with database.read() as conn:
        before = conn.scalar(select(users.c.password))
    sign_in(client, house.email)
    with database.read() as conn:
        assert conn.scalar(select(users.c.password)) == before
    assert str(before).startswith("$argon2id$")


def test_an_old_hash_is_renewed_inside_the_write_section(client: FlaskClient, database: Database, house: House) -> None:
    """A password kept under older settings still opens, and is kept under the present ones from then on."""
    from argon2 import PasswordHasher

    old = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash(PASSWORD)
    with database.write() as conn:
        conn.execute(update(users).values(password=old))
    assert sign_in(client, house.email).status_code == 302
    with database.read() as conn:
        assert conn.scalar(select(users.c.password)) != old
    assert sign_in(client.application.test_client(), house.email).status_code == 302


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("ana@harbour.example", "wrong password"),
        ("nobody@harbour.example", PASSWORD),
        ("not an address", PASSWORD),
        ("ana@harbour.example", "x" * 5000),
        ("ana@harbour.example", ""),
        ("", PASSWORD),
        ("ana@harbour.example\x00", PASSWORD),
    ],
)
def test_every_refusal_says_the_same(client: FlaskClient, house: House, email: str, password: str) -> None:
    answer = sign_in(client, email, password)
    assert answer.status_code == 200
    assert WRONG in answer.text
    assert not is_in(client)


def test_a_user_who_was_switched_off_is_refused_like_a_stranger(
    client: FlaskClient, database: Database, house: House
) -> None:
    with database.write() as conn:
        conn.execute(update(users).values(active=False))
    assert WRONG in sign_in(client, house.email).text


def test_a_known_and_an_unknown_address_take_as_long(client: FlaskClient, house: House) -> None:
    """Within a factor of two, by the quickest of some: one hash is made for either."""

    def takes(email: str) -> float:
        began = perf_counter()
        sign_in(client, email, "not the password")
        return perf_counter() - began

    known, unknown = [], []
    for n in range(7):
        known.append(takes(house.email))
        unknown.append(takes(f"nobody{n}@harbour.example"))
    assert 0.5 < min(known) / min(unknown) < 2


def test_ten_bad_tries_lock_an_address_for_fifteen_minutes(
    client: FlaskClient, house: House, time: clock.Frozen
) -> None:
    try_badly(client, house.email, 10)
    assert LOCKED in sign_in(client, house.email).text
    time.move(timedelta(minutes=15) - timedelta(seconds=1))
    assert LOCKED in sign_in(client, house.email).text
    time.move(timedelta(seconds=1))
    assert sign_in(client, house.email).status_code == 302


def test_nine_bad_tries_do_not_lock_and_a_good_one_starts_over(client: FlaskClient, house: House) -> None:
    for _ in range(2):
        try_badly(client, house.email, 9)
        assert sign_in(client, house.email).status_code == 302
        client.delete_cookie("console")


def test_tries_count_for_fifteen_minutes_each(client: FlaskClient, house: House, time: clock.Frozen) -> None:
    for _ in range(12):
        try_badly(client, house.email, 1)
        time.move(timedelta(seconds=101))  # the tenth is more than 15 minutes after the first
    assert sign_in(client, house.email).status_code == 302


def test_tries_on_both_sides_of_a_quarter_hour_count_together(
    client: FlaskClient, house: House, time: clock.Frozen
) -> None:
    """The fifteen minutes slide: nine tries just before their end and one just after still make ten."""
    time.move(timedelta(minutes=14))
    try_badly(client, house.email, 9)
    time.move(timedelta(minutes=2))
    try_badly(client, house.email, 1)
    assert LOCKED in sign_in(client, house.email).text


def test_an_address_nobody_has_is_locked_just_the_same(client: FlaskClient, house: House) -> None:
    try_badly(client, "nobody@harbour.example", 10)
    assert LOCKED in sign_in(client, "nobody@harbour.example").text


def test_the_lock_cannot_be_walked_around_by_spelling(client: FlaskClient, house: House) -> None:
    for spelling in (
        "ana@harbour.example",
        "ANA@harbour.example",
        "ana@HARBOUR.EXAMPLE",
        " ana@harbour.example",
    ):
        try_badly(client, spelling, 3) if spelling.islower() else try_badly(client, spelling, 2)
    assert LOCKED in sign_in(client, house.email).text


def test_one_locked_address_leaves_the_others_alone(client: FlaskClient, house: House, other: House) -> None:
    try_badly(client, house.email, 10)
    assert sign_in(client, other.email).status_code == 302


def test_a_lock_does_not_throw_out_who_is_in(ana: FlaskClient, house: House) -> None:
    try_badly(ana.application.test_client(), house.email, 10)
    assert is_in(ana)


def test_tries_are_kept_without_the_address_and_forgotten_after_a_day(
    client: FlaskClient, database: Database, house: House, time: clock.Frozen
) -> None:
    try_badly(client, "secret@harbour.example", 1)
    with database.read() as conn:
        assert "secret" not in repr(conn.execute(select(sign_in_tries)).all())
    time.move(timedelta(days=1, seconds=1))
    try_badly(client, "somebody@harbour.example", 1)
    with database.read() as conn:
        assert len(conn.execute(select(sign_in_tries)).all()) == 1


def test_tries_are_kept_without_what_was_typed(client: FlaskClient, database: Database, house: House) -> None:
    """People type a password into the wrong field."""
    try_badly(client, "my.secret@harbour.example", 1)
    try_badly(client, "my secret", 1)
    with database.read() as conn:
        kept = repr(conn.execute(select(sign_in_tries)).all())
    assert "secret" not in kept


def test_a_form_without_its_token_is_refused_and_nothing_is_counted(
    client: FlaskClient, database: Database, house: House
) -> None:
    answer = client.post("/console/login", data={"email": house.email, "password": PASSWORD})
    assert answer.status_code == 400
    assert "open for too long" in answer.text
    assert not is_in(client)
    with database.read() as conn:
        assert conn.execute(select(sign_in_tries)).all() == []


@pytest.mark.parametrize(
    "target",
    ["//evil.example", "https://evil.example/x", "/\\evil.example", "///evil.example", "javascript:x"],
)
def test_signing_in_leads_nowhere_else(client: FlaskClient, house: House, target: str) -> None:
    answer = sign_in(client, house.email, next=target)
    assert urlsplit(urljoin("http://localhost/", answer.location or "")).netloc == "localhost"


def test_there_is_no_way_to_register_or_to_have_a_password_mailed(client: FlaskClient) -> None:
    rules = {rule.endpoint for rule in client.application.url_map.iter_rules()}
    assert {name for name in rules if name.startswith("security.")} == {"security.login", "security.logout"}


def test_json_gets_a_page_and_never_a_token(client: FlaskClient, house: House) -> None:
    token = TOKEN.search(client.get("/console/login").text)
    assert token
    answer = client.post(
        "/console/login?include_auth_token",
        json={"email": house.email, "password": PASSWORD},
        headers={"X-CSRFToken": token[1], "Accept": "application/json"},
    )
    assert "authentication_token" not in answer.text
    odd = client.post("/console/login", json={"email": [1], "password": {}}, headers={"X-CSRFToken": token[1]})
    assert odd.status_code < 500


def test_a_user_without_the_role_stays_outside(database: Database, client: FlaskClient) -> None:
    """Being known is not enough: the page asks for the role."""
    from sms_service.store.users import roles_users

    elsewhere = make_house(database, "cove", "+12025550300")
    with database.write() as conn:
        conn.execute(roles_users.delete())
    sign_in(client, elsewhere.email)
    assert not is_in(client)
