"""Commands that run: up, web, worker, ticker, simulator, phone."""

import os
import sys
from typing import get_args

import click

from sms_service.commands.plain_errors import settings
from sms_service.domain.words import LANES, Lane
from sms_service.settings import Settings

DEMO_LINE = "+12025550100"


@click.command()
def up() -> None:
    """Run the whole service on this machine until Ctrl-C."""
    chosen = settings()
    from rich.console import Console

    from sms_service.up.supervise import run

    run(chosen, Console(highlight=False, soft_wrap=True))


@click.command()
@click.option("--only", type=click.Choice(["webhooks", "console"]), help="Serve one half alone.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
def web(only: str | None, host: str) -> None:
    """Serve Twilio's webhooks and the console (gunicorn) on PORT."""
    chosen = settings()
    _ = chosen.redis_url  # its sentence, rather than a worker's death
    from sms_service.up.ports import is_free

    if not is_free(chosen.port, host):
        raise click.ClickException(f"Port {chosen.port} is taken by another program: set PORT.")
    target = f"sms_service.wsgi:make(only={only!r})" if only else "sms_service.wsgi:make()"
    sys.stdout.flush()
    os.execv(sys.executable, server_command(chosen, host, target))  # noqa: S606  # gunicorn takes this process over


def server_command(chosen: Settings, host: str, target: str) -> list[str]:
    """How gunicorn serves `target` on PORT: 1 x 8 threads on SQLite, 2 x 8 on PostgreSQL (DESIGN.md §9)."""
    options = {
        "--bind": f"[{host}]:{chosen.port}" if ":" in host else f"{host}:{chosen.port}",
        "--worker-class": "gthread",
        "--workers": "1" if chosen.on_sqlite else "2",
        "--threads": "8",
        "--timeout": "30",
        "--graceful-timeout": "5",
        "--log-level": "warning",
        "--logger-class": "sms_service.serving.JsonLog",
    }
    words = [word for pair in options.items() for word in pair]
    return [sys.executable, "-m", "gunicorn", *words, "--no-control-socket", target]


def lanes_of(_ctx: click.Context, _param: click.Parameter, text: str) -> tuple[Lane, ...]:
    """The lanes named in `urgent,reply`, in that order of priority."""
    names = [name.strip() for name in text.split(",") if name.strip()]
    unknown = [name for name in names if name not in get_args(Lane)]
    if unknown or not names:
        raise click.BadParameter(f"lanes are {', '.join(LANES)}")
    return tuple(lane for lane in LANES if lane in names)


@click.command()
@click.option("--lanes", default=",".join(LANES), callback=lanes_of, show_default=True)
@click.option(
    "--connections", type=click.IntRange(1, 200), default=32, show_default=True, help="Connections to Twilio."
)
def worker(lanes: tuple[Lane, ...], connections: int) -> None:
    """Work off the queues of these lanes, the most urgent first."""
    chosen = settings()
    from sms_service.app import run_worker

    run_worker(chosen, lanes, connections)


@click.command()
def ticker() -> None:
    """Fire what is due, each second."""
    chosen = settings()
    from sms_service.app import run_ticker

    run_ticker(chosen)


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
def simulator(host: str) -> None:
    """Run the local Twilio on SIMULATOR_PORT, with phones in the browser."""
    chosen = settings()
    from sms_service.simulator.config import Config
    from sms_service.simulator.server import run

    config = Config(
        account_sid=chosen.twilio_account_sid,
        auth_token=chosen.twilio_auth_token,
        host=host,
        port=chosen.simulator_port,
        webhook_base=chosen.public_url,
        clock_file=chosen.test_clock,
    )
    sys.exit(run(config))


@click.command()
@click.argument("number")
@click.option("--line", default=DEMO_LINE, show_default=True, help="The line to talk with.")
def phone(number: str, line: str) -> None:
    """Be the phone NUMBER in this terminal, on the local Twilio."""
    from sms_service.simulator import terminal

    sys.exit(terminal.phone(number, line, f"http://127.0.0.1:{settings().simulator_port}"))
