"""Numbers per queue, for the API, the admin, the log and metrics; and why a job does not start."""

import datetime
from dataclasses import dataclass, field

from django.conf import settings
from django.db.models import Count, Min, Q, QuerySet

from queues import clock
from queues.models import Attempt, Job, Queue, QueueHour
from queues.room import living_workers
from queues.selectors import health
from queues.states import OPEN, JobState


@dataclass
class QueueStats:
    """Counts by public state, age of the oldest waiting job in seconds, limits and how much of them is in use.

    What ended is kept by the hundred thousands, so completed and cancelled are those of the last 24 hours (whole ones,
    and the one that runs); `throughput` is completed in the last 60 minutes, `run_p50` and `run_p95` are seconds in the
    last hour that is over.
    """

    name: str
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(PUBLIC_STATES, 0))
    oldest_waiting: float | None = None
    throughput: int = 0
    run_p50: float | None = None
    run_p95: float | None = None
    concurrency: int | None = None
    rate: tuple[int, int] | None = None
    rate_used: int = 0
    paused: bool = False
    paused_by: str = ""
    paused_reason: str = ""
    paused_until: datetime.datetime | None = None


PUBLIC_STATES = [state.value for state in JobState if state != JobState.DISPATCHED]


def all_queues() -> list[QueueStats]:
    """One entry per queue of settings.QUEUES, in its order; six queries whatever there is, none over all kept jobs."""
    now = clock.now()
    rows = Queue.objects.in_bulk()
    stats = {name: _limits(rows.get(name) or Queue(name=name), now) for name in settings.QUEUES}
    for name, state, count, oldest in _present():
        if entry := stats.get(name):
            entry.counts["waiting" if state == JobState.DISPATCHED else state] += count
            if state == JobState.WAITING:
                entry.oldest_waiting = max(0.0, (now - oldest).total_seconds())
    _add_ended(stats, now)
    for name, used in _rate_used(stats.values(), now).items():
        stats[name].rate_used = used
    return list(stats.values())


def health_of(entry: QueueStats) -> str:
    """unhealthy: nothing of this queue starts. degraded: it does, but not as it should. Else healthy."""
    parts = health()
    if not parts["worker"] or not parts["dispatcher"]:
        return "unhealthy"
    return "degraded" if entry.paused or not parts["broker"] else "healthy"


def _present() -> QuerySet:
    """(queue, state, count, oldest) of open jobs and dead letters: for each state the index that holds no others."""
    arms = [
        Job.objects.filter(state=state, **condition)
        .order_by()
        .values_list("queue", "state")
        .annotate(count=Count("*"), oldest=Min(moment))
        for state, moment, condition in (
            *((state, "run_at", {}) for state in OPEN),
            (JobState.FAILED, "finished_at", {"queue__in": list(settings.QUEUES), "finished_at__isnull": False}),
        )
    ]
    return arms[0].union(*arms[1:], all=True)


def _add_ended(stats: dict[str, QueueStats], now: datetime.datetime) -> None:
    """What ended: the hours that are over from their roll-ups, the rest from the ledger."""
    day, an_hour_ago = now - datetime.timedelta(hours=24), now - datetime.timedelta(hours=1)
    counted_until = day
    for hour in QueueHour.objects.filter(hour__gt=day, queue__in=stats).order_by("hour"):
        entry, counted_until = stats[hour.queue], hour.hour + datetime.timedelta(hours=1)
        entry.counts["completed"] += hour.completed
        entry.counts["cancelled"] += hour.cancelled
        entry.run_p50, entry.run_p95 = hour.run_p50, hour.run_p95
    since = min(counted_until, an_hour_ago)
    states = (JobState.COMPLETED, JobState.CANCELLED)
    ended = Job.objects.filter(queue__in=stats, state__in=states, finished_at__gte=since).order_by()
    uncounted, recent = (
        Count("finished_at", filter=Q(finished_at__gte=moment)) for moment in (counted_until, an_hour_ago)
    )
    rows = ended.values_list("queue", "state").annotate(uncounted=uncounted, recent=recent)
    for name, state, uncounted, recent in rows:
        stats[name].counts[state] += uncounted
        if state == JobState.COMPLETED:
            stats[name].throughput = recent


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


def why_waiting(job: Job, queue: Queue | None = None) -> str:
    """One sentence on why a job that is in line has not started; empty when nothing holds it.

    `queue` is its queue, for who has it.
    """
    if job.state == JobState.DELAYED:
        return f"Not before {job.run_at:%H:%M:%S} UTC."
    if job.state != JobState.WAITING:
        return ""
    if job.queue not in settings.QUEUES:
        return f"No queue is called {job.queue} any more."
    queue = queue or Queue.objects.named(job.queue)
    now = clock.now() if queue.paused or queue.policy["rate"] else None  # else nothing is measured with it
    entry = _limits(queue, now)
    if entry.paused:
        by = f" by {entry.paused_by}" if entry.paused_by else ""
        reason = f": {entry.paused_reason}" if entry.paused_reason else ""
        return f"The queue is paused{by}{reason}."
    if not any(job.queue in worker.queues for worker in living_workers()):
        return "No worker listens to this queue."
    if entry.rate and _rate_used([entry], now).get(job.queue, 0) >= entry.rate[0]:
        return f"Limit: {entry.rate[0]} starts per {entry.rate[1]} s are used up."
    running = Attempt.objects.filter(queue=job.queue, finished_at=None)
    if entry.concurrency is not None and running.count() >= entry.concurrency:
        return f"Limit: {entry.concurrency} jobs of this queue run already."
    return ""
