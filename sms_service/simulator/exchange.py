"""The state that all parts of the local Twilio share."""

from datetime import datetime
from random import Random
from threading import Event, Lock
from typing import Any

from sms_service.simulator.clock import Clock
from sms_service.simulator.config import Config
from sms_service.simulator.journal import Journal
from sms_service.simulator.knobs import Knobs
from sms_service.simulator.lines import Line, lines_of
from sms_service.simulator.messages import Message, Messages
from sms_service.simulator.optout import OptOuts
from sms_service.simulator.timer import Timer

_REQUESTS_KEPT = 20_000


class Exchange:
    """Journals, messages, opt-outs, knobs and clock of one account; safe to use from any thread."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.auth_token = config.auth_token
        self.clock = Clock(config.clock_file)
        self.knobs = Knobs(advanced_opt_out=config.advanced_opt_out)
        self.messages = Messages()
        self.truth = Journal()
        self.requests = Journal(_REQUESTS_KEPT)
        self.opt_outs = OptOuts()
        self.lines: dict[str, Line] = lines_of(config.lines, config.webhook_base, self.now())
        self.timer = Timer()
        self.flowing = Event()
        self.flowing.set()
        self.stopping = Event()
        self._dice = Random()  # noqa: S311 - chance in a simulation, not a secret
        self._dice_lock = Lock()

    def now(self) -> datetime:
        """Simulated, aware, UTC."""
        return self.clock.now()

    def turn(self, wanted: dict[str, Any] | None) -> Knobs:
        """Turn the named knobs, or all back with None. KnobError when one does not fit."""
        fresh = Knobs(advanced_opt_out=self.config.advanced_opt_out)
        self.knobs = fresh if wanted is None else self.knobs.turned(wanted)
        if wanted and "seed" in wanted:
            with self._dice_lock:
                self._dice.seed(self.knobs.seed)
        if self.knobs.hold_webhooks:
            self.flowing.clear()
        else:
            self.flowing.set()
        return self.knobs

    def chance(self, share: float) -> bool:
        """True in that share of calls."""
        return share > 0 and self.roll() < share

    def roll(self) -> float:
        """From 0 up to 1; reproducible after a seed."""
        with self._dice_lock:
            return self._dice.random()

    def tell_truth(self, message: Message) -> None:
        """Write the one line a message gets, when it has come to its end."""
        self.truth.append(
            {
                "at": self.now().isoformat(timespec="milliseconds"),
                "handset": message.handset,
                "line": message.line,
                "direction": message.direction,
                "body": message.body,
                "sid": message.sid,
                "state": message.status,
                "error_code": message.error_code,
                "num_media": len(message.media),
            }
        )

    def stop(self) -> None:
        """Nothing timed happens any more; whoever waits goes on."""
        self.stopping.set()
        self.flowing.set()
        self.timer.stop()
