"""Commands on the data: db upgrade, seed-demo, users add."""

import sys

import click

from sms_service.commands.plain_errors import settings
from sms_service.settings import Settings


@click.group()
def db() -> None:
    """The database."""


@db.command()
@click.option("--demo", is_flag=True, help="Then make the demo programs, as seed-demo does.")
def upgrade(demo: bool) -> None:
    """Bring the database to the newest schema."""
    chosen = settings()
    from sms_service.store import migrate

    migrate.upgrade(chosen)
    click.echo("The database has the newest schema.")
    if demo:
        _seed(chosen)


@click.command("seed-demo")
def seed_demo() -> None:
    """Make the demo programs, once."""
    _seed(settings())


def _seed(chosen: Settings) -> None:
    from sms_service.services import seed

    seed.seed_demo(chosen)
    click.echo("The demo programs are there.")


@click.group()
def users() -> None:
    """Who may sign in to the console."""


@users.command()
@click.argument("email")
@click.option("--program", default="demo", show_default=True, help="The program's short name in addresses.")
@click.option("--password-stdin", is_flag=True, help="Read the password from the first line of stdin.")
def add(email: str, program: str, password_stdin: bool) -> None:
    """Let EMAIL sign in as a coordinator."""
    chosen = settings()
    if password_stdin:
        password = sys.stdin.readline().rstrip("\r\n")
    else:
        password = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    from sms_service.services.users import add_user

    try:
        add_user(chosen, email=email, password=password, program=program)
    except ValueError as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"{email} can sign in.")
