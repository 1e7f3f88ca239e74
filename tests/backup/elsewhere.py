"""Another installation with the same keys, whose database is of the other kind: where backups are restored."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from sms_service.carrier.twilio import ListedSms
from sms_service.services.backup import Made, back_up
from sms_service.services.desk import Desk
from sms_service.services.restore import Restored, restore
from sms_service.settings import Settings, load_settings
from sms_service.store.open import open_bell, open_database
from sms_service.store.programs import Lines
from tests.house import KEYS, LINE, House


def nobody(_name: str, _more: int) -> None:
    """Hears of progress and says nothing."""


@dataclass
class Elsewhere:
    """An empty database of the other kind, and the backup that is carried there."""

    house: House
    home: Path
    url: str
    redis_url: str
    made: list[House] = field(default_factory=list)

    @property
    def file(self) -> Path:
        """Where the backup stands."""
        return self.home / "it.backup"

    def settings(self, **given: str) -> Settings:
        """This installation's settings, some of them otherwise."""
        own = {"SMS_SERVICE_HOME": str(self.home), "DATABASE_URL": self.url, "REDIS_URL": self.redis_url}
        return load_settings({**KEYS, **own, **given}, self.home / ".env")

    def back_up(self) -> Made:
        """The house as it is now, in the file."""
        return back_up(self.house.settings, self.file, self.house.now, nobody)

    def restore(self, **given: str) -> Restored:
        """The file, in this installation."""
        return restore(self.settings(**given), self.file, self.house.now, nobody)

    def move_in(self) -> House:
        """Backed up, restored, and running there on the same clock."""
        self.back_up()
        self.restore()
        return self.open()

    def open(self) -> House:
        """The service there."""
        settings = self.settings()
        desk = Desk(open_database(settings), open_bell(settings), Lines(), "http://service.example")
        self.made.append(House(desk, self.house.time, settings, sids=self.house.sids))
        return self.made[-1]

    def close(self) -> None:
        """Ends what was opened."""
        for one in self.made:
            one.db.close()


@dataclass
class Twilio:
    """Twilio's lists: what it was handed and what reached it, whoever the service was."""

    sent: list[ListedSms] = field(default_factory=list)
    came: list[ListedSms] = field(default_factory=list)

    def hand(self, to: str, body: str, at: datetime) -> str:
        """A service hands it a text."""
        sid = f"SM8{len(self.sent):031x}"
        self.sent.append(ListedSms(sid, to, LINE, body, "delivered", "outbound", at))
        return sid

    def text(self, sender: str, body: str, at: datetime) -> str:
        """Somebody texts."""
        sid = f"SM7{len(self.came):031x}"
        self.came.append(ListedSms(sid, LINE, sender, body, "received", "inbound", at))
        return sid

    def deliver(self, house: House) -> list[str]:
        """The service hands over all that may go; the words."""
        known = {row.id: (row.number, row.body) for row in house.rows()}
        before = len(self.sent)

        def take(outbox_id: Any) -> Any:
            from sms_service.carrier.outcomes import Sent

            number, body = known[outbox_id]
            return Sent(self.hand(number, body, house.now))

        house.deliver(take)
        return [sms.body for sms in self.sent[before:]]

    def list_sms(
        self, since: datetime, direction: Any, *, to: str | None = None, from_: str | None = None
    ) -> Sequence[ListedSms]:
        """As Twilio answers."""
        known = self.sent if direction == "outbound" else self.came
        return [s for s in known if to in (None, s.to) and from_ in (None, s.from_) and s.at >= since]


Make = Callable[..., Elsewhere]
