"""Hold and release: what stops, what never does, what is said and noted."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from sms_service.app import create_app
from sms_service.commands.hold import hold as hold_command
from sms_service.commands.hold import release as release_command
from sms_service.domain.words import LANES
from sms_service.services.hold import HOLDABLE, hold, release
from sms_service.store.audit import audit
from tests.house import ANA, LEO, House


def gone(house: House) -> set[str]:
    """Why each message that may go now exists."""
    return {house.row(one).why for one in house.deliver()}


def test_on_hold_only_danger_goes_out(house: House) -> None:
    hold(house.db, HOLDABLE, house.now)
    house.text(ANA, "i want to kill myself")
    house.text(LEO, "MOOD 7")
    house.owe(house.person(LEO).id, "bulk")
    assert gone(house) == {"crisis", "page"}


def test_a_hold_of_some_lanes_leaves_the_others(house: House) -> None:
    hold(house.db, ("bulk",), house.now)
    house.text(LEO, "MOOD 7")
    house.owe(house.person(ANA).id, "bulk")
    assert gone(house) == {"reply"}


def test_released_messages_are_checked_again_and_the_expired_end(house: House) -> None:
    hold(house.db, HOLDABLE, house.now)
    old = house.owe(house.person(ANA).id, "scheduled")
    house.pass_time(hours=3)
    fresh = house.owe(house.person(LEO).id, "reply")
    were, due = release(house.db, house.now)
    assert were == HOLDABLE
    assert (due["reply"], due["bulk"]) == (1, 0)
    assert due["scheduled"] >= 1
    house.deliver()
    assert (house.row(fresh).state, house.row(old).state) == ("sent", "expired")


def test_urgent_can_never_be_held(house: House) -> None:
    with pytest.raises(ValueError, match="reply, scheduled, bulk"):
        hold(house.db, LANES, house.now)


def test_both_are_audited_for_every_program_and_a_needless_release_is_not(house: House) -> None:
    hold(house.db, ("reply",), house.now)
    release(house.db, house.now)
    release(house.db, house.now)
    with house.db.read() as conn:
        rows = [(row.program_id, row.actor, row.act, row.subject) for row in conn.execute(select(audit))]
    acts = [(actor, act, subject) for program, actor, act, subject in rows if program == house.program_id]
    assert acts == [("operator", "hold", "lanes:reply"), ("operator", "release", "lanes:reply")]
    assert len(rows) == 4


def test_a_watcher_is_told_of_a_hold(house: House) -> None:
    app = create_app(house.settings, only="webhooks")
    client: FlaskClient = app.test_client()
    hold(house.db, ("bulk", "reply"), house.now)
    held = client.get("/readyz")
    release(house.db, house.now)
    free = client.get("/readyz")
    app.extensions["desk"].db.close()
    assert (held.status_code, held.json) == (200, {"status": "ok", "redis": "ok", "hold": ["reply", "bulk"]})
    assert free.json == {"status": "ok", "redis": "ok"}


@pytest.fixture
def run(house: House, monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[int, str]]:
    """The command, in the house's installation; its exit code and what it says."""
    from click.testing import CliRunner

    monkeypatch.setenv("SMS_SERVICE_HOME", str(house.settings.home))
    monkeypatch.setenv("DATABASE_URL", house.settings.database_url)
    for name in ("DATA_KEYS", "LOOKUP_KEYS"):
        value = {"DATA_KEYS": ",".join(house.settings.data_keys), "LOOKUP_KEYS": "1:" + "ab" * 32}[name]
        monkeypatch.setenv(name, value)

    def call(command: str, *words: str) -> tuple[int, str]:
        result = CliRunner().invoke({"hold": hold_command, "release": release_command}[command], list(words))
        return result.exit_code, result.output

    return call


def test_the_command_says_that_people_get_no_answers(run: Callable[..., tuple[int, str]]) -> None:
    code, said = run("hold")
    assert code == 0
    assert said.startswith("On hold: reply, scheduled, bulk. Crisis replies and pages still go out.\n")
    assert "People who text get no answers" in said


def test_the_command_says_nothing_of_answers_when_replies_go_out(run: Callable[..., tuple[int, str]]) -> None:
    assert run("hold", "--lanes", "scheduled,bulk") == (
        0, "On hold: scheduled, bulk. Crisis replies and pages still go out.\n",
    )  # fmt: skip


def test_release_says_how_many_wait(house: House, run: Callable[..., tuple[int, str]]) -> None:
    run("hold", "--lanes", "reply")
    house.text(LEO, "MOOD 7")
    code, said = run("release")
    assert (code, said.splitlines()[0]) == (0, "Released: reply (1 waiting).")
    assert "checked again" in said
    assert run("release") == (0, "Nothing was on hold.\n")


@pytest.mark.parametrize(("lanes", "why"), [("urgent", "never held"), ("", "lanes that can be"), ("x", "lanes that")])
def test_lanes_that_cannot_be_held_are_refused(run: Callable[..., tuple[int, str]], lanes: str, why: str) -> None:
    code, said = run("hold", "--lanes", lanes)
    assert code == 2
    assert why in said
