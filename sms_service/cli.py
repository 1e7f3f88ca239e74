"""The `sms-service` command: only its list of commands; `--help` imports nothing else."""

import click

from sms_service.commands.backup import backup, restore
from sms_service.commands.data import db, seed_demo, users
from sms_service.commands.doctor import doctor
from sms_service.commands.flows import flows
from sms_service.commands.hold import hold, release
from sms_service.commands.keys import keys
from sms_service.commands.plain_errors import PlainGroup
from sms_service.commands.run import phone, simulator, ticker, up, web, worker
from sms_service.commands.trace import trace
from sms_service.commands.triage import triage


@click.group(cls=PlainGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="sms_service")
def main() -> None:
    """Text and voice check-ins for a peer-support group."""


for _command in (doctor, hold, release, trace, backup, restore, keys):
    main.add_command(_command)
for _command in (up, web, worker, ticker, simulator, phone, db, seed_demo, users, flows, triage):
    main.add_command(_command)

if __name__ == "__main__":
    main()
