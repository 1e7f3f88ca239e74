"""What a turn costs: at most 9 SQL statements and one Redis round trip, whatever the history."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from redis import ConnectionPool, Redis

from sms_service.store.bell import Bell
from sms_service.store.cases import cases
from sms_service.store.checkins import checkins
from sms_service.store.conversations import conversations
from sms_service.store.inbounds import inbounds
from sms_service.store.outbox import outbox
from tests.house import ANA, LEO, SAM, House

MOST = 9
HISTORY = 500
NEW = "+12025551001"
Step = tuple[str, str]

JOINING = [(NEW, "hello"), (NEW, "JOIN HOPE"), (NEW, "1"), (NEW, "1"), (NEW, "7pm")]
MOODS = [
    (ANA, "MOOD 7"), (ANA, "MOOD 2"), (ANA, "2"), (ANA, "MOOD 1"), (ANA, "i just feel so alone with it"), (ANA, "1"),
]  # fmt: skip
TALKING = [
    (ANA, "TALK"), (SAM, "TAKE {no}"), (ANA, "hi, you there"), (SAM, "yes, I am here"), (ANA, "I took all my pills"),
    (ANA, "MENU"), (ANA, "2"), (SAM, "SUP {no}"), (SAM, "DONE {no}"), (SAM, "1"), (ANA, "thanks"),
]  # fmt: skip
PASSING = [(ANA, "TALK"), (SAM, "PASS {no}"), (ANA, "MOOD 2"), (SAM, "OFF"), (SAM, "ON")]
DANGER = [
    (ANA, "i want to"), (ANA, "kill myself"), (ANA, "i really will do it"), (SAM, "TAKE {no}"), (SAM, "I read you"),
    (ANA, "i want to die"), (SAM, "HAND {no}"), (LEO, "my husband hits me"), (LEO, "1"),
    (NEW, "quiero matarme"),
]  # fmt: skip
LEAVING = [(ANA, "MOOD 2"), (ANA, "STOP"), (ANA, "hello?"), (ANA, "START"), (LEO, "LEAVE"), (LEO, "1"), (NEW, "NO MAS")]
OTHERS = [
    (ANA, "HELP"), (ANA, "MENU"), (ANA, "4"), (ANA, "HELPLINE"), (ANA, "1"), (LEO, "5"), (LEO, "IDEA"), (LEO, "MORE"),
    (LEO, "TIME 9pm"), (LEO, "PAUSE 3"), (LEO, "RESUME"), (LEO, "LANGUAGE"), (LEO, "2"), (LEO, "QUIET"), (LEO, "2"),
    (ANA, "MY DATA"), (ANA, "HOME"), (ANA, "who is this"), (ANA, "JOIN HOPE"), (ANA, "no idea what to say"),
]  # fmt: skip
TALKS = {"joining": JOINING, "moods": MOODS, "talking": TALKING, "passing": PASSING, "danger": DANGER,
         "leaving": LEAVING, "others": OTHERS}  # fmt: skip


@pytest.fixture(params=["new here", "with a long history"])
def lived_in(request: pytest.FixtureRequest, house: House) -> House:
    """The house as it is, and with 500 texts both ways, moods, conversations and ended cases of each person."""
    if request.param != "new here":
        for number in (ANA, LEO, SAM):
            _live(house, number)
    assert house.line, "lines and wordings are known"
    return house


@pytest.mark.parametrize("script", TALKS.values(), ids=TALKS.keys())
def test_no_turn_takes_more_than_nine_statements(lived_in: House, script: list[Step]) -> None:
    costs = [_cost(lived_in, sender, body) for sender, body in script]
    assert max(costs) <= MOST, "; ".join(f"{body} {cost}" for (_, body), cost in zip(script, costs, strict=True))


@pytest.mark.parametrize("answer", ["5", "2", "0", "what?"])
def test_nor_does_the_answer_to_a_check_in(lived_in: House, answer: str) -> None:
    lived_in.pass_time(hours=6)
    lived_in.deliver()
    assert lived_in.sent(ANA)[-1].startswith("Hi from HOPE")
    lived_in.time.move(timedelta(minutes=1))
    assert _cost(lived_in, ANA, answer) <= MOST


def test_a_repeated_webhook_costs_three(lived_in: House) -> None:
    sid = lived_in.text(ANA, "MOOD 7")
    with lived_in.statements() as seen:
        lived_in.text(ANA, "MOOD 7", sid=sid)
    assert len(seen) <= 3


def test_a_turn_asks_redis_once_whatever_it_owes(house: House, round_trips: Callable[[], int]) -> None:
    """A crisis pages a volunteer and answers the member: one script rings both."""
    house.text(LEO, "MENU")
    before = round_trips()
    house.text(ANA, "i want to kill myself")
    assert round_trips() - before == 1


def test_a_turn_that_owes_nothing_does_not_ask_redis(house: House, round_trips: Callable[[], int]) -> None:
    house.text(LEO, "MENU")
    house.change(ANA, state="stopped")
    before = round_trips()
    house.text(ANA, "hello")
    assert round_trips() == before


@pytest.fixture
def round_trips(house: House, redis_url: str) -> Iterator[Callable[[], int]]:
    """How often Redis has answered the house's bell so far."""
    with _counted(redis_url) as (client, answers):
        house.desk = replace(house.desk, bell=Bell(client))
        yield lambda: len(answers)


@contextmanager
def _counted(url: str) -> Iterator[tuple["Redis", list[object]]]:
    answers: list[object] = []
    plain = Redis.from_url(url).connection_pool

    class Counted(plain.connection_class):  # type: ignore[misc,name-defined]  # of a socket or of TCP, by the URL
        def read_response(self, *given: Any, **known: Any) -> Any:
            answers.append(super().read_response(*given, **known))
            return answers[-1]

    pool = ConnectionPool(connection_class=Counted, **plain.connection_kwargs)
    yield Redis(connection_pool=pool), answers
    pool.disconnect()
    plain.disconnect()


def _cost(house: House, sender: str, body: str) -> int:
    assert house.line
    no = next((case.case_no for case in house.cases() if case.state != "closed"), 0)
    with house.statements() as seen:
        house.text(sender, body.format(no=no))
    house.deliver()
    house.time.move(timedelta(seconds=15))
    return len(seen)


def _live(house: House, number: str) -> None:
    """Five hundred of everything: most of it long ago, some of it in the last minutes."""
    person, line, now = house.person(number).id, house.line.id, house.now
    whose = {"program_id": house.program_id, "person_id": person}
    said = [
        whose | {
            "sid": f"SMold{person}-{n}", "line_id": line, "channel": "sms", "body": "all right", "media": 0,
            "level": "none", "family": "", "rule": "", "received_at": now - timedelta(minutes=6 * n + 6),
        }
        for n in range(HISTORY)
    ]  # fmt: skip
    owed = [
        whose | {
            "line_id": line, "cause": f"old:{n}", "position": 0, "why": "reply", "lane": 1, "channel": "sms",
            "body": "words", "segments": 1, "state": "delivered", "born_at": now - timedelta(minutes=6 * n + 6),
            "due_at": now, "expires_at": now, "tries": 1, "looks": 0, "chosen": False,
        }
        for n in range(HISTORY)
    ]  # fmt: skip
    moods = [
        whose | {"mood": 6, "late": False, "channel": "sms", "answered_at": now - timedelta(hours=n + 1)}
        for n in range(HISTORY)
    ]
    talks = [
        whose | {
            "channel": "sms", "status": "ended", "place": "{}", "turn": 3, "prompted": True,
            "began_at": now - timedelta(hours=n), "ended_at": now - timedelta(hours=n),
        }
        for n in range(HISTORY)
    ]  # fmt: skip
    needs = [
        {
            "program_id": house.program_id, "case_no": 1000 * person + n, "kind": "talk", "family": "",
            "state": "closed", "member_id": person, "staffed": 1, "climb": 1,
            "opened_at": now - timedelta(days=n + 2), "rose_at": now - timedelta(days=n + 2),
            "closed_at": now - timedelta(days=n + 2),
        }
        for n in range(20)
    ]  # fmt: skip
    with house.db.write() as conn:
        for table, rows in (
            (inbounds, said),
            (outbox, owed),
            (checkins, moods),
            (conversations, talks),
            (cases, needs),
        ):
            conn.execute(table.insert(), rows)
