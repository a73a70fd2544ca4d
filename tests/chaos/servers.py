"""The servers of a run that accidents happen to: PostgreSQL here, Redis as `up` has configured it."""

import re
import signal
import subprocess
from pathlib import Path

from tests.postgres import Postgres, identity


class CrashingPostgres(Postgres):
    """Keeps what it has committed when it crashes, and comes back on the same port."""

    def _create(self) -> None:
        super()._create()
        with (self.folder / "data" / "postgresql.conf").open("a") as file:
            file.write("synchronous_commit = on\n")  # what is only in the server's memory dies with it

    def crash(self) -> None:
        """Immediate shutdown: every transaction breaks off, nothing is tidied up."""
        self._process.send_signal(signal.SIGQUIT)
        self._process.wait(10)
        self._guard.forget(self._process.pid)

    def start_again(self) -> None:
        """Does nothing if it runs."""
        if self._process.poll() is None:
            return
        command = [self.binaries / "postgres", "-D", self.folder / "data", "-p", str(self.port)]
        with (self.folder / "log").open("a") as output:
            self._process = subprocess.Popen(
                command, cwd=self.folder, stdout=output, stderr=output, start_new_session=True, **identity()
            )
        self._guard.watch(self._process.pid)
        assert self._answers(), (self.folder / "log").read_text()


def redis_url(data: Path) -> str:
    """Where the embedded Redis of a running `up` listens."""
    text = (data / "redis" / "redis.conf").read_text()
    port, password = (re.search(rf"^{name} (.+)$", text, re.MULTILINE)[1] for name in ("port", "requirepass"))
    return f"redis://:{password}@127.0.0.1:{port}/0"
