"""Letting somebody sign in to the console."""

from sms_service.settings import Settings
from sms_service.store import users
from sms_service.store.open import open_database
from sms_service.store.programs import program_by_slug


def add_user(settings: Settings, *, email: str, password: str, program: str) -> None:
    """A coordinator of this program. ValueError with a sentence: unknown program, known address, bad password."""
    database = open_database(settings)
    try:
        with database.write() as conn:
            found = program_by_slug(conn, program)
            if found is None:
                raise ValueError(f"There is no program {program}.")
            if users.add_user(conn, found.id, email, password, users.COORDINATOR) is None:
                raise ValueError(f"{email} can sign in already.")
    finally:
        database.close()
