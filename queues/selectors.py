"""Reading the ledger: place in line, estimates, health."""

import datetime
import statistics

from django.db import connection
from django.db.models import Model, Q, Subquery

from queues import bell, clock, topics
from queues.models import Dispatcher, Job, Queue, Worker
from queues.states import IN_LINE, JobState

SILENT_WORKER = datetime.timedelta(seconds=30)
SILENT_DISPATCHER = datetime.timedelta(seconds=10)
# Plain SQL: clients ask for the state of a job more often than for anything else. As it stands the index is read up to
# the job's own place; run_at is compared in SQL: SQLite's text has its own precision.
AHEAD = """SELECT COUNT(*) FROM queues_job WHERE queue = %s AND state = 'waiting' AND
(priority, turn, run_at, id) < (%s, %s, (SELECT run_at FROM queues_job own WHERE own.id = %s), %s)"""
# "IS NOT NULL" lets the index begin behind all jobs of this kind that have not ended.
RUNS = """SELECT started_at, finished_at FROM queues_job WHERE kind = %s AND state = 'completed'
AND started_at IS NOT NULL AND finished_at IS NOT NULL ORDER BY finished_at DESC LIMIT 50"""


def health() -> dict[str, bool]:
    """Whether the broker answers, a worker beats and the dispatcher ticks. Raises DatabaseError if that is away."""
    now = clock.now()
    return {
        "broker": bell.answers(),
        "worker": Worker.objects.filter(last_seen__gt=now - SILENT_WORKER, stopping=False).exists(),
        "dispatcher": Dispatcher.objects.filter(ticked_at__gt=now - SILENT_DISPATCHER).exists(),
    }


def position(job: Job) -> int | None:
    """Place in its queue's line: 1 starts next. None once it has started."""
    if job.state == JobState.DISPATCHED:
        return 1
    if job.state not in IN_LINE:
        return None
    if job.state == JobState.WAITING:
        own = Job._meta.pk.get_db_prep_value(job.pk, connection)
        with connection.cursor() as cursor:
            cursor.execute(AHEAD, [job.queue, job.priority, job.turn, own, own])
            return cursor.fetchone()[0] + 1
    # compared in SQL: SQLite's text has its own precision
    own = Subquery(Job.objects.filter(pk=job.pk).values("run_at"))
    older = Q(run_at__lt=own) | Q(run_at=own, id__lt=job.id)
    earlier = Q(priority=job.priority) & (Q(turn__lt=job.turn) | Q(turn=job.turn) & older)
    line = Job.objects.filter(queue=job.queue)
    delayed = line.filter(earlier, state=JobState.DELAYED)
    return line.filter(state=JobState.WAITING).count() + delayed.count() + 1


def news_of(subject: Model) -> list[str]:
    """The topics of all that changes a page about `subject`: itself, and the lines that its jobs stand in."""
    lines = Job.objects.for_subject(subject).filter(state__in=IN_LINE).order_by().values_list("queue", flat=True)
    return [topics.of_subject(subject), *map(topics.of_queue, lines.distinct())]


def median_seconds(kind: str) -> float | None:
    """Median run time of the last 50 completed jobs of a kind; None before the first."""
    with connection.cursor() as cursor:
        cursor.execute(RUNS, [kind])
        runs = [(finished - started).total_seconds() for started, finished in cursor.fetchall()]
    return statistics.median(runs) if runs else None


def estimated_seconds(job: Job, jobs: int | None = None, *, guess: float | None = None) -> int | None:
    """Seconds until the job, or the last of `jobs` like it, is likely done at its queue's limits. None if unknown.

    Without `jobs` it is those ahead of it in line and itself; `guess` is what one takes before any has ended.
    """
    median = median_seconds(job.kind)
    median = guess if median is None else median
    if median is None:
        return None
    ahead = (jobs or position(job) or 1) - 1
    policy = Queue.objects.policy_of(job.queue)
    seconds = median * (1 + ahead // (policy["concurrency"] or 10))
    if policy["rate"]:
        starts, window = policy["rate"]
        seconds = max(seconds, median + ahead // starts * window)
    return round(seconds) or 1
