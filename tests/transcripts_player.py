"""Plays a conversation written by hand through the whole service: texts in, what every phone really got out.

A file of tests/transcripts/ holds conversations with an empty line between them; each begins with `# ` and its title.

    > words          the member says            < words             the member gets
    leo> words       a phone with a name says   leo< words          a phone with a name gets
    ! volunteer 1: words                        what one of the team is told
    sam> words                                  what they say: Sam is volunteer 1, Carmen (Spanish too) volunteer 2,
                                                Ruth the supervisor; at night Noor is supervisor 1, Tom supervisor 2
    ~ 2m             time passes (s, m, h, d)   # words             a remark
    @ 2026-03-04 18:00 America/New_York         it becomes this time
    @ ana            the member is Ana (leo, marisol: in Spanish); else somebody the service does not know
    @ night          all this is on the line of the program where no volunteer is ever on

`(picture)` stands for one. Before each line that is said 15 seconds pass, for nobody types faster; one second after it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import func, select, union_all

from sms_service.services.wake import fire_due
from sms_service.store.outbox import outbox
from sms_service.store.wakes import wakes
from tests import house as homes
from tests.house import House

FOLDER = Path(__file__).parent / "transcripts"
TYPING, BEAT = timedelta(seconds=15), timedelta(seconds=1)
UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
STRANGER = "+12025550150"
TEAM = {
    "volunteer 1": homes.SAM,
    "volunteer 2": homes.CARMEN,
    "supervisor": homes.RUTH,
    "supervisor 1": "+12025550219",
    "supervisor 2": "+12025550218",
}
MEMBERS = {"stranger": STRANGER, "ana": homes.ANA, "leo": homes.LEO, "marisol": homes.MARISOL}
NAMES = {
    "sam": TEAM["volunteer 1"],
    "carmen": TEAM["volunteer 2"],
    "ruth": TEAM["supervisor"],
    "noor": TEAM["supervisor 1"],
    "tom": TEAM["supervisor 2"],
}
PHONES = TEAM | MEMBERS | NAMES
SAID = re.compile(r"(?:(?P<name>[a-z][a-z0-9 ]*))?> (?P<words>.*)")
HEARD = re.compile(r"(?:! [a-z0-9 ]+: |[a-z]*< )")
MOMENT = re.compile(r"(\d{4}-\d\d-\d\d \d\d:\d\d) (\S+)")


@dataclass(frozen=True)
class Transcript:
    """One conversation: its title and every line as it was written."""

    title: str
    lines: tuple[str, ...]


def transcripts(path: Path) -> Iterator[Transcript]:
    """The conversations of one file."""
    for block in re.split(r"\n\s*\n", path.read_text("utf-8").strip()):
        first, *lines = block.splitlines()
        assert first.startswith("# "), f"{path.name}: a conversation begins with its title, not with {first!r}"
        yield Transcript(first.removeprefix("# "), tuple(lines))


@dataclass
class Player:
    """One conversation being played: who is the member and on which line."""

    house: House
    member: str = STRANGER
    line: str = homes.LINE
    began: bool = False
    named: set[str] = field(default_factory=set)

    def play(self, transcript: Transcript) -> list[str]:
        """The conversation as it comes out today: what is said and passes as written, what is got as it is."""
        self.named = {name for line in transcript.lines if (name := line.partition(">")[0]) in MEMBERS}
        lines: list[str] = []
        for line in transcript.lines:
            if HEARD.match(line):
                continue
            lines.append(line)
            lines += self.step(line)
        return lines

    def step(self, line: str) -> list[str]:
        """One line happens; what the phones got for it."""
        said = SAID.fullmatch(line)
        if said:
            return [*self.passed(TYPING), *self.say(said["name"], said["words"])]
        sign, _, rest = line.partition(" ")
        match sign:
            case "~":
                found = re.fullmatch(r"(\d+)([smhd])", rest)
                assert found, f"{line!r} is no length of time"
                return self.passed(timedelta(**{UNITS[found[2]]: int(found[1])}))
            case "@":
                return self.scene(rest)
            case "#":
                return []
        raise AssertionError(f"{line!r} is not understood")

    def say(self, name: str | None, words: str) -> list[str]:
        """Somebody texts."""
        self.began = True
        phone = PHONES[name] if name else self.member
        media = int(words.startswith("(picture)"))
        self.house.text(phone, words.removeprefix("(picture)").strip(), to=self.line, media=media)
        return self.passed(BEAT)

    def scene(self, words: str) -> list[str]:
        """The time, the member or the program."""
        moment = MOMENT.fullmatch(words)
        if moment:
            at = datetime.fromisoformat(moment[1]).replace(tzinfo=ZoneInfo(moment[2])).astimezone(UTC)
            assert at >= self.house.now, f"{words} is over"
            if self.began:
                return self.passed(at - self.house.now)
            self.house.time.set(at)
        elif words == "night":
            self.line = homes.NIGHT
        else:
            self.member = MEMBERS[words]
        return []

    def passed(self, time: timedelta) -> list[str]:
        """Everything due on the way happens at its own moment; what the phones got."""
        until = self.house.now + time
        lines: list[str] = []
        for _ in range(2000):
            due = self.next_due()
            if due is None or due > until:
                self.house.time.set(until)
                return lines
            self.house.time.set(max(self.house.now, due))
            fire_due(self.house.desk, self.house.now)
            lines += self.got()
        raise AssertionError("alarms ring for ever")

    def next_due(self) -> datetime | None:
        """When the next alarm rings or the next text may go."""
        due = union_all(select(wakes.c.due_at), select(outbox.c.due_at).where(outbox.c.state == "due")).subquery()
        with self.house.db.read() as conn:
            found: datetime | None = conn.scalar(select(func.min(due.c.due_at)))
        return found

    def got(self) -> list[str]:
        """Hands over all that may go now; what is new on the phones of this conversation."""
        gone = set(self.house.deliver())
        rows = [row for row in self.house.rows() if row.id in gone and row.state == "sent"] if gone else []
        return [line for row in rows if (line := self.shown(row.number, row.body))]

    def shown(self, phone: str, body: str) -> str:
        """The line of a text that arrived; "" on the phone of somebody who has no part in this."""
        if phone == self.member:
            return f"< {body}"
        name = next((name for name, number in PHONES.items() if number == phone), "")
        if name in TEAM:
            return f"! {name}: {body}"
        return f"{name}< {body}" if name in self.named else ""
