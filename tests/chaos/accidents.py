"""What happens to a running house, and when: planned from a seed, so that a run can be told again."""

import os
import random
import signal
import sqlite3
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass

import psycopg
import redis

from tests.chaos.house import House

MORE = 6  # accidents beyond one of each kind, or as many as make one in EVERY seconds
EVERY = 6.0
LASTING = {  # what ends by itself, after so many seconds
    "freeze Redis": 4.0,
    "freeze a worker": 24.0,  # longer than its leases: it wakes up late
    "freeze the dispatcher": 24.0,
    "crash PostgreSQL": 1.5,
}
ONLY_POSTGRES = (
    "crash PostgreSQL",
    "freeze the dispatcher",
)  # who is frozen while he writes into SQLite stops everybody
SUDDEN = (
    "kill a worker",
    "kill the dispatcher",
    "kill every worker",
    "stop a worker",
    "kill web",
    "kill live",
    "kill beat",
    "kill Redis",
    "empty Redis",
    "cut Redis' connections",
)


@dataclass(frozen=True, order=True)
class Accident:
    """`at` seconds after the beginning, for `lasts` seconds; `luck` in [0, 1) chooses among several victims."""

    at: float
    what: str
    lasts: float
    luck: float


def plan(seed: int, seconds: float, *, postgres: bool) -> list[Accident]:
    """Each kind of accident at least once, mostly the sudden ones again."""
    dice = random.Random(seed)  # noqa: S311 - a plan, not a secret
    lasting = [kind for kind in LASTING if postgres or kind not in ONLY_POSTGRES]
    kinds = [*SUDDEN, *lasting]
    kinds += dice.choices([*SUDDEN, *SUDDEN, *lasting], k=max(MORE, int(seconds / EVERY) - len(kinds)))
    lasts = [LASTING.get(kind, 0.0) for kind in kinds]
    return sorted(
        Accident(round(dice.uniform(1, seconds - long), 1), kind, long, dice.random())
        for kind, long in zip(kinds, lasts, strict=True)
    )


class Fate:
    """Lets accidents happen to `house`; `happened` counts those that met somebody."""

    def __init__(self, house: House) -> None:
        self.house, self.happened = house, Counter[str]()
        self._frozen: dict[Accident, int | None] = {}

    def strike(self, accident: Accident) -> str:
        """Let it happen; who was met, for people."""
        whom = self._strike(accident)
        if whom:
            self.happened[accident.what] += 1
        return whom or "nobody there"

    def end(self, accident: Accident) -> None:
        """End what lasts."""
        if "PostgreSQL" in accident.what:
            self.house.postgres.start_again()
        else:
            send(signal.SIGCONT, [self._frozen.pop(accident)])

    def _strike(self, accident: Accident) -> str:
        workers = self._awake(self.house.workers().values())
        candidates = self._awake(self._at_work()) or workers
        victim = candidates[int(accident.luck * len(candidates))] if candidates else None
        redis_pid = self.house.up.pid_of("-server 127.0.0.1:")
        match accident.what:
            case "kill a worker":
                return send(signal.SIGKILL, [victim])
            case "kill every worker":
                return send(signal.SIGKILL, workers)
            case "kill the dispatcher":
                return send(signal.SIGKILL, self._awake([self._find_dispatcher()]))
            case "stop a worker":
                return send(signal.SIGTERM, [victim])
            case "kill web" | "kill live" | "kill beat":
                words = {"kill web": "config.wsgi", "kill live": "config.asgi", "kill beat": " beat "}[accident.what]
                return send(signal.SIGKILL, [self.house.up.pid_of(words)])
            case "kill Redis":
                return send(signal.SIGKILL, [redis_pid])
            case "freeze Redis":
                return self._freeze(accident, redis_pid)
            case "freeze a worker":
                return self._freeze(accident, victim)
            case "freeze the dispatcher":
                return self._freeze(accident, self._find_dispatcher())
            case "empty Redis":
                return self._tell_redis("FLUSHALL")
            case "cut Redis' connections":
                return self._tell_redis("CLIENT KILL TYPE normal", "CLIENT KILL TYPE pubsub")
            case "crash PostgreSQL":
                self.house.postgres.crash()
                return "PostgreSQL"

    def _awake(self, pids: Iterable[int | None]) -> list[int]:
        return sorted(pid for pid in pids if pid and pid not in self._frozen.values())

    def _at_work(self) -> list[int]:
        """Workers in the middle of a job."""
        with suppress(psycopg.Error, sqlite3.Error):
            return self.house.busy_workers()
        return []

    def _freeze(self, accident: Accident, pid: int | None) -> str:
        self._frozen[accident] = pid
        return send(signal.SIGSTOP, [pid])

    def _find_dispatcher(self) -> int | None:
        found: list[int] = []

        def look() -> bool:
            with suppress(psycopg.Error, sqlite3.Error):
                found.extend(filter(None, [self.house.dispatcher()]))
            return bool(found)

        self.house.supervisor.run_until(look, 4, every=0.001)
        return found[0] if found else None

    def _tell_redis(self, *commands: str) -> str:
        with redis.Redis.from_url(
            self.house.redis_url, socket_timeout=1, socket_connect_timeout=1, retry=None
        ) as client:
            try:
                return str([client.execute_command(command) for command in commands])
            except redis.RedisError:
                return ""


def send(signum: int, pids: list[int | None]) -> str:
    """Signal those that are there; who they were."""
    met = []
    for pid in filter(None, pids):
        with suppress(ProcessLookupError):
            os.kill(pid, signum)
            met.append(pid)
    return " ".join(map(str, met))
