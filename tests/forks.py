"""Real processes that need not import the libraries first: copies of one that has.

Most of a worker's start is the import of Celery, Django and the providers' packages, one to three seconds of processor
time that say nothing about us. One process imports them for all. It knows no settings and opens nothing; each copy has
its own session, environment and log, and runs its program from the first line. What starts as it does for people, by
`up`, is tested with tests/systems.py.
"""

import atexit
import contextlib
import functools
import gc
import importlib
import json
import os
import runpy
import signal
import subprocess
import sys
import threading
import warnings
from pathlib import Path

from tests.processes import wait_until

REPOSITORY = Path(__file__).parents[1]
LIBRARIES = (
    *("celery.apps.worker", "celery.bin.beat", "celery.bin.worker", "celery.concurrency.thread"),
    *("celery.fixups.django", "celery.worker.consumer", "kombu.transport.redis", "psycopg_pool", "cryptography.fernet"),
    *("django.contrib.admin", "django.core.management.commands.flush", "django.db.backends.postgresql.base"),
    *("django.db.backends.sqlite3.base", "django.db.migrations.executor", "genai_prices", "jsonschema"),
)
# What a worker imports when it first asks a provider, by the variable that gives it such a provider.
PACKAGES = {
    "OPENAI_BASE_URL": ("openai",),
    "ANTHROPIC_BASE_URL": ("anthropic",),
    "GEMINI_BASE_URL": ("google.genai", "google.generativeai"),
}
asking = threading.Lock()


class Forked:
    """A copy that runs `words`, a Python file and its arguments; it has the manners of subprocess.Popen."""

    def __init__(self, words: tuple[str, ...], env: dict[str, str], log: Path) -> None:
        self.returncode: int | None = None
        self.pid = ask({"words": words, "env": env, "log": str(log)})

    def poll(self) -> int | None:
        if self.returncode is None:
            self.returncode = ask(self.pid)
        return self.returncode

    def wait(self, timeout: float) -> int:
        wait_until(lambda: self.poll() is not None, timeout)
        return self.returncode

    def terminate(self) -> None:
        if self.poll() is None:
            os.kill(self.pid, signal.SIGTERM)

    def kill(self) -> None:
        """kill -9 of its whole group; it is gone then."""
        if self.poll() is None:
            os.killpg(self.pid, signal.SIGKILL)
        self.wait(10)


def ask(question: object) -> int | None:
    with asking:
        process = original()
        process.stdin.write(json.dumps(question).encode() + b"\n")
        return json.loads(process.stdout.readline())


@functools.cache
def original() -> subprocess.Popen:
    """The process that is copied; it ends when nobody can ask it any more."""
    command = [sys.executable, "-m", "tests.forks"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "bufsize": 0}
    process = subprocess.Popen(command, cwd=REPOSITORY, start_new_session=True, **pipes)

    def end() -> None:
        process.stdin.close()
        process.stdout.close()
        process.wait()

    atexit.register(end)
    return process


def answer() -> list[str]:
    """Answers questions: how did that one end, or a new copy's pid. Returns in each copy, with what it shall run."""
    load(LIBRARIES)
    while line := sys.stdin.buffer.readline():
        match json.loads(line):
            case {"words": words, "env": env, "log": log}:
                load(name for variable in PACKAGES if variable in env for name in PACKAGES[variable])
                gc.freeze()  # so that no copy looks through them
                if os.fork() == 0:
                    become(env, log)
                    return words
            case pid:
                found, status = os.waitpid(pid, os.WNOHANG)
                say(os.waitstatus_to_exitcode(status) if found else None)
    return []


def load(names) -> None:
    with warnings.catch_warnings(action="ignore"):
        for name in names:
            importlib.import_module(name)


def become(env: dict[str, str], log: str) -> None:
    """A process of its own: nothing of the original's is left but its imports."""
    os.setsid()
    os.environ.clear()
    os.environ.update(env)
    say(os.getpid())
    nowhere, output = os.open(os.devnull, os.O_RDONLY), os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    for descriptor, place in ((nowhere, 0), (output, 1), (output, 2)):
        os.dup2(descriptor, place)
    os.close(nowhere)
    os.close(output)


def say(what: object) -> None:
    os.write(1, json.dumps(what).encode() + b"\n")


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        program = answer()
    if program:
        sys.argv = program
        runpy.run_path(program[0], run_name="__main__")
