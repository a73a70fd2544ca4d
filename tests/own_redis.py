"""A Redis of a test's own, which may be stopped, and one that hangs."""

import contextlib
import socket
import subprocess
from pathlib import Path

from config import redis_server
from tests.processes import wait_until


class StoppableRedis:
    def __init__(self, folder: Path) -> None:
        self.server, self.process = redis_server.start_process(folder)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def start(self) -> None:
        self.process = subprocess.Popen(self.server.command, stdout=subprocess.DEVNULL, start_new_session=True)
        wait_until(self.server.answers)


class MuteRedis:
    """Listens where Redis should, and never says a word."""

    def __init__(self, listener: socket.socket) -> None:
        self._listener = listener
        listener.setblocking(False)
        self.url = f"redis://127.0.0.1:{listener.getsockname()[1]}/0"

    def callers(self) -> int:
        """How many have come since the last time."""
        count = 0
        with contextlib.suppress(BlockingIOError):
            while True:
                self._listener.accept()[0].close()
                count += 1
        return count
