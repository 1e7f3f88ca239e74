"""Where a conversation stands between two turns; kept sealed as JSON."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from sms_service.flows.effects import Json


@dataclass(frozen=True, slots=True)
class Place:
    """An open question: its flow and step, the flow's version when it was asked, what was gathered so far."""

    flow: str
    step: str
    version: str
    slots: Mapping[str, Json] = field(default_factory=dict)
    tries: int = 0
    turns: int = 0

    def at(self, step: str) -> "Place":
        """The same conversation at another step, with no failed tries yet."""
        return replace(self, step=step, tries=0)

    def keeping(self, name: str, value: Json) -> "Place":
        """The same place with one slot more."""
        return replace(self, slots={**self.slots, name: value})

    def to_json(self) -> str:
        """A compact JSON object; the caller seals it."""
        kept = (self.flow, self.step, self.version, dict(self.slots), self.tries, self.turns)
        return json.dumps(kept, separators=(",", ":"))

    @classmethod
    def from_json(cls, kept: str) -> "Place":
        """What `to_json` wrote; raises ValueError on anything else."""
        try:
            flow, step, version, slots, tries, turns = json.loads(kept)
            return cls(str(flow), str(step), str(version), dict(slots), int(tries), int(turns))
        except (TypeError, ValueError) as broken:
            raise ValueError("not a kept place") from broken
