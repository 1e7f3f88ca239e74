"""The command `doctor`: one line a check, what to do about it, exit 1 when something fails."""

import json
import sys
from collections.abc import Iterable
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from sms_service.services.finding import Finding

COLOURS = {"ok": "green", "warn": "yellow", "FAIL": "red"}


@click.command()
@click.option("--live", is_flag=True, help="Ask Twilio too: account, clock, numbers, addresses.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def doctor(live: bool, as_json: bool) -> None:
    """Look everything over: one line a check, what to do, exit 1 when something fails."""
    from sms_service import clock
    from sms_service.services.finding import fail
    from sms_service.settings import SettingsError, load_settings

    try:
        chosen = load_settings()
    except SettingsError as error:
        show([fail("settings", str(error).rstrip("."), "mend it in the environment or .env")], as_json=as_json)
        return
    clock.follow(chosen.test_clock)
    from sms_service.services.diagnose import diagnose

    show(diagnose(chosen, clock.now(), live=live), as_json=as_json)


def show(findings: "Iterable[Finding]", *, as_json: bool) -> None:
    """Prints as they come; exits 1 when one failed."""
    failed, found = 0, []
    for one in findings:
        failed += one.level == "FAIL"
        found.append(asdict(one))
        if not as_json:
            do = f"\n       {one.do}" if one.do and one.level != "ok" else ""
            click.echo(f"{click.style(one.level.ljust(4), COLOURS[one.level])}  {one.check}: {one.what}.{do}")
    if as_json:
        click.echo(json.dumps({"ok": not failed, "findings": found}, indent=1))
    elif failed:
        click.echo(f"{failed} check{'s' if failed != 1 else ''} failed.", err=True)
    sys.exit(1 if failed else 0)
