"""docs/operations.md: the tables of settings and commands, written from the code so that they cannot go stale."""

from collections.abc import Iterator
from pathlib import Path

import click

from sms_service.settings import Settings

HEAD = "<!-- Written by sms_service/commands/operations.py: change the settings and commands, not this page. -->"
SETTINGS = (
    "Read from the environment, then from `.env` in the folder where the command runs. A wrong value or an unknown "
    "name stops the start with one sentence that names it. A local home makes missing secrets once and keeps them; in "
    "production (`SMS_SERVICE_ENV=production`) each must be given."
)
COMMANDS = (
    "Each has `--help`, prints one sentence and exits with a code other than 0 when it fails, and may be run again."
)


def page(main: click.Group) -> str:
    """The whole page, in Markdown; `main` is the `sms-service` command."""
    rows = "\n".join(f"| `{name}` | {what} |" for name, what in settings())
    orders = "\n".join(f"| `sms-service {name}` | {what} |" for name, what in commands(main))
    blocks = (
        HEAD,
        "# Operations",
        "## Settings",
        SETTINGS,
        f"| setting | what it is (default) |\n|---|---|\n{rows}",
        "## Commands",
        COMMANDS,
        f"| command | what it does |\n|---|---|\n{orders}",
    )
    return "\n\n".join(blocks) + "\n"


def settings() -> Iterator[tuple[str, str]]:
    """Each setting's name and what it is, in the order of the code."""
    for field in Settings.model_fields.values():
        if field.description:
            default = f" ({field.default})" if isinstance(field.default, int | str) else ""
            yield str(field.alias), _cell(field.description.removesuffix(".") + default + ".")


def commands(group: click.Group, before: str = "") -> Iterator[tuple[str, str]]:
    """Each command with its arguments and options, and what it does."""
    for name, command in sorted(group.commands.items()):
        if isinstance(command, click.Group):
            yield from commands(command, f"{before}{name} ")
        else:
            words = [f"{before}{name}", *filter(None, map(_shown, command.params))]
            yield _cell(" ".join(words)), _cell((command.help or "").partition("\n\n")[0])


def _shown(param: click.Parameter) -> str:
    """`[--only webhooks|console]`, `NUMBER`."""
    if isinstance(param, click.Argument):
        return param.make_metavar(click.Context(click.Command("sms-service")))
    assert isinstance(param, click.Option), "click has arguments and options"
    kind = "|".join(param.type.choices) if isinstance(param.type, click.Choice) else (param.name or "").upper()
    return f"[{param.opts[0]}]" if param.is_flag else f"[{param.opts[0]} {kind}]"


def _cell(words: str) -> str:
    return " ".join(words.split()).replace("|", "\\|")


def write(folder: Path) -> None:
    """Writes operations.md into `folder`."""
    from sms_service.cli import main

    (folder / "operations.md").write_text(page(main), "utf-8")


if __name__ == "__main__":
    write(Path("docs"))
