"""The command `trace`: one text's way, ids and times only."""

import click

from sms_service.commands.plain_errors import settings


@click.command()
@click.argument("name", metavar="ID")
def trace(name: str) -> None:
    """Tell one text's way: heard, judged, owed, sent, taken. Ids and times only.

    ID is a SID of Twilio's (SM...), o:123 for a message of ours, or c:demo:7 for a case of a program.
    """
    chosen = settings()
    from sms_service.services.trace import trace as way_of
    from sms_service.store.open import open_database

    db = open_database(chosen)
    try:
        with db.read() as conn:
            lines = way_of(conn, name.strip())
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="ID") from None
    finally:
        db.close()
    if not lines:
        raise click.ClickException(f"Nothing is known here of {name}.")
    click.echo("\n".join(lines))
