"""What a person sees when the service is ready: where it is and how to get in."""

from rich.console import Console
from rich.panel import Panel
from rich.table import Table

from sms_service.settings import Settings

DEMO_EMAIL = "coordinator@demo.example"  # services/seed.py makes it; not imported, `up` stays small


def show(console: Console, settings: Settings) -> None:
    """Addresses, and in a local home the demo login; never in production."""
    rows = Table.grid(padding=(0, 2))
    rows.add_row("Console", f"{settings.public_url}/console/")
    if settings.local_twilio:
        rows.add_row("Phones", f"http://127.0.0.1:{settings.simulator_port}/")
    if settings.demo_password:
        rows.add_row("Login", DEMO_EMAIL)
        rows.add_row("Password", settings.demo_password)
    rows.add_row("Logs", str(settings.home / "logs"))
    console.print(Panel(rows, title="sms-service is ready", expand=False, subtitle="Ctrl-C ends it"))
