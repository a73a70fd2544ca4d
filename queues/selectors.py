"""Reading the ledger: place in line, estimates, health."""

import datetime
import statistics

import redis
from django.db.models import DurationField, ExpressionWrapper, F, Model, Q, Subquery

from queues import bell, clock, topics
from queues.models import Dispatcher, Job, Queue, Worker
from queues.states import IN_LINE, JobState

SILENT_WORKER = datetime.timedelta(seconds=30)
SILENT_DISPATCHER = datetime.timedelta(seconds=10)


def health() -> dict[str, bool]:
    """Whether the broker answers, a worker beats and the dispatcher ticks. Raises DatabaseError if that is away."""
    now = clock.now()
    try:
        broker = bool(bell.client().ping())
    except redis.RedisError:
        broker = False
    return {
        "broker": broker,
        "worker": Worker.objects.filter(last_seen__gt=now - SILENT_WORKER, stopping=False).exists(),
        "dispatcher": Dispatcher.objects.filter(ticked_at__gt=now - SILENT_DISPATCHER).exists(),
    }


def position(job: Job) -> int | None:
    """Place in its queue's line: 1 starts next. None once it has started."""
    if job.state == JobState.DISPATCHED:
        return 1
    if job.state not in IN_LINE:
        return None
    # compared in SQL: SQLite's text has its own precision
    own = Subquery(Job.objects.filter(pk=job.pk).values("run_at"))
    older = Q(run_at__lt=own) | Q(run_at=own, id__lt=job.id)
    earlier = Q(priority=job.priority) & (Q(turn__lt=job.turn) | Q(turn=job.turn) & older)
    line = Job.objects.filter(queue=job.queue, state=job.state)
    if job.state == JobState.DELAYED:
        return Job.objects.filter(queue=job.queue, state=JobState.WAITING).count() + line.filter(earlier).count() + 1
    return line.filter(Q(priority__lt=job.priority) | earlier).count() + 1


def news_of(subject: Model) -> list[str]:
    """The topics of all that changes a page about `subject`: itself, and the lines that its jobs stand in."""
    lines = Job.objects.for_subject(subject).filter(state__in=IN_LINE).order_by().values_list("queue", flat=True)
    return [topics.of_subject(subject), *map(topics.of_queue, lines.distinct())]


def median_seconds(kind: str) -> float | None:
    """Median run time of the last 50 completed jobs of a kind; None before the first."""
    runs = (
        Job.objects.filter(kind=kind, state=JobState.COMPLETED, started_at__isnull=False)
        .order_by("-finished_at")
        .annotate(run=ExpressionWrapper(F("finished_at") - F("started_at"), output_field=DurationField()))
        .values_list("run", flat=True)[:50]
    )
    return statistics.median(run.total_seconds() for run in runs) if runs else None


def estimated_seconds(job: Job, jobs: int | None = None) -> int | None:
    """Seconds until the job, or the last of `jobs` like it, is likely done at its queue's limits. None if unknown.

    Without `jobs` it is those ahead of it in line and itself.
    """
    median = median_seconds(job.kind)
    if median is None:
        return None
    ahead = (jobs or position(job) or 1) - 1
    policy = Queue.objects.policy_of(job.queue)
    seconds = median * (1 + ahead // (policy["concurrency"] or 10))
    if policy["rate"]:
        starts, window = policy["rate"]
        seconds = max(seconds, median + ahead // starts * window)
    return round(seconds) or 1
