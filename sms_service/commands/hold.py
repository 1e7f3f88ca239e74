"""The commands `hold` and `release`: stop sending for a while, crisis replies and pages excepted."""

import click

from sms_service.commands.plain_errors import settings
from sms_service.domain.words import Lane

NO_ANSWERS = (
    "People who text get no answers until `sms-service release`; texts are taken in and read for danger all the same."
)


def lanes_of(_ctx: click.Context, _param: click.Parameter, text: str) -> tuple[Lane, ...]:
    """The lanes named in `scheduled,bulk`; urgent is none of them."""
    from sms_service.services.hold import HOLDABLE

    names = [name.strip() for name in text.split(",") if name.strip()]
    if "urgent" in names:
        raise click.BadParameter("crisis replies and pages are never held")
    if not names or set(names) - set(HOLDABLE):
        raise click.BadParameter(f"lanes that can be held are {', '.join(HOLDABLE)}")
    return tuple(lane for lane in HOLDABLE if lane in names)


@click.command()
@click.option("--lanes", default="reply,scheduled,bulk", callback=lanes_of, show_default=True, help="What to hold.")
def hold(lanes: tuple[Lane, ...]) -> None:
    """Stop sending, crisis replies and pages excepted."""
    chosen = settings()
    from sms_service import clock
    from sms_service.services import hold as holds
    from sms_service.store.open import open_database

    db = open_database(chosen)
    try:
        held = holds.hold(db, lanes, clock.now())
    finally:
        db.close()
    click.echo(f"On hold: {', '.join(held)}. Crisis replies and pages still go out.")
    if "reply" in held:
        click.echo(NO_ANSWERS)


@click.command()
def release() -> None:
    """Send again what `hold` stopped."""
    chosen = settings()
    from sms_service import clock
    from sms_service.services import hold as holds
    from sms_service.store.open import open_database

    db = open_database(chosen)
    try:
        were, due = holds.release(db, clock.now())
    finally:
        db.close()
    if not were:
        click.echo("Nothing was on hold.")
        return
    click.echo(f"Released: {', '.join(f'{lane} ({due[lane]} waiting)' for lane in were)}.")
    click.echo("Each message is checked again as it is sent; one that is no longer worth sending ends unsent.")
