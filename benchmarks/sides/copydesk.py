"""Copydesk as it runs in production: worker processes, jobs asked for with enqueue."""

import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from benchmarks.servers import Servers
from config import ports, programs
from queues import control
from queues.models import Worker
from queues.services import enqueue

START_SECONDS = 60.0


class Copydesk:
    name = "Copydesk"

    def __init__(self, servers: Servers, *, kind: str = "bench.write", queue: str = "bench") -> None:
        self.servers, self.kind, self.queue, self.workers = servers, kind, queue, []

    def start(self, *, slots: int, processes: int = 1) -> None:
        """Start workers and wait until the ledger knows them."""
        self.forget()
        for number in range(processes):
            command = [*programs.BACKGROUND, "worker", "-n", f"w{number}@bench"]
            command += ["--loglevel", "WARNING", "--without-mingle", "--without-gossip"]
            self.workers.append(self.servers.child("copydesk-worker", command, WORKER_THREADS=str(slots)))
        deadline = time.monotonic() + START_SECONDS
        while Worker.objects.filter(stopping=False).count() < processes:
            if time.monotonic() > deadline:
                raise RuntimeError("The worker did not start: see copydesk-worker.log")
            time.sleep(0.05)

    def hold(self) -> None:
        """Start nothing until `go`."""
        control.pause(self.queue, by="bench", reason="loading")

    def load(self, draft_ids: list[int]) -> None:
        self.hold()
        with transaction.atomic():
            for draft_id in draft_ids:
                enqueue(self.kind, args={"draft_id": draft_id})

    def go(self) -> float:
        started = time.time()
        control.resume(self.queue)
        return started

    def stop(self) -> None:
        for worker in self.workers:
            worker.stop()
        self.workers.clear()
        self.forget()
        Worker.objects.all().delete()

    def forget(self) -> None:
        """Empty the ledger."""
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE queues_job CASCADE")


@contextmanager
def web(servers: Servers, settings: str = "benchmarks.settings") -> Iterator[str]:
    """A web side with one process per core of two, as in production; its address."""
    port = ports.free_port()
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)]
    command += ["--workers", "2", "--blocking-threads", "8", "--no-ws", "--log-level", "error", "--no-access-log"]
    child = servers.child("granian", [*command, "config.wsgi:application"], DJANGO_SETTINGS_MODULE=settings)
    try:
        _wait_for(f"http://127.0.0.1:{port}/healthz")
        yield f"http://127.0.0.1:{port}"
    finally:
        child.stop()


def _wait_for(url: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        try:
            urllib.request.urlopen(url).close()
            return
        except urllib.error.URLError:
            time.sleep(0.05)
    raise RuntimeError(f"Nothing answers at {url}")
