"""Is somebody there? Supervisors, and the hours that no volunteer covers (CONVERSATION.md 14)."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sms_service.domain.oncall import covers
from sms_service.services.finding import Finding, fail, ok, warn
from sms_service.store.database import Database
from sms_service.store.programs import Program, all_programs
from sms_service.store.rota import OnRota, rota_of

SUPERVISORS = 2
STEP = timedelta(minutes=15)
WEEK = timedelta(days=7)
SHOWN = 3


def teams(db: Database, now: datetime, *, local: bool) -> Iterator[Finding]:
    """Of each program; on the local Twilio nobody real is waiting, so it is only a warning there."""
    with db.read() as conn:
        rotas = [(program, rota_of(conn, program.id)) for program in all_programs(conn)]
    if not rotas:
        yield warn("rota", "there is no program yet", "sms-service seed-demo makes two to try")
    for program, rota in rotas:
        yield _supervisors(program, rota, local=local)
        yield _hours(program, rota, now)


def _supervisors(program: Program, rota: list[OnRota], *, local: bool) -> Finding:
    there = {one.person_id for one in rota if one.role == "supervisor"}
    if len(there) >= SUPERVISORS:
        return ok("rota", f"{program.slug}: {len(there)} supervisors")
    what = f"{program.slug}: this line is not ready: {len(there)} of {SUPERVISORS} supervisors"
    do = "add another: a crisis that no volunteer takes must find somebody awake"
    return warn("rota", what, do) if local else fail("rota", what, do)


def _hours(program: Program, rota: list[OnRota], now: datetime) -> Finding:
    gaps = gaps_of(rota, now)
    if not gaps:
        return ok("rota", f"{program.slug}: a volunteer is on call at every hour of the next week")
    without = sum((end - start for start, end in gaps), timedelta())
    if without >= WEEK:
        what = f"{program.slug}: no volunteer is on call in the next week; a crisis goes to a supervisor"
        return warn("rota", what, "fill the rota")
    shown = ", ".join(_gap(start, end, program.zone) for start, end in gaps[:SHOWN])
    more = f" and {len(gaps) - SHOWN} more" if len(gaps) > SHOWN else ""
    hours = f"{without / timedelta(hours=1):.0f} of 168 hours"
    what = f"{program.slug}: {hours} of the next week without a volunteer: {shown}{more}"
    return warn("rota", what, "fill the rota; a crisis goes to a supervisor then")


def gaps_of(rota: list[OnRota], now: datetime) -> list[tuple[datetime, datetime]]:
    """The stretches of the next seven days without a volunteer, to a quarter of an hour."""
    start = now.replace(minute=now.minute // 15 * 15, second=0, microsecond=0)
    moments = [start + n * STEP for n in range(WEEK // STEP)]
    bare = [at for at in moments if not any(_is_on(one, at) for one in rota)]
    gaps: list[tuple[datetime, datetime]] = []
    for at in bare:
        if gaps and gaps[-1][1] == at:
            gaps[-1] = (gaps[-1][0], at + STEP)
        else:
            gaps.append((at, at + STEP))
    return gaps


def _is_on(one: OnRota, at: datetime) -> bool:
    return one.role == "volunteer" and not (one.off_until and one.off_until > at) and covers(one.shift, at)


def _gap(start: datetime, end: datetime, zone: str) -> str:
    first, last = start.astimezone(ZoneInfo(zone)), end.astimezone(ZoneInfo(zone))
    return f"{first:%a %H:%M} to {last:%a %H:%M}"
