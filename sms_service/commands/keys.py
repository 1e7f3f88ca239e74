"""The command `keys rotate`: new keys for what is sealed and for how numbers are found, without a pause."""

import click

from sms_service.commands.plain_errors import settings


@click.group()
def keys() -> None:
    """The keys of what is stored."""


@keys.command()
def rotate() -> None:
    """Take the next step of a rotation of DATA_KEYS and LOOKUP_KEYS.

    Each run does what can be done now and says what comes next: new keys are made, put first, everything is sealed
    anew, the old keys may go. It may be broken off and run again at any time.
    """
    chosen = settings()
    from sms_service.commands.progress import counting
    from sms_service.services import rotate as rotation

    with counting("batches") as told:
        said = rotation.rotate(chosen, told)
    for words in said:
        click.echo(words)
