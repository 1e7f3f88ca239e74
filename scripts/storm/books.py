"""What the service's own rows say: never asked for the verdict, only whether all is done, and why something is not."""

from contextlib import closing
from typing import Any

from sqlalchemy import func, select

from sms_service.settings import Settings
from sms_service.store.database import AWAY
from sms_service.store.inbounds import inbounds, known_sids
from sms_service.store.open import open_database
from sms_service.store.outbox import outbox
from sms_service.store.people import people
from sms_service.store.programs import program_by_slug
from sms_service.store.sealing import keyring

SHOWN = ("id", "cause", "why", "state", "tries", "looks", "error_code", "sid", "born_at", "due_at", "settled_at")


class Books:
    """The service's rows, read while it runs."""

    def __init__(self, settings: Settings) -> None:
        self._database = open_database(settings, 2)

    def heard(self, sids: list[str]) -> set[str]:
        """Which of these texts are written down; none while the database is away."""
        try:
            with self._database.read() as conn:
                return known_sids(conn, sids)
        except AWAY:
            return set()

    def unfinished(self) -> dict[str, int]:
        """How many messages are in a state that is not an end; all of them while the database is away."""
        wanted = (
            select(outbox.c.state, func.count())
            .where(outbox.c.state.in_(("due", "sending", "unsure")))
            .group_by(outbox.c.state)
        )
        try:
            with self._database.read() as conn:
                return dict(conn.execute(wanted).all())
        except AWAY:
            return {"unknown": 1}

    def ends(self) -> dict[str, int]:
        """How many messages of each state."""
        with self._database.read() as conn:
            return dict(conn.execute(select(outbox.c.state, func.count()).group_by(outbox.c.state)).all())

    def story(self, handset: str) -> list[str]:
        """The last rows of one handset, in and out, as ids, states and times."""
        with self._database.read() as conn:
            demo = program_by_slug(conn, "demo")
            assert demo is not None, "the demo was seeded"
            mine = select(people.c.id).where(people.c.lookup.in_(keyring().find_under(demo.id, handset)))
            out = select(*(outbox.c[name] for name in SHOWN)).where(outbox.c.person_id.in_(mine))
            told = select(inbounds.c.id, inbounds.c.sid, inbounds.c.received_at).where(inbounds.c.person_id.in_(mine))
            rows: list[Any] = [*conn.execute(out.order_by(outbox.c.id.desc()).limit(6))]
            rows += [*conn.execute(told.order_by(inbounds.c.id.desc()).limit(4))]
        return [" ".join(f"{name}={_short(value)}" for name, value in row._mapping.items()) for row in rows]

    def close(self) -> None:
        """Gives its connections back."""
        with closing(self._database):
            pass


def _short(value: Any) -> str:
    return value.strftime("%H:%M:%S.%f")[:-3] if hasattr(value, "strftime") else str(value)
