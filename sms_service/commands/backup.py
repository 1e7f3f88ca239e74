"""The commands `backup` and `restore`: the whole database as one sealed file, and back."""

import signal
import sys
from pathlib import Path

import click

from sms_service.commands.plain_errors import settings

FILE = click.Path(dir_okay=False, path_type=Path)
KEYS_APART = "It opens with DATA_KEYS and needs LOOKUP_KEYS: keep both apart from the file."


@click.command()
@click.argument("file", type=FILE)
def backup(file: Path) -> None:
    """Write everything into FILE, sealed, while the service runs."""
    chosen = settings()
    from sms_service import clock
    from sms_service.commands.progress import counting
    from sms_service.services.backup import back_up

    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # ended by a shutdown, it still takes its half file away
    with counting("rows") as told:
        made = back_up(chosen, file, clock.now(), told)
    size = file.stat().st_size / 1_000_000
    click.echo(f"{file}: {made.programs} programs, {made.rows} rows, {size:.1f} MB. {KEYS_APART}")
    if made.unreadable:
        click.echo(f"{made.unreadable} values were under no key in DATA_KEYS; they are in the file as they are.")


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, exists=True, path_type=Path))
def restore(file: Path) -> None:
    """Fill this installation's empty database from FILE, and leave it on hold.

    The service must be stopped. Whatever may have gone out since the backup is compared with Twilio's list before it
    goes out; replies, prompts and bulk wait for `sms-service release`.
    """
    chosen = settings()
    from sms_service import clock
    from sms_service.commands.progress import counting
    from sms_service.services.restore import restore as restored

    with counting("rows") as told:
        back = restored(chosen, file, clock.now(), told)
    click.echo(f"Restored {back.rows} rows as they were at {back.made_at:%Y-%m-%d %H:%M:%S} UTC.")
    click.echo(f"{back.doubted} messages will be looked up at Twilio before they go out.")
    click.echo("On hold: reply, scheduled, bulk. Start the service, look at Today, then run `sms-service release`.")
