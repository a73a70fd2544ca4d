"""Real Celery worker processes on the test database and the test Redis."""

import os
import tempfile
from pathlib import Path
from urllib.parse import quote

from django.db import connection

from config import programs
from queues.models import Worker
from tests.forks import Forked
from tests.processes import wait_until


def database_url() -> str:
    """The test database as a URL that another process can open."""
    database = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{database['NAME']}"
    user, password = quote(database["USER"]), quote(database["PASSWORD"])
    return f"postgres://{user}:{password}@{database['HOST']}:{database['PORT']}/{database['NAME']}"


class WorkerProcess:
    """The worker that `up` starts, in a session of its own; `env` overrides settings."""

    def __init__(self, name: str = "one", **env: str):
        self.name, self.env = name, env
        self.log = Path(tempfile.mkdtemp()) / f"{name}.log"
        self.start()

    def start(self) -> None:
        """Start and wait until the worker has said in the ledger that it is there."""
        words = (*programs.BACKGROUND[1:], "worker", "-n", f"{self.name}@test", "-l", "INFO")
        env = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings", "DATABASE_URL": database_url()} | self.env
        self.process = Forked((*words, "--without-gossip", "--without-mingle"), env, self.log)
        wait_until(lambda: self._is_there() or self.process.poll() is not None, 30)
        assert self.process.poll() is None, self.output()

    def _is_there(self) -> bool:
        return Worker.objects.filter(name__endswith=f":{self.process.pid}").exists()

    @property
    def pid(self) -> int:
        return self.process.pid

    def output(self) -> str:
        return self.log.read_text()

    def kill(self) -> None:
        """kill -9."""
        self.process.kill()

    def terminate(self) -> int:
        """SIGTERM, as a deploy does; the exit status."""
        self.process.terminate()
        return self.process.wait(20)
