"""Commands on the conversations: prove, draw and print them."""

import sys
from typing import TYPE_CHECKING, get_args

import click

from sms_service.domain.words import Lang

if TYPE_CHECKING:
    from sms_service.flows.steps import Flow


@click.group()
def flows() -> None:
    """The conversations, as tables."""


@flows.command()
def check() -> None:
    """Prove every flow in every language; print what is wrong."""
    from sms_service.flows.registry import FLOWS
    from sms_service.say.check import check_flows

    problems = check_flows()
    for problem in problems:
        click.echo(str(problem), err=True)
    click.echo(f"{len(FLOWS)} flows in {len(get_args(Lang))} languages: {len(problems)} problems.")
    sys.exit(1 if problems else 0)


@flows.command()
@click.argument("name", required=False)
def draw(name: str | None) -> None:
    """Draw one flow, or all, as Mermaid."""
    from sms_service.say.draw import draw as drawing

    for chosen in _chosen(name):
        click.echo(drawing(chosen))


@flows.command()
@click.argument("name", required=False)
@click.option("--lang", type=click.Choice(get_args(Lang)), default="en", show_default=True)
def script(name: str | None, lang: Lang) -> None:
    """Print one flow, or all, as a person reads it."""
    from sms_service.say.script import script as reading

    for chosen in _chosen(name):
        click.echo(reading(chosen, lang))


def _chosen(name: str | None) -> "list[Flow]":
    from sms_service.flows.registry import FLOWS

    if name is None:
        return [FLOWS[known] for known in sorted(FLOWS)]
    if name not in FLOWS:
        raise click.ClickException(f"There is no flow {name}; there are {', '.join(sorted(FLOWS))}.")
    return [FLOWS[name]]
