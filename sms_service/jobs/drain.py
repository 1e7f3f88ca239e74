"""The job behind the bell: work one lane off."""

from concurrent.futures import Executor
from dataclasses import dataclass

from sms_service.carrier.twilio import TwilioCarrier
from sms_service.domain.words import Lane
from sms_service.services import deliver
from sms_service.services.desk import Desk


@dataclass(frozen=True, slots=True)
class Equipment:
    """What a worker process has open."""

    desk: Desk
    carrier: TwilioCarrier
    pool: Executor


_EQUIPMENT: list[Equipment] = []


def equip(equipment: Equipment) -> None:
    """Gives this process's drains what they need; once, at start."""
    _EQUIPMENT[:] = [equipment]


def drain(lane: Lane) -> None:
    """Takes the bell away, then works the lane off for about a second."""
    (has,) = _EQUIPMENT
    has.desk.bell.silence(lane)
    deliver.drain(has.desk, has.carrier, has.pool, lane)
