import argparse
import contextlib

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config import preparation, system
from config.console import Console
from config.first_order import WalkFailed, walk
from config.supervisor import StopRequested, Supervisor

FIRST_ORDER_SECONDS = 600.0


class Command(BaseCommand):
    help = "Start the whole of Copydesk: site, worker, beat, Flower and, unless you bring your own, Redis and a model."
    requires_system_checks = []  # they import every page; the web process has them

    def add_arguments(self, parser):
        parser.add_argument("--port", type=port_number, default=8000, help="of the site, on 127.0.0.1 (default: 8000)")
        parser.add_argument("--no-llm", action="store_true", help="do not start the built-in language model")
        parser.add_argument(
            "--first-order", action="store_true", help="order, pay and watch the first article, if there is none yet"
        )

    def handle(self, *, port: int, no_llm: bool, first_order: bool, **options):
        try:
            with system.data_folder_lock():
                run(port=port, with_model=not no_llm, with_first_order=first_order)
        except system.CannotStart as error:
            raise CommandError(str(error)) from None


def port_number(text: str) -> int:
    """A port as people type it; argparse shows the message."""
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 65_536:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port; ports are 1 to 65535")
    return int(text)


def run(*, port: int, with_model: bool, with_first_order: bool) -> None:
    """Serve until a signal asks for the end; stops everything whatever happens. Raises system.CannotStart."""
    addresses, console = system.choose_addresses(port), Console()
    supervisor = Supervisor(console)
    running = system.System(supervisor, console, addresses, with_model)
    with supervisor.signals(), contextlib.closing(supervisor):
        try:
            running.start()
            order_page = first_article(running) if with_first_order and not preparation.has_orders() else None
            console.block(summary(running, order_page))
            supervisor.run_until(lambda: False)
        except StopRequested:
            console.line("up", "stopping")


def first_article(running: system.System) -> str | None:
    """Walk as the first customer while the programs run; the order page's address, None if it went wrong."""

    def say(line: str) -> None:
        running.console.line("order", line)

    try:
        return running.supervisor.run_beside(lambda: walk(running.addresses.site, say, FIRST_ORDER_SECONDS)).page
    except (WalkFailed, OSError, ValueError) as error:
        say(f"the first order did not work: {error}")
        return None


def summary(running: system.System, order_page: str | None) -> str:
    """The addresses, for people."""
    site, password = running.addresses.site, running.admin_password
    flower_login = running.flower_login.replace(":", " / ", 1)
    admin_login = f"{preparation.ADMIN} / {password}  (shown this once)" if password else "as shown at the first start"
    rows = [
        ("Order page", order_page),
        ("Site", f"{site}/"),
        ("Order form", f"{site}/order/"),
        ("Admin", f"{site}/admin/   login: {admin_login}"),
        ("API docs", f"{site}/api/docs"),
        ("Flower", f"{running.addresses.flower_url}/   login: {flower_login}"),
        ("Data", str(settings.DATA_DIR)),
    ]
    lines = [f"  {name:<12}{value}" for name, value in rows if value]
    return "\n".join(["", "Copydesk is up. Ctrl-C stops everything.", "", *lines, ""])
