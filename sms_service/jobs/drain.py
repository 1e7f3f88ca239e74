"""The job behind the bell: work one lane off."""

import logging
from dataclasses import dataclass

from sms_service.carrier.twilio import TwilioCarrier
from sms_service.domain.words import Lane
from sms_service.services import deliver
from sms_service.services.desk import Desk
from sms_service.services.hand_over import Connections


@dataclass(frozen=True, slots=True)
class Equipment:
    """What a worker process has open."""

    desk: Desk
    carrier: TwilioCarrier
    connections: Connections


class DrainError(Exception):
    """A drain ended early; the ticker will ring again for what is left."""


log = logging.getLogger(__name__)
_EQUIPMENT: list[Equipment] = []


def equip(equipment: Equipment) -> None:
    """Gives this process's drains what they need; once, at start."""
    _EQUIPMENT[:] = [equipment]


def drain(lane: Lane) -> None:
    """Takes the bell away, then works the lane off for about a second."""
    (has,) = _EQUIPMENT
    try:
        has.desk.bell.silence(lane)
        deliver.drain(has.desk, has.carrier, has.connections, lane)
    except Exception as error:
        log.exception("a drain failed", extra={"lane": lane})
        raise DrainError(type(error).__name__) from None  # RQ keeps what it catches in Redis
