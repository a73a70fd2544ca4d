"""The servers that every side shares: Redis, PostgreSQL, the fake provider. All real, all private, all on loopback."""

import json
import os
import shutil
import sys
import tempfile
import urllib.request
from pathlib import Path

import psycopg

from benchmarks import processes
from benchmarks.processes import Child
from config import redis_server
from config.process_guard import Guard
from tests.postgres import Postgres

# Written to disk at every commit, as in production; the tests' server is not.
DURABLE = ("fsync = on", "synchronous_commit = on", "full_page_writes = on")
IGNORED = ("AI_MODEL", "BEHIND_PROXY", "DEBUG", "LOCAL_LLM_URL", "WORKER_THREADS", "DATABASE_POOL", "REDIS_PASSWORD")


class Servers:
    """Started by `with`; the products' environment variables point at them meanwhile."""

    def __enter__(self) -> "Servers":
        self.folder = Path(tempfile.mkdtemp(prefix="copydesk-bench-"))
        self.guard = Guard()
        self.redis, self._redis_process = redis_server.start_process(self.folder / "redis")
        self.guard.watch(self._redis_process.pid)
        self.postgres = Postgres(self.guard)
        self._make_durable()
        self.provider = self.child("provider", [sys.executable, "-m", "benchmarks.provider"], talks=True)
        self.provider_url = self.provider.process.stdout.readline().strip()
        self._set_environment()
        return self

    def __exit__(self, *_: object) -> None:
        self.provider.stop()
        self.postgres.stop()
        self._redis_process.terminate()
        self._redis_process.wait()
        self.guard.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def child(self, name: str, command: list[str], *, talks: bool = False, **env: str) -> Child:
        """Start a program of the run; its log is `name`.log, and it ends with this process at the latest."""
        child = Child(command, log=self.folder / f"{name}.log", env=env, talks=talks)
        self.guard.watch(child.pid)
        return child

    def _make_durable(self) -> None:
        with psycopg.connect(self.postgres.url, autocommit=True) as connection:
            for line in DURABLE:
                connection.execute(f"ALTER SYSTEM SET {line}")
            connection.execute("SELECT pg_reload_conf()")

    def _set_environment(self) -> None:
        for name in IGNORED:
            os.environ.pop(name, None)
        os.environ |= {
            "PYTHON_DOTENV_DISABLED": "1",
            "DJANGO_SETTINGS_MODULE": "benchmarks.settings",
            "COPYDESK_DATA": str(self.folder),
            "LOG_LEVEL": "WARNING",
            "REDIS_URL": self.redis.url,
            "DATABASE_URL": self.postgres.url,
            "OPENAI_API_KEY": "sk-bench",
            "OPENAI_BASE_URL": self.provider_url,
        }

    def cpu(self) -> dict[str, float]:
        """Processor seconds that the shared servers have used so far."""
        return {
            "redis": processes.seconds(self._redis_process.pid),
            "postgres": processes.family(self._postmaster()),
        }

    def _postmaster(self) -> int:
        return int((self.postgres.folder / "data" / "postmaster.pid").read_text().split()[0])

    def journal(self) -> list[tuple[float, float, int]]:
        """What the provider was asked since the last call: arrived, answered (epoch seconds), number; by arrival."""
        with urllib.request.urlopen(f"{self.provider_url.removesuffix('/v1')}/journal") as answer:
            return sorted(map(tuple, json.load(answer)))
