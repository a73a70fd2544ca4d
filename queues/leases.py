"""Keeps this process's attempts alive: one heartbeat renews all leases and says that the worker is there."""

import datetime
import math
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import transaction

from queues import clock, statements
from queues.models import Attempt, Job, Queue, Worker
from queues.states import JobState

FORGET_AFTER = datetime.timedelta(hours=1)
_held: dict[str, tuple[Job, float]] = {}  # by attempt: its job, and when it began
_lock = threading.Lock()


def identity(node: str) -> str:
    """A worker's name in the ledger: unique per process, so that a restarted worker is not its dead predecessor."""
    return f"{node}:{os.getpid()}"


@contextmanager
def held(attempt_id: str, job: Job) -> Iterator[None]:
    """Renew the lease of this attempt for as long as the block runs."""
    with _lock:
        _held[attempt_id] = job, time.monotonic()
    try:
        yield
    finally:
        drop(attempt_id)


def drop(attempt_id: str) -> None:
    """Renew this lease no longer."""
    with _lock:
        _held.pop(attempt_id, None)


def overdue() -> dict[str, Job]:
    """Attempts that run longer than their queue's `timeout`: threads cannot be stopped, so somebody must act."""
    policies = {queue: Queue.objects.policy_of(queue) for queue in {job.queue for job in held_jobs()}}
    with _lock:
        return {
            attempt: job
            for attempt, (job, began) in _held.items()
            if time.monotonic() - began > (policies.get(job.queue, {}).get("timeout") or math.inf)
        }


def held_jobs() -> list[Job]:
    with _lock:
        return [job for job, _ in _held.values()]


def beat(node: str, slots: int, *, stopping: bool = False) -> None:
    """One heartbeat: the worker's row, and all leases of this process, one UPDATE per queue in use."""
    now = clock.now()
    with _lock:
        held_now = dict(_held)
    about = {"pid": os.getpid(), "slots": slots, "queues": list(settings.QUEUES), "stopping": stopping}
    about |= {"busy": len(held_now), "rss": _resident_bytes(), "last_seen": now}
    Worker.objects.update_or_create(name=identity(node), defaults=about)
    for queue in {job.queue for job, _ in held_now.values()}:
        policy = Queue.objects.policy_of(queue)
        mine = Attempt.objects.filter(pk__in=held_now, queue=queue, finished_at=None).values("job")
        # `handed_over` is looked at again when the row was locked meanwhile (PostgreSQL); the subquery is not.
        running = Job.objects.filter(state=JobState.ACTIVE, handed_over=False, pk__in=mine)
        with transaction.atomic():
            statements.update_in_order(running, lease_until=now + datetime.timedelta(seconds=policy["lease"]))


def forget_silent_workers() -> None:
    """Remove rows of processes that died an hour or longer ago."""
    Worker.objects.filter(last_seen__lt=clock.now() - FORGET_AFTER).delete()


def _resident_bytes() -> int:
    """Resident memory of this process (second field of /proc/self/statm, proc(5)); 0 without a /proc."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0
