"""What a test can turn while the local Twilio runs."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any


class KnobError(ValueError):
    """The sentence names the knob."""


@dataclass(frozen=True, slots=True)
class Knobs:
    """Immutable; `turned` gives the next. `p_` and callback shares are probabilities from 0 to 1."""

    latency_ms: float = 20
    """From sent to delivered."""
    answer_delay_ms: float = 0
    """Before each API answer."""
    rate: float = 100
    """Segments per second of a line that `rates` does not name."""
    rates: Mapping[str, float] = field(default_factory=dict)
    queue_seconds: float = 36_000
    """A line with more than this waiting refuses (21611)."""
    api_concurrency: int = 0
    """More API requests than this at once are refused (20429); 0 is no limit."""
    p_429: float = 0
    p_500: float = 0
    """Refused with a 500, nothing done."""
    p_500_after: float = 0
    """Done, then answered 500."""
    p_timeout_before: float = 0
    """Nothing done, no answer."""
    p_timeout_after: float = 0
    """Done, but the answer is lost."""
    p_stop_after: float = 0
    """Only new texts: taken, but the answer hangs, and the request log says at once whom it keeps waiting (kind
    "stopped", its `peer`): the moment to kill that process, after Twilio's 201 and before its own commit."""
    timeout_s: float = 12
    """How long an unanswered request hangs before its connection is closed."""
    callbacks_drop: float = 0
    callbacks_duplicate: float = 0
    callbacks_shuffle: float = 0
    """Share that comes up to a second late, past its neighbours."""
    callbacks_delay_ms: float = 0
    list_lag_s: float = 0
    """A new message is missing from lists for so long (simulated time)."""
    advanced_opt_out: bool = False
    default_replies: bool = True
    """Twilio's own answers to STOP, START and HELP. Blocking stays on either way."""
    outage: bool = False
    """Every API request is answered 503."""
    hold_webhooks: bool = False
    """Webhooks wait until this is off again."""
    drop_webhooks: bool = False
    """Inbound texts reach the list but no webhook; status callbacks are lost."""
    unreachable: tuple[str, ...] = ()
    """Handsets that are switched off (30003)."""
    undeliverable: Mapping[str, int] = field(default_factory=dict)
    """Handset to error code, e.g. {"+12025550121": 30007}."""
    p_undelivered: float = 0
    """Share that ends undelivered with 30008."""
    loop_guard: int = 15
    """More TwiML replies than this between two numbers, each within 30 s of the last, are stopped (14107)."""
    seed: int | None = None
    """Starts the dice anew."""

    def turned(self, wanted: Mapping[str, Any]) -> "Knobs":
        """The same but for the named knobs; KnobError for an unknown name or an unfitting value."""
        flat = _flat(wanted)
        for name, value in flat.items():
            if name not in _CHECKS:
                raise KnobError(f"There is no knob {name}.")
            if not _CHECKS[name](value):
                raise KnobError(f"The knob {name} does not take {value!r}.")
        if "unreachable" in flat:
            flat["unreachable"] = tuple(flat["unreachable"])
        return replace(self, **flat)

    def rate_of(self, line: str) -> float:
        """Segments per second."""
        return self.rates.get(line, self.rate)

    def as_json(self) -> dict[str, Any]:
        """All of them by name."""
        return asdict(self)


def _flat(wanted: Mapping[str, Any]) -> dict[str, Any]:
    """`{"callbacks": {"drop": 1}}` says the same as `{"callbacks_drop": 1}`."""
    flat: dict[str, Any] = {}
    for name, value in wanted.items():
        if name == "callbacks" and isinstance(value, Mapping):
            flat |= {f"callbacks_{part}": share for part, share in value.items()}
        else:
            flat[name] = value
    return flat


def _number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value < float("inf")


def _positive(value: object) -> bool:
    return _number(value) and bool(value)


def _share(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value <= 1


def _whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _switch(value: object) -> bool:
    return isinstance(value, bool)


def _map_of(fits: Callable[[object], bool]) -> Callable[[object], bool]:
    return lambda value: isinstance(value, dict) and all(fits(each) for each in value.values())


def _numbers(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)


_CHECKS: dict[str, Callable[[Any], bool]] = {
    **dict.fromkeys(("latency_ms", "answer_delay_ms", "queue_seconds", "timeout_s"), _number),
    **dict.fromkeys(("callbacks_delay_ms", "list_lag_s"), _number),
    **dict.fromkeys(("p_429", "p_500", "p_500_after", "p_timeout_before"), _share),
    **dict.fromkeys(("p_timeout_after", "p_stop_after"), _share),
    **dict.fromkeys(("p_undelivered", "callbacks_drop", "callbacks_duplicate", "callbacks_shuffle"), _share),
    **dict.fromkeys(("advanced_opt_out", "default_replies"), _switch),
    **dict.fromkeys(("outage", "hold_webhooks", "drop_webhooks"), _switch),
    **dict.fromkeys(("api_concurrency", "loop_guard"), _whole),
    "rate": _positive,
    "rates": _map_of(_positive),
    "unreachable": _numbers,
    "undeliverable": _map_of(_whole),
    "seed": lambda value: value is None or _whole(value),
}
