"""One run: N drafts on one worker of one side, from release to the last row written."""

import time
from dataclasses import dataclass

from django.db import connection

from benchmarks import drafts
from benchmarks.servers import Servers

PATIENCE_SECONDS = 600.0


@dataclass(frozen=True)
class Run:
    """Seconds, and processor milliseconds per job: of the workers alone and with Redis and PostgreSQL.

    `memory` (MB) and `connections` are those of one worker.
    """

    wall: float
    busy: float
    cpu: float
    cpu_with_servers: float
    memory: float
    connections: int


def measure(side, servers: Servers, *, jobs: int, slots: int, latency: str, processes: int = 1) -> Run:
    """Start workers with `slots` together, warm them up, and let them write `jobs` drafts."""
    ours = _connections()
    side.start(slots=slots // processes, processes=processes)
    try:
        _write(side, jobs=slots, latency="fixed-50")
        servers.journal()
        worker, shared = _cpu(side), sum(servers.cpu().values())
        started, ended, connections = _write(side, jobs=jobs, latency=latency)
        worker, shared = _cpu(side) - worker, sum(servers.cpu().values()) - shared
        journal = servers.journal()
        if len(journal) != jobs:
            raise RuntimeError(f"{side.name} asked the provider {len(journal)} times for {jobs} jobs")
        return Run(
            wall=ended - started,
            busy=busy_share(journal, started, slots),
            cpu=worker / jobs * 1000,
            cpu_with_servers=(worker + shared) / jobs * 1000,
            memory=max(worker.peak_memory() for worker in side.workers),
            connections=-(-(connections - ours) // processes),
        )
    finally:
        side.stop()


def _cpu(side) -> float:
    return sum(worker.cpu() for worker in side.workers)


def busy_share(journal: list[tuple[float, float, int]], started: float, slots: int) -> float:
    """Share of the slots that waited for the provider, from the release to the start of the last job.

    Until then there is a backlog, so an ideal engine keeps every slot busy. What follows is the tail of the latencies.
    """
    last = max(arrived for arrived, _, _ in journal)
    busy = sum(min(answered, last) - arrived for arrived, answered, _ in journal)
    return busy / (slots * (last - started))


def _write(side, *, jobs: int, latency: str) -> tuple[float, float, int]:
    ids = drafts.make(jobs, latency)
    side.load(ids)
    most, started = 0, side.go()
    while (state := drafts.done())[0] < jobs:
        if time.time() - started > PATIENCE_SECONDS:
            raise RuntimeError(f"{side.name} wrote {state[0]} of {jobs} drafts in {PATIENCE_SECONDS:g} s")
        most = max(most, _connections())
        time.sleep(0.1)
    return started, state[1], most


def _connections() -> int:
    """Clients of the database besides this program."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
        )
        return cursor.fetchone()[0]
