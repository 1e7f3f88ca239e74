"""Works one lane of the outbox off: claims, sends and records at the same time, so that no connection idles.

1. Claim: of each person the next message that is due, as far as the line's rate allows; end what must not go.
   Danger first, whatever lane was rung for. One batch ahead: no connection waits for the database.
2. Send, outside any transaction, on the connections of the process.
3. Record outcomes as they come in, a batch in one transaction; the clocks of the questions that went out start here.
4. After a second claim no more, wait until all is recorded, and ring again if rows are left. What has hung for two
   seconds by then records itself when its answer comes: a hanging call must not hold up the lanes of its worker.
"""

import logging
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import partial
from queue import Empty, SimpleQueue

from sqlalchemy.exc import SQLAlchemyError

from sms_service import clock
from sms_service.carrier.outcomes import Outcome
from sms_service.domain.words import Lane
from sms_service.services.desk import Desk
from sms_service.services.hand_over import Connections, Sender, Taken, hand_over
from sms_service.services.lease import claim
from sms_service.services.record import record, record_at_last
from sms_service.store.dispatch import give_back

log = logging.getLogger(__name__)
LINGER = 2.0
"""Seconds a drain waits for what is under way when its own second is over."""
GATHER = 0.05
"""Seconds in which outcomes are gathered for one transaction."""
LOOK = 0.1
"""Seconds after which a drain that only waits looks for danger again."""


def drain(desk: Desk, carrier: Sender, connections: Connections, lane: Lane, budget_s: float = 1.0) -> int:
    """Works a lane off for about a second or until nothing may go; how many messages were handed over."""
    return Drain(desk, carrier, connections, lane, clock.monotonic() + budget_s).run()


@dataclass(slots=True)
class Drain:
    """One drain: what it has under way, and whether rows of its lane are left."""

    desk: Desk
    carrier: Sender
    connections: Connections
    lane: Lane
    until: float
    under_way: dict["Future[Outcome]", Taken] = field(default_factory=dict)
    came: "SimpleQueue[Future[Outcome]]" = field(default_factory=SimpleQueue)
    rows_left: bool = True
    begun: bool = False
    handed: int = 0

    def run(self) -> int:
        """Keeps the connections filled until its second is over or nothing is left."""
        try:
            while self._goes_on():
                self._record(self._outcomes())
        finally:
            self._leave()
        if self.rows_left:
            self.desk.bell.ring({self.lane})
        return self.handed

    def _goes_on(self) -> bool:
        """Claims what there is time and room for; whether there is anything to wait for."""
        now = clock.monotonic()
        if now >= self.until + LINGER:
            return False
        in_time = now < self.until or not self.begun
        self.begun = True
        if self.lane != "urgent":
            self._take("urgent")
        if in_time and self.rows_left and self._has_room():
            self.rows_left = self._take(self.lane)
        return bool(self.under_way) or (self.rows_left and now < self.until)

    def _has_room(self) -> bool:
        """A batch is half the connections: few transactions, and enough left to send meanwhile."""
        room = self.connections.room(self.lane)
        return room > 0 and (not self.under_way or room >= self.connections.size // 2)

    def _take(self, lane: Lane) -> bool:
        """Claims a batch and gives it to the connections; whether there was one."""
        room = self.connections.room(lane)
        taken = claim(self.desk, lane, clock.now(), room) if room else []
        for one in taken:
            future = self.connections.submit(lane, partial(hand_over, self.carrier, one, self.desk.callback_base))
            self.under_way[future] = one
            future.add_done_callback(self.came.put)
        return bool(taken)

    def _outcomes(self) -> list["Future[Outcome]"]:
        """What came back, gathered for a moment."""
        came: list[Future[Outcome]] = []
        until = clock.monotonic() + LOOK
        while len(came) < len(self.under_way) or not came:
            try:
                came.append(self.came.get(timeout=max(0.0, until - clock.monotonic())))
            except Empty:
                break
            if len(came) == 1:
                until = clock.monotonic() + GATHER
        return came

    def _record(self, came: list["Future[Outcome]"]) -> None:
        """Writes a batch down; when the database refuses, that is tried again beside."""
        if not came:
            return
        taken = [self.under_way.pop(future) for future in came]
        outcomes = [future.result() for future in came]
        try:
            record(self.desk, taken, outcomes, clock.now())
        except SQLAlchemyError:
            self.connections.beside(partial(record_at_last, self.desk, taken, outcomes))
            raise
        self.handed += len(came)
        self.rows_left = True  # the next message of one of these people may go now

    def _leave(self) -> None:
        """Gives back what no connection has begun; what still hangs will record itself."""
        never_tried = [self.under_way.pop(future) for future in list(self.under_way) if future.cancel()]
        for future, one in self.under_way.items():
            self.connections.leave_behind(future, partial(self._record_late, one))
        if never_tried:
            try:
                with self.desk.db.write() as conn:
                    give_back(conn, (one.ready for one in never_tried))
            except SQLAlchemyError as error:  # their leases will run out
                log.warning("messages could not be given back", extra={"error": type(error).__name__})

    def _record_late(self, one: Taken, outcome: Outcome) -> None:
        record_at_last(self.desk, [one], [outcome])
