"""urgent: ten thousand bulk messages are being drained on one line; when do a crisis reply and its page arrive?"""

import re
import socket
import sys
import time
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from scripts.benches.asked import Asked
from scripts.benches.figures import Bar, Outcome, curve, percentile
from scripts.benches.live import LINE, Arrived, Handsets, live
from scripts.benches.load import OK, Order, raw
from scripts.benches.numbers import number_of
from scripts.benches.stage import Servers, Stage, stage
from scripts.benches.stock import filling, line_rate, members, owed, settle
from sms_service import clock
from sms_service.store.cases import cases
from sms_service.store.database import Database
from sms_service.store.outbox import outbox

NOON = datetime.fromisoformat("2026-03-04T17:00+00:00")
BULK, CRISES = 10_000, 100
TEAM = frozenset({"+12025550111", "+12025550112", "+12025550119"})
WORDS = "HOPE: the Tuesday meeting is at 7 pm this week."
CRISIS = "I want to kill myself"
GAPS = {1.0: 7.0, 100.0: 0.8}
"""Seconds between two crises, by the line's rate: at 1 a second reply and page alone take the line for some seconds."""
MOST_S = 2.0
PATIENCE = 60.0


@dataclass(frozen=True)
class Crisis:
    """One text, and when its answer and the first page of its case were on a handset (seconds after the text)."""

    reply: float
    page: float

    @property
    def both(self) -> float:
        """Until the later of the two."""
        return max(self.reply, self.page)


def measure(asked: Asked, servers: Servers) -> Outcome:
    """Once with the line at 1 segment a second, once at 100."""
    figures: dict[str, float] = {}
    bars: list[Bar] = []
    series: dict[str, list[float]] = {}
    for rate, gap in GAPS.items():
        found, sent = one_rate(asked, servers, rate, gap)
        name = f"at_{rate:g}_per_second"
        for what in ("reply", "page", "both"):
            values = [getattr(one, what) for one in found]
            figures |= {f"{name}_{what}_p{p}_s": percentile(values, p) for p in (50, 99)}
        figures |= {f"{name}_crises": len(found), f"{name}_bulk_sent_meanwhile": sent}
        bars.append(
            Bar(f"p99 seconds to reply and page, line at {rate:g}/s", figures[f"{name}_both_p99_s"], "<=", MOST_S)
        )
        series[f"{rate:g}/s"] = curve([one.both for one in found])
    notes = [
        f"{max(20, int(BULK * asked.scale))} bulk messages due on the line when the first crisis came",
        "from the POST of the webhook until the reply and the first page are on handsets (the local Twilio's log)",
        "the line's own queue and 20 ms from sent to delivered are counted",
        "each case is closed in the database once both are there, so that the ladder's later pages take no line time",
    ]
    return Outcome(figures, bars, series=series, notes=notes)


def one_rate(asked: Asked, servers: Servers, rate: float, gap: float) -> tuple[list[Crisis], int]:
    """The crises of one line's rate, and how many bulk messages left meanwhile."""
    bulk, crises = max(20, int(BULK * asked.scale)), max(2, int(CRISES * asked.scale))
    with stage(servers, asked.database, at=NOON.isoformat()) as made, made.stack:
        database = made.database()
        with filling(database) as conn:
            ids = members(conn, max(bulk, crises), NOON)
            line_rate(conn, rate)
            owed(conn, ids[:bulk], "bulk", "bulk", WORDS, NOON)
        settle(database)
        with live(made, rate) as handsets:
            until_flowing(handsets)
            sent_at = send_all(made, database, handsets, len(ids), crises, gap)
            found = collect(database, handsets, sent_at)
            left = _left(database)
    tell(rate, found, bulk - left)
    if bulk > 50 and not left:
        print("  the bulk messages ran out before the crises did: raise BULK", file=sys.stderr)
    return found, bulk - left


def until_flowing(handsets: Handsets) -> None:
    """The first bulk messages are out: the drain is under way."""
    give_up = time.monotonic() + PATIENCE
    while not handsets.all():
        if time.monotonic() > give_up:
            raise SystemExit("No bulk message left within a minute.")
        time.sleep(0.2)


def send_all(
    made: Stage, database: Database, handsets: Handsets, people: int, crises: int, gap: float
) -> dict[str, datetime]:
    """A crisis every `gap` seconds, each of another member; when each handset sent its."""
    settings, sent = made.settings, {}
    url = f"{settings.public_url}/webhooks/sms"
    order = Order(settings.port, url, settings.twilio_auth_token, LINE, [], [], 0.0)
    began = time.monotonic()
    for at in range(crises):
        member = people - 1 - at * max(1, people // crises)  # the last of the queue, and some from within it
        request = raw(order, member, at, CRISIS)
        sent[number_of(member)] = clock.now()
        post(settings.port, request)
        wait_until(began + (at + 1) * gap)
        close_answered(database, pages(handsets.all()))
    return sent


def post(port: int, request: bytes) -> None:
    """One webhook; SystemExit when it is not taken."""
    with socket.create_connection(("127.0.0.1", port), 10) as sock:
        sock.sendall(request.replace(b"\r\nAccept: */*", b"\r\nAccept: */*\r\nConnection: close"))
        answer = sock.recv(4096)
    if not answer.startswith(OK):
        raise SystemExit(f"A crisis text was answered {answer[:40]!r}.")


def wait_until(moment: float) -> None:
    """Sleeps until then (monotonic)."""
    time.sleep(max(0.0, moment - time.monotonic()))


def pages(arrived: list[Arrived]) -> dict[int, datetime]:
    """The first page of each case."""
    first: dict[int, datetime] = {}
    for one in arrived:
        if one.handset in TEAM and (no := re.search(r"case (\d+)", one.body)):
            first.setdefault(int(no[1]), one.at)
    return first


def close_answered(database: Database, paged: dict[int, datetime]) -> None:
    """Cases whose page is there are closed behind the service's back."""
    if paged:
        these = cases.c.case_no.in_(sorted(paged)), cases.c.state != "closed"
        with database.write() as conn:
            conn.execute(cases.update().where(*these).values(state="closed", closed_at=clock.now()))


def collect(database: Database, handsets: Handsets, sent: dict[str, datetime]) -> list[Crisis]:
    """Each crisis with its reply and page; SystemExit when one never came."""
    give_up = time.monotonic() + PATIENCE
    while True:
        with database.read() as conn:
            numbered = {row.case_no: row.member_id for row in conn.execute(select(cases.c.case_no, cases.c.member_id))}
        first_id = _first_member(database)
        arrived = handsets.all()
        paged = {number_of(numbered[no] - first_id): at for no, at in pages(arrived).items() if no in numbered}
        replied: dict[str, datetime] = {}
        for one in arrived:
            if one.handset in sent and one.body != WORDS and one.at >= sent[one.handset]:
                replied.setdefault(one.handset, one.at)
        missing = [handset for handset in sent if handset not in paged or handset not in replied]
        if not missing:
            return [Crisis(_s(replied[h], at), _s(paged[h], at)) for h, at in sent.items()]
        if time.monotonic() > give_up:
            raise SystemExit(f"{len(missing)} of {len(sent)} crises have no reply or no page after {PATIENCE:.0f} s.")
        time.sleep(1)


def tell(rate: float, found: list[Crisis], sent: int) -> None:
    """A word of progress."""
    both = [one.both for one in found]
    words = f"p50 {percentile(both, 50):.2f} s, p99 {percentile(both, 99):.2f} s, {sent} bulk sent"
    print(f"  line at {rate:g}/s: {words}", file=sys.stderr, flush=True)


def _s(there: datetime, sent: datetime) -> float:
    return (there - sent).total_seconds()


def _left(database: Database) -> int:
    with database.read() as conn:
        return conn.scalar(select(func.count()).where(outbox.c.why == "bulk", outbox.c.state == "due")) or 0


def _first_member(database: Database) -> int:
    """The id of the member with number 0; `members` gives ids in one run."""
    with database.read() as conn:
        return int(conn.scalar(select(func.min(outbox.c.person_id)).where(outbox.c.why == "bulk")) or 0)
