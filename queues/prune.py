"""Forgets finished jobs as their queue's settings say, in short transactions, and Celery's results after them.

keep_completed (for cancelled jobs too) and keep_failed are hours, keep_*_count the newest so many; None or 0: no limit.
The hours spare the newest job of each kind about each subject, whose log lines that subject's page still shows.
The count is a promise of size and spares nothing. Neither touches a job that is open, has children, belongs to an open
parent, is not in the hourly roll-ups yet, or may still count against its queue's rate limit.
"""

import datetime
import time
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django_celery_results.models import TaskResult

from queues import clock
from queues.models import Attempt, Duty, Job, Queue
from queues.states import JobState

BATCH, MOST_HOURS = 1000, 1_000_000  # a number that staff give may reach back to before there were years
MOST_SECONDS = 600  # per run, well below the timeout of its queue; the next run goes on
COMPLETED, FAILED = "keep_completed", "keep_failed"
RULES = ((JobState.COMPLETED, COMPLETED), (JobState.CANCELLED, COMPLETED), (JobState.FAILED, FAILED))


def prune_jobs(counted_until: datetime.datetime) -> int:
    """Delete what has outlived its queue's limits and ended before `counted_until`; the number of jobs deleted."""
    deleted, ends = 0, time.monotonic() + MOST_SECONDS
    for queue in Job.objects.order_by().values_list("queue", flat=True).distinct():
        policy = Queue.objects.policy_of(queue)
        for state, rule in RULES:
            ended = Job.objects.filter(queue=queue, state=state, finished_at__isnull=False)
            deleted += _delete(_expired(ended, policy, rule, counted_until), ends)
    Duty.objects.filter(until__lt=counted_until).delete()
    return deleted


def _expired(ended: QuerySet[Job], policy: dict, rule: str, counted_until: datetime.datetime) -> QuerySet[Job]:
    now, limit = clock.now(), Q(pk__in=[])
    if policy[rule]:
        same = {name: OuterRef(name) for name in ("subject_type", "subject_id", "kind")}
        newer = Exists(Job.objects.filter(**same, id__gt=OuterRef("id")))
        hours = datetime.timedelta(hours=min(policy[rule], MOST_HOURS))
        limit |= Q(finished_at__lt=now - hours) & (Q(subject_id="") | newer)
    if count := policy[f"{rule}_count"]:
        # compared in SQL: SQLite's text has its own precision
        limit |= Q(finished_at__lt=Subquery(ended.order_by("-finished_at").values("finished_at")[count - 1 : count]))
    if policy["rate"]:
        counted_until = min(counted_until, now - datetime.timedelta(seconds=policy["rate"][1]))
    return ended.filter(limit, finished_at__lt=counted_until).exclude(
        Exists(Job.objects.filter(parent=OuterRef("pk"))) | Exists(Job.objects.open().filter(pk=OuterRef("parent")))
    )


def _delete(expired: QuerySet[Job], ends: float) -> int:
    deleted = 0
    while time.monotonic() < ends:
        with transaction.atomic():
            locked = expired.select_for_update(skip_locked=True, of=("self",))
            batch = list(locked.values_list("pk", flat=True)[:BATCH])
            Job.objects.filter(pk__in=batch).delete()
        deleted += len(batch)
        if len(batch) < BATCH:
            break
    return deleted


def prune_results() -> int:
    """Delete Celery's results that are older than CELERY_RESULT_EXPIRES and whose attempts the ledger has forgotten.

    In place of Celery's own clean-up, which deletes everything in one transaction.
    """
    expires = clock.now() - datetime.timedelta(seconds=settings.CELERY_RESULT_EXPIRES)
    old, last, deleted = TaskResult.objects.filter(date_done__lt=expires), 0, 0
    while batch := dict(old.filter(pk__gt=last).order_by("pk").values_list("pk", "task_id")[:BATCH]):
        last = max(batch)
        known = {UUID(task): pk for pk, task in batch.items() if len(task) == 36}  # as Celery makes them
        kept = {known[attempt] for attempt in Attempt.objects.filter(pk__in=known).values_list("pk", flat=True)}
        deleted += TaskResult.objects.filter(pk__in=batch.keys() - kept).delete()[0]
    return deleted
