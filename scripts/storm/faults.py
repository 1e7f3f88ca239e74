"""What goes wrong and when: a plan made from the seed, carried out in threads of its own."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from threading import Event, Thread

import requests

from storm.parts import owner_of
from storm.stage import Stage

TENTH = {"p_429": 0.1, "p_500": 0.1, "p_timeout_before": 0.1, "p_timeout_after": 0.1}
STRAY_CALLBACKS = {
    "callbacks_drop": 0.1, "callbacks_duplicate": 0.2, "callbacks_shuffle": 0.2, "callbacks_delay_ms": 200,
}  # fmt: skip
LAG_S = 3.0


@dataclass(frozen=True)
class Weather:
    """How bad it gets. `kills`: of each process; `calm`: share of the time without faults of Twilio's API."""

    seconds: float
    kills: int
    redis_empty: int = 3
    redis_away_s: float = 15.0
    database_away_s: float = 30.0
    calm: float = 0.0
    hang_s: float = 12.0


class Faults:
    """The plan, carried out between `begin` and `end`."""

    def __init__(self, stage: Stage, dice: random.Random, weather: Weather) -> None:
        self._stage, self._dice, self._weather = stage, dice, weather
        self._over = Event()
        self._threads: list[Thread] = []
        self.at_commit = 0
        self.last_at = 0.0
        self.done: list[str] = []
        self.failed: list[str] = []

    def begin(self) -> None:
        """From now on things go wrong."""
        self._knobs(bad=True)
        plan = sorted(self._plan(), key=lambda fault: fault[0])
        for work in (lambda: self._carry_out(plan), self._kill_at_commit):
            thread = Thread(target=work, name="faults", daemon=True)
            thread.start()
            self._threads.append(thread)

    def end(self) -> None:
        """The last fault is over; Twilio behaves again."""
        self._over.set()
        for thread in self._threads:
            thread.join()
        self._stage.twilio.knobs()
        self.last_at = time.monotonic()

    def _plan(self) -> list[tuple[float, str, Callable[[], object]]]:
        """(seconds from the start, what, how). A process that is away just then is killed a little later."""
        dice, weather, long = self._dice, self._weather, self._weather.seconds
        plan: list[tuple[float, str, Callable[[], object]]] = []
        for name in self._stage.names():
            for at in range(weather.kills):
                one = self._stage.parts.kill_one if name.startswith("web") and at % 2 else self._stage.parts.kill
                plan.append((dice.uniform(0.02, 1) * long, f"kill {name}", _insisting(partial(one, name))))
        empty = _insisting(self._stage.redis.empty)
        plan += [(dice.uniform(0.05, 0.95) * long, "Redis emptied", empty) for _ in range(weather.redis_empty)]
        away = long - weather.redis_away_s
        plan.append((dice.uniform(0.1, 0.9) * away, "Redis away", lambda: self._stage.redis.away(weather.redis_away_s)))
        away = long - weather.database_away_s
        plan.append(
            (dice.uniform(0.2, 0.8) * away, "database away", lambda: self._stage.base.away(weather.database_away_s))
        )
        spells = max(1, round(long / 40))
        for spell in range(spells) if weather.calm else ():
            plan.append(((spell + 1 - weather.calm) * long / spells, "Twilio well", lambda: self._knobs(bad=False)))
            plan.append(((spell + 1) * long / spells, "Twilio ill", lambda: self._knobs(bad=True)))
        return plan

    def _knobs(self, *, bad: bool) -> None:
        tenth = TENTH if bad else dict.fromkeys(TENTH, 0.0)
        self._stage.twilio.knobs(
            **tenth, **STRAY_CALLBACKS, p_stop_after=0.02, list_lag_s=LAG_S, timeout_s=self._weather.hang_s,
            p_500_after=0.02 if bad else 0.0,
        )  # fmt: skip

    def _carry_out(self, plan: list[tuple[float, str, Callable[[], object]]]) -> None:
        began = time.monotonic()
        for after, what, act in plan:
            if self._over.wait(max(0.0, began + after - time.monotonic())):
                return
            thread = Thread(target=self._one, args=(what, act), name=what, daemon=True)
            thread.start()
            self._threads.append(thread)

    def _one(self, what: str, act: Callable[[], object]) -> None:
        try:
            act()
        except Exception as error:  # noqa: BLE001 - a fault that could not be made is reported, not raised
            self.failed.append(f"{what}: {type(error).__name__}: {error}")
        else:
            self.done.append(what)

    def _kill_at_commit(self) -> None:
        """Whoever waits for an answer that the local Twilio keeps back is killed: after its 201, before our commit."""
        parts, twilio, after = self._stage.parts, self._stage.twilio, 0
        while not self._over.is_set():
            try:
                lines = twilio.lines("requests", after, 0.5)
            except requests.RequestException:
                continue
            after = int(lines[-1]["n"]) if lines else after
            for line in lines:
                if line["kind"] == "stopped":
                    ours = [part for part in parts.all if part.name in self._stage.names()]
                    owner = owner_of(int(line["peer"].rpartition(":")[2]), twilio.port, ours)
                    self.at_commit += owner is not None and parts.kill(owner.name)


def _insisting(harm: Callable[[], bool]) -> Callable[[], object]:
    """The same, tried again while what it is meant for is away."""

    def act() -> None:
        give_up = time.monotonic() + 20
        while not harm() and time.monotonic() < give_up:
            time.sleep(0.2)

    return act
