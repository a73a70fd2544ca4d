"""One whole running system: `manage.py up`, further workers beside it, and the clients who ask."""

import contextlib
import sqlite3
import subprocess
import sys
from pathlib import Path

import psycopg

from config import programs
from config.child import Pauses, Program
from config.console import Console
from config.supervisor import Supervisor
from tests.chaos.ledger import Ledger
from tests.chaos.servers import CrashingPostgres, redis_url
from tests.processes import alive
from tests.systems import REPOSITORY, Up, environment

FURTHER_WORKERS = ("two", "three")
THREADS = 24


class House:
    """State in `folder`; its own PostgreSQL, else SQLite. `close` ends everything."""

    def __init__(self, folder: Path, postgres: CrashingPostgres | None) -> None:
        self.folder, self.data, self.postgres = folder, folder / "data", postgres
        self.ledger = Ledger(postgres.url if postgres else f"sqlite:///{self.data}/db.sqlite3")
        self.shared = {
            "DJANGO_SETTINGS_MODULE": "tests.chaos.settings",
            "DATABASE_URL": self.ledger.url,
            "COPYDESK_DATA": str(self.data),
            "WORKER_THREADS": str(THREADS),
            "WORKER_GRACE_SECONDS": "0",
            "PGAPPNAME": "up",
        }
        self.journals: list[Path] = []
        self.clients: list[subprocess.Popen] = []
        self.log = (folder / "workers.log").open("w")
        self.supervisor = Supervisor(Console(self.log), Pauses(first=0.5, longest=2))

    def start(self) -> None:
        """Returns when the site is ready and all workers beat."""
        self._run("tests.chaos.preparation").wait(60)
        self.up = Up(self.data, "--no-llm", **self.shared)
        self.until(self.up.is_ready, 60)
        self.redis_url = redis_url(self.data)
        for name in FURTHER_WORKERS:
            env = environment(**self.shared) | {"REDIS_URL": self.redis_url, "PGAPPNAME": name}
            words = ("worker", "-n", f"{name}@chaos", "-l", "INFO", "--without-mingle", "--without-gossip")
            self.supervisor.start(Program(name, (*programs.BACKGROUND, *words), env))
        self.until(lambda: self.ledger.count("queues_worker") == 1 + len(FURTHER_WORKERS), 30)

    def until(self, condition, seconds: float) -> None:
        """Wait for it, and look after the further workers meanwhile."""
        assert self.supervisor.run_until(condition, seconds), f"still not so after {seconds} s"

    def ask(self, *, count: int, seed: int, seconds: float, clients: int = 2) -> None:
        """Let client processes ask for `count` jobs over so many seconds."""
        for share in range(clients):
            journal = self.folder / f"journal-{seed}-{share}"
            words = (share, clients, count, seed, seconds, self.up.site, journal)
            self.clients.append(self._run("tests.chaos.client", *words, REDIS_URL=self.redis_url))
            self.journals.append(journal)

    def all_asked(self) -> bool:
        return all(client.poll() is not None for client in self.clients)

    def all_final(self) -> bool:
        with contextlib.suppress(psycopg.Error, sqlite3.Error):
            return self.ledger.all_final()
        return False

    def workers(self) -> dict[str, int | None]:
        """Pid of each worker process by its name; None while it is down."""
        own = {name: self.supervisor.pid(name) for name in FURTHER_WORKERS if self.supervisor.alive(name)}
        return {"up": self.up.pid_of(" worker ")} | {name: own.get(name) for name in FURTHER_WORKERS}

    def busy_workers(self) -> list[int]:
        """Those in the middle of a job, by what the ledger says."""
        names = self.ledger.rows(
            "SELECT DISTINCT worker FROM queues_attempt WHERE finished_at IS NULL AND worker <> ''"
        )
        pids = {int(name.rpartition(":")[2]) for (name,) in names}
        return [pid for pid in self.workers().values() if pid in pids]

    def dispatcher(self) -> int | None:
        """The worker that is dispatching at this moment, if one is."""
        workers = self.workers()
        busy = [workers[name] if name in workers else int(name) for name in self.ledger.busy()]
        return next((pid for pid in busy if pid in workers.values() and alive(pid)), None)

    def output(self) -> str:
        return self.up.output() + (self.folder / "workers.log").read_text()

    def close(self) -> None:
        for client in self.clients:
            client.kill()
            client.wait()
        self.supervisor.close()
        self.log.close()
        self.up.stop()

    def _run(self, module: str, *words: object, **env: str) -> subprocess.Popen:
        command = [sys.executable, "-m", module, *map(str, words)]
        with (self.folder / f"{module}.log").open("a") as log:
            return subprocess.Popen(
                command, cwd=REPOSITORY, env=environment(**self.shared, **env), stdout=log, stderr=log
            )
