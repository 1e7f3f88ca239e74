"""The demo: two invented programs to play with, made once (DESIGN.md §3)."""

from datetime import datetime

from sqlalchemy import Connection

from sms_service import clock
from sms_service.domain.oncall import ALWAYS
from sms_service.domain.words import PersonId, ProgramId
from sms_service.services.desk import Work
from sms_service.services.enrol import wind
from sms_service.settings import Settings
from sms_service.store.consents import log_consent
from sms_service.store.groups import groups, join_group
from sms_service.store.open import open_database
from sms_service.store.people import add_person
from sms_service.store.programs import Lines, add_line, program_by_slug, programs
from sms_service.store.rota import add_shift
from sms_service.store.types import new_id
from sms_service.store.users import COORDINATOR, add_user

RATE = 100.0
"""Segments per second: a short code's, so that playing is not slow."""
LOGIN = "coordinator@demo.example"
MEMBERS = (("Ana", "en", 0), ("Leo", "en", 1), ("Marisol", "es", 2))


def seed_demo(settings: Settings) -> None:
    """Makes the programs `demo` and `night` and a coordinator's login, unless they are there."""
    database = open_database(settings)
    try:
        with database.write() as conn:
            if program_by_slug(conn, "demo") is None:
                _demo(conn, clock.now())
            if program_by_slug(conn, "night") is None:
                _night(conn, clock.now())
            demo = program_by_slug(conn, "demo")
            assert demo is not None, "just made"
            if settings.demo_password:
                add_user(conn, demo.id, LOGIN, settings.demo_password, COORDINATOR)
    finally:
        database.close()


def _program(conn: Connection, slug: str, name: str, short: str, line: str, now: datetime) -> tuple[ProgramId, int]:
    done = conn.execute(
        programs.insert().values(
            slug=slug, name=name, short=short, country="US", zone="America/New_York", language="en",
            url="peers.example.org/p", quiet_from=9 * 60, quiet_until=20 * 60, settings={}, created_at=now,
        )
    )  # fmt: skip
    program_id = ProgramId(new_id(done))
    return program_id, add_line(conn, program_id, line, RATE, now)


def _group(conn: Connection, program_id: ProgramId, code: str, name: str, language: str) -> int:
    done = conn.execute(groups.insert().values(program_id=program_id, code=code, name=name, language=language))
    return new_id(done)


def _team(
    conn: Connection, program_id: ProgramId, number: str, role: str, name: str, now: datetime, **known: object
) -> PersonId:
    roles = {f"is_{role}": True}
    person = add_person(conn, program_id, number, now, name=name, state="active", **roles, **known)
    assert person is not None, "a new program knows nobody"
    return person


def _demo(conn: Connection, now: datetime) -> None:
    program_id, line_id = _program(conn, "demo", "Hope Peer Support (demo)", "HOPE", "+12025550100", now)
    hope = _group(conn, program_id, "HOPE", "Hope Tuesday", "en")
    esperanza = _group(conn, program_id, "ESPERANZA", "Esperanza", "es")
    team = (
        ("+12025550111", "volunteer", "Sam", "en"),
        ("+12025550112", "volunteer", "Carmen", "en,es"),
        ("+12025550119", "supervisor", "Ruth", "en,es"),
    )
    for position, (number, role, name, speaks) in enumerate(team):
        person = _team(conn, program_id, number, role, name, now, speaks=speaks, line_id=line_id)
        add_shift(conn, program_id, person, role, ALWAYS, position)
    work = Work(conn, now, "seed", Lines())
    for name, language, at in MEMBERS:
        number = f"+1202555{121 + at:04d}"
        group = esperanza if language == "es" else hope
        _member(work, program_id, line_id, number, name, language, group, (18 + at) * 60)
    work.write_down()


def _member(
    work: Work,
    program_id: ProgramId,
    line_id: int,
    number: str,
    name: str,
    language: str,
    group: int,
    minute: int,
) -> None:
    person = add_person(
        work.conn, program_id, number, work.now, name=name, language=language, state="active", is_member=True,
        check_in_minute=minute, line_id=line_id,
    )  # fmt: skip
    assert person is not None, "a new program knows nobody"
    join_group(work.conn, program_id, group, person, work.now)
    log_consent(work.conn, program_id, person, "given", "demo", work.now, source="coordinator", language=language)
    wind(work, program_id, person, minute, "America/New_York", "daily")


def _night(conn: Connection, now: datetime) -> None:
    program_id, line_id = _program(conn, "night", "Night Line (demo)", "NIGHT", "+12025550200", now)
    _group(conn, program_id, "DAWN", "Dawn", "en")
    for position, (number, name) in enumerate((("+12025550219", "Noor"), ("+12025550218", "Tom"))):
        person = _team(conn, program_id, number, "supervisor", name, now, line_id=line_id)
        add_shift(conn, program_id, person, "supervisor", ALWAYS, position)
