"""Reading the ledger: place in line, estimates, health."""

import datetime
import statistics

from django.db import connection
from django.db.models import Model

from queues import bell, clock, topics
from queues.models import Attempt, Dispatcher, Job, Queue, Worker
from queues.states import IN_LINE, RUNNING, JobState

SILENT_WORKER = datetime.timedelta(seconds=30)
SILENT_DISPATCHER = datetime.timedelta(seconds=10)
# Plain SQL: clients ask for the state of a job more often than for anything else. As it stands the index is read up to
# the job's own place; run_at is compared in SQL: SQLite's text has its own precision.
AHEAD = """SELECT COUNT(*) FROM queues_job WHERE queue = %s AND state = '{state}' AND priority >= %s AND
(priority, turn, run_at, id) < (%s, %s, (SELECT run_at FROM queues_job own WHERE own.id = %s), %s)"""
# "IS NOT NULL" lets the index begin behind all jobs of this kind that have not ended. A result that names an error is
# of a job that could not do its work and was over at once.
RUNS = """SELECT started_at, finished_at FROM queues_job WHERE kind = %s AND state = 'completed'
AND started_at IS NOT NULL AND finished_at IS NOT NULL AND COALESCE(CAST(result AS TEXT), '') NOT LIKE '%%"errorKind"%%'
ORDER BY finished_at DESC LIMIT 50"""


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
    if job.state not in IN_LINE:
        return 1 if job.state == JobState.DISPATCHED else None
    delayed, own = job.state == JobState.DELAYED, Job._meta.pk.get_db_prep_value(job.pk, connection)
    first = job.priority if delayed else 1  # a delayed job is behind those of its own priority, and all that wait
    with connection.cursor() as cursor:
        cursor.execute(AHEAD.format(state=job.state), [job.queue, first, job.priority, job.turn, own, own])
        ahead = cursor.fetchone()[0]
    return ahead + 1 + (Job.objects.filter(queue=job.queue, state=JobState.WAITING).count() if delayed else 0)


def news_of(subject: Model) -> list[str]:
    """The topics of all that changes a page about `subject`: itself, and the lines that its jobs stand in."""
    lines = Job.objects.for_subject(subject).filter(state__in=IN_LINE).order_by().values_list("queue", flat=True)
    return [topics.of_subject(subject), *map(topics.of_queue, lines.distinct())]


def median_seconds(kind: str, otherwise: float | None = None) -> float | None:
    """Median run time of the last 50 completed jobs of a kind that did their work; `otherwise` before the first."""
    with connection.cursor() as cursor:
        cursor.execute(RUNS, [kind])
        runs = [(finished - started).total_seconds() for started, finished in cursor.fetchall()]
    return statistics.median(runs) if runs else otherwise


def estimated_seconds(
    job: Job, jobs: int | None = None, *, guess: float | None = None, queue: Queue | None = None
) -> int | None:
    """Seconds until the job, or the last of `jobs` like it, is likely done at its queue's limits. None if unknown,
    as it is of one that has not started while its queue is paused or may start none.

    Without `jobs` it is those ahead of it in line and itself; `guess` is what one takes before any has ended; `queue`
    is its queue, for who has it.
    """
    queue = queue or Queue.objects.named(job.queue)
    policy, waits = queue.policy, job.state not in RUNNING
    starts, window = policy["rate"] or (None, 0)
    median = median_seconds(job.kind, otherwise=guess)
    stands = 0 in (starts, policy["concurrency"]) or (queue.paused and queue.is_paused(clock.now()))
    if median is None or (waits and stands):
        return None
    ahead = (jobs or position(job) or 1) - 1
    seconds = median * (1 + ahead // (policy["concurrency"] or 10))
    if starts and waits:
        used = Attempt.objects.filter(queue=job.queue, started_at__gt=clock.Clock(-window)).count()
        seconds = max(seconds, median + (min(used, starts) + ahead) // starts * window)
    return round(seconds) or 1
