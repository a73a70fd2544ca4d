"""Numbers per queue, for the API, the admin, the log and metrics; and why a job does not start."""

import datetime
from dataclasses import dataclass, field

from django.conf import settings
from django.db.models import Count, Min, Q

from queues import clock
from queues.models import Attempt, Job, Queue, Worker
from queues.room import WORKER_SILENCE
from queues.states import JobState


@dataclass
class QueueStats:
    """Counts by public state, age of the oldest waiting job in seconds, limits and how much of them is in use."""

    name: str
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(PUBLIC_STATES, 0))
    oldest_waiting: float | None = None
    concurrency: int | None = None
    rate: tuple[int, int] | None = None
    rate_used: int = 0
    paused: bool = False
    paused_by: str = ""
    paused_reason: str = ""
    paused_until: datetime.datetime | None = None


PUBLIC_STATES = [state.value for state in JobState if state != JobState.DISPATCHED]


def all_queues() -> list[QueueStats]:
    """One entry per queue of settings.QUEUES, in its order; four queries whatever there is."""
    now = clock.now()
    rows = Queue.objects.in_bulk()
    stats = {name: _limits(rows.get(name) or Queue(name=name), now) for name in settings.QUEUES}
    for row in Job.objects.values("queue", "state").annotate(count=Count("pk"), oldest=Min("run_at")):
        if entry := stats.get(row["queue"]):
            state = "waiting" if row["state"] == JobState.DISPATCHED else row["state"]
            entry.counts[state] += row["count"]
            if row["state"] == JobState.WAITING:
                entry.oldest_waiting = max(0.0, (now - row["oldest"]).total_seconds())
    for name, used in _rate_used(stats.values(), now).items():
        stats[name].rate_used = used
    return list(stats.values())


def _limits(queue: Queue, now: datetime.datetime) -> QueueStats:
    policy = queue.policy
    entry = QueueStats(name=queue.name, concurrency=policy["concurrency"], rate=policy["rate"])
    if queue.is_paused(now):
        entry.paused, entry.paused_by, entry.paused_reason = True, queue.paused_by, queue.paused_reason
        entry.paused_until = queue.paused_until
    return entry


def _rate_used(entries, now: datetime.datetime) -> dict[str, int]:
    recent = Q(pk__in=[])
    for entry in entries:
        if entry.rate:
            recent |= Q(queue=entry.name, started_at__gt=now - datetime.timedelta(seconds=entry.rate[1]))
    rows = Attempt.objects.filter(recent).values("queue").annotate(used=Count("pk"))
    return {row["queue"]: row["used"] for row in rows}


def why_waiting(job: Job) -> str:
    """One sentence on why a job that is in line has not started; empty when nothing holds it."""
    if job.state == JobState.DELAYED:
        return f"Not before {job.run_at:%H:%M:%S} UTC."
    if job.state != JobState.WAITING:
        return ""
    if job.queue not in settings.QUEUES:
        return f"No queue is called {job.queue} any more."
    now = clock.now()
    entry = _limits(Queue.objects.filter(pk=job.queue).first() or Queue(name=job.queue), now)
    if entry.paused:
        by = f" by {entry.paused_by}" if entry.paused_by else ""
        reason = f": {entry.paused_reason}" if entry.paused_reason else ""
        return f"The queue is paused{by}{reason}."
    alive = Worker.objects.filter(stopping=False, last_seen__gt=now - WORKER_SILENCE)
    if not any(job.queue in worker.queues for worker in alive):
        return "No worker listens to this queue."
    if entry.rate and _rate_used([entry], now).get(job.queue, 0) >= entry.rate[0]:
        return f"Limit: {entry.rate[0]} starts per {entry.rate[1]} s are used up."
    running = Attempt.objects.filter(queue=job.queue, finished_at=None)
    if entry.concurrency is not None and running.count() >= entry.concurrency:
        return f"Limit: {entry.concurrency} jobs of this queue run already."
    return ""
