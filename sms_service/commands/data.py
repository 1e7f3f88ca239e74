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
    _admit(chosen, program, email, password)
    click.echo(f"{email} can sign in.")


def _admit(chosen: Settings, slug: str, email: str, password: str) -> None:
    from sms_service.store.open import open_database
    from sms_service.store.programs import program_by_slug
    from sms_service.store.users import COORDINATOR, add_user

    database = open_database(chosen)
    try:
        with database.write() as conn:
            program = program_by_slug(conn, slug)
            if program is None:
                raise click.ClickException(f"There is no program {slug}.")
            if add_user(conn, program.id, email, password, COORDINATOR) is None:
                raise click.ClickException(f"{email} is known already.")
    except ValueError as error:
        raise click.ClickException(str(error)) from None
    finally:
        database.close()
