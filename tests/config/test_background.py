"""`manage.py background`: the worker and beat as Procfile and `up` start them; their work is shown where it is done."""

import subprocess
import sys

from tests.systems import REPOSITORY, command, environment

NOT_NEEDED = {"flower", "click_repl", "prompt_toolkit", "tornado", "celery.bin.celery"}
ASKED_FOR_HELP = """
import sys
from django.core.management import execute_from_command_line
try:
    execute_from_command_line(["manage.py", "background", "worker", "--help"])
finally:
    print(*sys.modules)
"""


def test_no_command_but_the_two_is_loaded():
    done = subprocess.run(
        [sys.executable, "-c", ASKED_FOR_HELP], env=set_up(), cwd=REPOSITORY, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert "--without-gossip" in done.stdout
    loaded = set(done.stdout.split())
    assert {"celery.bin.worker", "celery.bin.beat", "config.celery"} <= loaded
    assert loaded & NOT_NEEDED == set()


def test_another_command_is_refused():
    done = subprocess.run(command("background", "purge"), env=set_up(), capture_output=True, text=True)
    assert done.returncode == 2
    assert done.stderr.endswith("Error: No such command 'purge'.\n")


def set_up() -> dict[str, str]:
    return environment(DJANGO_SETTINGS_MODULE="config.settings")
