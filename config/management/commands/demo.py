import contextlib
import json
import sys
import tempfile
import time

from django.core.management.base import BaseCommand, CommandError

from config import ports, programs
from config.child import Program
from config.console import Plain
from config.first_order import Walk, WalkFailed, walk
from config.supervisor import StopRequested, Supervisor
from config.system import answers

# A demo touches no database, no Redis and no mail server that the environment or .env names.
OTHERS = ("DATABASE_URL", "SUPABASE_DB_URL", "REDIS_URL", "REDIS_HOST", "JOB_QUEUE_TYPE", "PUBLIC_URL", "EMAIL_HOST")
OWN_EVERYTHING = {name + suffix: "" for name in OTHERS for suffix in ("", "_FILE")} | {
    "ALLOWED_HOSTS": "127.0.0.1",
    "PAYMENTS": "sandbox",
}
UP_SECONDS, ARTICLE_SECONDS = 60.0, 170.0


class Command(BaseCommand):
    help = (
        "Start everything in a temporary folder, order and pay an article, and print what came out as one line of JSON."
    )
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--no-llm", action="store_true", help="do not start the built-in language model")

    def handle(self, *, no_llm: bool, **options):
        began = time.monotonic()
        try:
            with tempfile.TemporaryDirectory(prefix="copydesk-demo-", ignore_cleanup_errors=True) as folder:
                result = run(folder, no_llm=no_llm)
        except (WalkFailed, StopRequested, OSError, ValueError) as error:
            raise CommandError(f"The demo did not end with an article: {str(error) or 'it was stopped'}") from None
        self.stdout.write(json.dumps(report(result, time.monotonic() - began)))


def run(folder: str, *, no_llm: bool) -> Walk:
    """`manage.py up` on a free port with its state in `folder`, and a customer's walk through it; then the end.

    Raises WalkFailed, or StopRequested after a signal.
    """
    console, port = Plain(sys.stderr), ports.free_port()
    supervisor = Supervisor(console)
    command = (sys.executable, programs.MANAGE, "up", "--port", str(port), "--data", folder)
    origin = f"http://127.0.0.1:{port}"
    with supervisor.signals(), contextlib.closing(supervisor):
        supervisor.start(Program("up", (*command, *(["--no-llm"] if no_llm else [])), OWN_EVERYTHING))
        over = lambda: not supervisor.alive("up") or answers(f"{origin}/readyz")  # noqa: E731
        if not supervisor.run_until(over, UP_SECONDS, every=0.3) or not supervisor.alive("up"):
            raise WalkFailed("`manage.py up` did not come up; its lines above say why.")
        say = lambda line: console.line("up", f"order  | {line}")  # noqa: E731
        return supervisor.run_beside(lambda: walk(origin, say, ARTICLE_SECONDS))


def report(result: Walk, seconds: float) -> dict:
    """What a person or a script wants to know; `seconds` counts from the command's start to the last process' end."""
    version = result.status["version"]
    return {
        "orderStatus": result.status["status"],
        "title": version["title"],
        "words": version["wordCount"],
        "model": version["model"],
        "generator": version["generator"],
        "isDemo": version["isDemo"],
        "quality": f"{version['quality']['passed']} of {version['quality']['total']}",
        "articleSeconds": round(result.seconds, 1),
        "seconds": round(seconds, 1),
    }
