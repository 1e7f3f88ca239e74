"""A person at a terminal gets one sentence and an exit code, never a stack trace, number or text."""

import traceback
from typing import Any

import click

from sms_service import clock
from sms_service.settings import Settings, SettingsError, load_settings


def settings() -> Settings:
    """The settings of this command, its clock set by them. A wrong one ends the command with its sentence."""
    try:
        found = load_settings()
    except SettingsError as error:
        raise click.ClickException(str(error)) from None
    clock.follow(found.test_clock)
    return found


class PlainGroup(click.Group):
    """A group whose commands never end in a stack trace."""

    def invoke(self, ctx: click.Context) -> Any:
        """As click's, with every exception turned into a sentence."""
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort, SystemExit):
            raise
        except Exception as error:  # noqa: BLE001  # the last place before the person
            raise click.ClickException(sentence(error)) from None


def sentence(error: Exception) -> str:
    """What happened, without the exception's own words unless they are ours: others' may hold numbers."""
    kind = type(error)
    if isinstance(error, SettingsError) or kind.__module__.startswith("sms_service."):
        return str(error) or kind.__name__
    if kind.__module__.startswith("sqlalchemy"):
        return f"The database cannot be used ({kind.__name__}); see DATABASE_URL."
    if kind.__module__.startswith("redis"):
        return f"Redis cannot be used ({kind.__name__}); see REDIS_URL."
    if isinstance(error, OSError) and error.strerror:
        return f"{error.strerror}{f': {error.filename}' if error.filename else ''}."
    places = traceback.extract_tb(error.__traceback__)
    where = f" at {places[-1].filename}:{places[-1].lineno}" if places else ""
    return f"Unexpected {kind.__name__}{where}; please report it."
