"""Celery without Copydesk: the same work in a plain task, the settings that suit it best, no ledger."""

import os
import sys
import time

import redis

from benchmarks.servers import Servers

PREFIX, STAGED = "bare:", "staged"


class BareCelery:
    name = "Celery"

    def __init__(self, servers: Servers) -> None:
        self.servers, self.workers = servers, []

    def start(self, *, slots: int, processes: int = 1) -> None:
        """Start workers on an empty queue."""
        self.forget()
        command = [sys.executable, "-m", "celery", "--quiet", "--app", "benchmarks.sides.bare_app", "worker"]
        command += ["--pool", "threads", "--concurrency", str(slots), "--loglevel", "WARNING"]
        command += ["--without-mingle", "--without-gossip"]
        self.workers = [self.servers.child("celery-worker", command) for _ in range(processes)]

    def load(self, draft_ids: list[int]) -> None:
        from benchmarks.sides.bare_app import write

        with write.app.producer_or_acquire() as producer:
            for draft_id in draft_ids:
                write.apply_async(kwargs={"draft_id": draft_id}, queue=STAGED, producer=producer)

    def go(self) -> float:
        with redis.Redis.from_url(os.environ["REDIS_URL"]) as client:
            started = time.time()
            client.rename(PREFIX + STAGED, PREFIX + "bare")
        return started

    def stop(self) -> None:
        for worker in self.workers:
            worker.stop()

    def forget(self) -> None:
        """Empty the queue."""
        with redis.Redis.from_url(os.environ["REDIS_URL"]) as client:
            client.delete(PREFIX + "bare")
