"""A drain: connections kept filled, people's texts in order, nothing held up by a call that hangs."""

import threading
from collections import defaultdict
from collections.abc import Iterator
from itertools import count

import pytest

from sms_service.carrier.outcomes import Outcome, Sent
from sms_service.domain.words import PersonId, Why
from sms_service.services import deliver
from sms_service.services.hand_over import SPARE, Connections
from tests.house import House


class Far:
    """Takes texts like Twilio; whoever's body says `hang` waits until `go` is set."""

    def __init__(self) -> None:
        self.go = threading.Event()
        self.pause = 0.005
        self.got: dict[str, list[str]] = defaultdict(list)
        self.most_at_once = 0
        self.most_of_one = 0
        self._at_once: list[str] = []
        self._sids = count(1)
        self._lock = threading.Lock()

    def send_sms(self, to: str, from_: str, body: str, status_callback: str, validity_s: int) -> Outcome:
        """One try."""
        with self._lock:
            self.got[to].append(body)
            self._at_once.append(to)
            self.most_at_once = max(self.most_at_once, len(self._at_once))
            self.most_of_one = max(self.most_of_one, self._at_once.count(to))
        self.go.wait(10 if body == "hang" else self.pause)
        with self._lock:
            self._at_once.remove(to)
            return Sent(f"SM{next(self._sids):032x}")


@pytest.fixture
def far() -> Iterator[Far]:
    end = Far()
    yield end
    end.go.set()


@pytest.fixture(autouse=True)
def _short_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deliver, "LINGER", 0.2)


def _crowd(house: House, size: int) -> list[PersonId]:
    return [house.new_person(f"+1303555{1000 + n}") for n in range(size)]


def _states(house: House, why: Why) -> list[str]:
    return [row.state for row in house.rows() if row.why == why]


def test_all_connections_are_used_and_never_more(house: House, far: Far) -> None:
    far.pause = 0.03
    house.owe_all(_crowd(house, 40), "crisis")
    with Connections(6) as connections:
        assert deliver.drain(house.desk, far, connections, "urgent", budget_s=5) == 40
    assert 6 <= far.most_at_once <= 6 + SPARE
    assert _states(house, "crisis") == ["sent"] * 40


def test_nobody_gets_two_texts_at_once_and_all_come_in_order(house: House, far: Far) -> None:
    people = _crowd(house, 12)
    for body in "abc":
        house.owe_all(people, "crisis", body)
    with Connections(4) as connections:
        assert deliver.drain(house.desk, far, connections, "urgent", budget_s=5) == 36
    assert far.most_of_one == 1
    assert list(far.got.values()) == [["a", "b", "c"]] * 12


def test_danger_goes_first_whatever_lane_was_rung_for(house: House, far: Far) -> None:
    house.owe_all(_crowd(house, 3), "scheduled", "planned")
    house.owe(house.new_person("+13035559999"), "crisis", "danger")
    with Connections(1) as connections:
        deliver.drain(house.desk, far, connections, "scheduled", budget_s=5)
    assert next(iter(far.got.values())) == ["danger"]


def test_a_call_that_hangs_holds_nothing_up_and_is_recorded_when_it_comes_back(house: House, far: Far) -> None:
    slow, *others = _crowd(house, 6)
    hung = house.owe(slow, "crisis", "hang")
    house.owe_all(others, "crisis")
    with Connections(2) as connections:
        assert deliver.drain(house.desk, far, connections, "urgent", budget_s=0.3) == 5
        assert sorted(_states(house, "crisis")) == ["sending", *["sent"] * 5]
        far.go.set()
    row = house.row(hung)
    assert (row.state, row.sid[:2], row.tries) == ("sent", "SM", 1)


def test_what_no_connection_has_begun_is_given_back_as_if_it_was_never_claimed(house: House, far: Far) -> None:
    house.owe_all(_crowd(house, 9), "scheduled", "hang")
    with Connections(2) as connections:
        deliver.drain(house.desk, far, connections, "scheduled", budget_s=0.1)
        rows = [row for row in house.rows() if row.why == "scheduled"]
        assert sorted((row.state, row.tries, row.lease_until is None) for row in rows) == [
            *[("due", 0, True)] * 7,
            *[("sending", 1, False)] * 2,
        ]
        assert deliver.drain(house.desk, far, connections, "scheduled", budget_s=0.1) == 0, "no connection is free"
        far.go.set()
    assert _states(house, "scheduled").count("sent") == 2


def test_danger_has_connections_of_its_own_when_all_others_hang(house: House, far: Far) -> None:
    hanging, *in_need = _crowd(house, 6)
    house.owe_all([hanging, *_crowd_of_more(house, 4)], "reply", "hang")
    with Connections(2) as connections:
        deliver.drain(house.desk, far, connections, "reply", budget_s=0.1)
        house.owe_all(in_need, "crisis")
        assert deliver.drain(house.desk, far, connections, "urgent", budget_s=5) == 5
        far.go.set()
    assert _states(house, "crisis") == ["sent"] * 5


def test_outcomes_that_the_database_refused_are_written_down_when_it_is_back(
    house: House, far: Far, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Their SIDs can't be asked again: Twilio's list may be late."""
    monkeypatch.setattr("sms_service.services.record.PAUSES", (0.1,) * 50)
    one = house.owe(house.new_person("+13035559999"), "crisis", "hang")
    connections = Connections(2)
    drain = threading.Thread(target=_drain_that_fails, args=(house, far, connections))
    drain.start()
    while not far.got:
        threading.Event().wait(0.01)
    with house.db.write() as conn:
        conn.exec_driver_sql("ALTER TABLE outbox RENAME TO outbox_away")
    far.go.set()
    drain.join()
    with house.db.write() as conn:
        conn.exec_driver_sql("ALTER TABLE outbox_away RENAME TO outbox")
    with connections:
        pass
    assert (house.row(one).state, house.row(one).sid[:2]) == ("sent", "SM")


def _drain_that_fails(house: House, far: Far, connections: Connections) -> None:
    with pytest.raises(Exception, match="outbox"):
        deliver.drain(house.desk, far, connections, "urgent", budget_s=0.1)


def _crowd_of_more(house: House, size: int) -> list[PersonId]:
    return [house.new_person(f"+1404555{1000 + n}") for n in range(size)]
