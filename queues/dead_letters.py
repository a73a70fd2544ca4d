"""Failed jobs by cause: grouped, counted, and put back in line together."""

import datetime
import hashlib
import re
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.contrib.admin.models import CHANGE, LogEntry
from django.db import transaction
from django.db.models import CharField, Count, Max, Min, QuerySet
from django.db.models.functions import Cast

from queues import control, spending
from queues.models import Job, Step
from queues.running import RunningJob
from queues.selectors import estimated_seconds
from queues.services import enqueue
from queues.states import IN_LINE, JobState

MOST_GROUPS = 500
AT_ONCE = 100  # more are retried by a job of their own: that takes milliseconds for each
GROUP = "group"  # the step in which that job finds what to retry
# What differs between two messages of one cause; applied in this order.
PARTICULARS = [
    (r"\b[a-z][a-z0-9+.-]*://\S+", "<url>"),
    (r"<?[^\s@<>'\"]+@[^\s@<>'\"]+>?", "<address>"),
    (r"(?<!\w)'[^']*'(?!\w)|\"[^\"]*\"|`[^`]*`|“[^”]*”|‘[^’]*’", "<value>"),
    # UUIDs, places in memory, digests and request ids
    (r"\b(?:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|0x[0-9a-f]+|(?=\w*\d)([0-9a-f]{8,}|\w{16,}))\b", "<id>"),
    (r"\d+([.,:]\d+)*", "#"),
    (r"\s+", " "),
]


def cause(message: str) -> str:
    """The message without its particulars (numbers, ids, addresses, quoted values), at most 200 characters."""
    for pattern, word in PARTICULARS:
        message = re.sub(pattern, word, message, flags=re.IGNORECASE)
    return message.strip()[:200].strip()


@dataclass(frozen=True)
class Group:
    """Dead letters of one kind with one cause; `first` and `last` are when they failed, `sample` the newest job."""

    kind: str
    error_kind: str
    cause: str
    count: int
    first: datetime.datetime
    last: datetime.datetime
    sample: UUID


def groups(jobs: QuerySet[Job]) -> list[Group]:
    """The dead letters among `jobs`, grouped: largest group first, at most 500."""
    rows = (
        jobs.filter(state=JobState.FAILED)
        .values_list("kind", "error_kind", "error_cause")
        .annotate(
            count=Count("pk"),
            first=Min("finished_at"),
            last=Max("finished_at"),
            sample=Max(Cast("pk", CharField())),  # older PostgreSQL has no largest UUID; as text they sort by time too
        )
    )
    return [Group(*row[:-1], UUID(row[-1])) for row in rows.order_by("-count", "-last")[:MOST_GROUPS]]


def members(*, kind: str, error_kind: str, cause: str) -> QuerySet[Job]:
    """The dead letters of one group."""
    return Job.objects.filter(state=JobState.FAILED, kind=kind, error_kind=error_kind, error_cause=cause)


@dataclass(frozen=True)
class Forecast:
    """What retrying a group means: `seconds` until all are done at the queue's limits; `cost` in US dollars."""

    count: int
    seconds: int | None = None
    cost: Decimal | None = None

    @property
    def at_once(self) -> bool:
        """Whether it is done while the person waits, and not by a job of its own."""
        return self.count <= AT_ONCE


def forecast(jobs: QuerySet[Job]) -> Forecast:
    """What retrying these dead letters of one group would mean; those in line already go first."""
    return forecast_of(sample, jobs.count()) if (sample := jobs.first()) else Forecast(0)


def forecast_of(sample: Job, count: int) -> Forecast:
    """What `count` more jobs like this one would mean."""
    in_line = Job.objects.filter(queue=sample.queue, state__in=IN_LINE).count()
    price = spending.mean(sample.kind)
    return Forecast(count, estimated_seconds(sample, count + in_line), None if price is None else price * count)


def retry(*, by, **group: str) -> int | Job:
    """Put the dead letters of a group (`kind`, `error_kind`, `cause`) back in line; the admin's log names user `by`.

    The number that went back: others were quicker with the rest, or its dedupe key is taken. For more than 100, the job
    that does it: asked again meanwhile, the same one.
    """
    jobs = members(**group)
    if (sample := jobs.first()) is None:
        return 0
    count = jobs.count()
    words = f"Retry of {count} dead letters like this one: {sample.error_cause}"
    LogEntry.objects.log_actions(by.pk, [sample], CHANGE, words, single_object=True)
    if count <= AT_ONCE:
        return sum(control.retry(job) for job in jobs.order_by("pk"))  # two may do this at once: one order, no deadlock
    return _asked_for(group, sample, by)


def _asked_for(group: dict[str, str], sample: Job, by) -> Job:
    key = hashlib.sha256("\0".join(group[name] for name in sorted(group)).encode()).hexdigest()
    with transaction.atomic():
        job = enqueue("queues.retry_dead_letters", args={}, dedupe_key=f"retry:{key}", subject=sample, owner=by)
        Step.objects.get_or_create(job=job, name=GROUP, defaults={"result": group})  # texts do not travel in args
    return job


def retry_large(running: RunningJob) -> int:
    """Put the group that was stored with this job back in line, with progress; the number that went back.

    What fails again meanwhile stays failed: only what had failed when this was asked for is looked at, and once.
    """
    group = running.job.steps.get(name=GROUP).result
    jobs = members(**group).filter(finished_at__lt=running.job.created_at).order_by("pk")
    done, retried, total = 0, 0, jobs.count()
    while chunk := list(jobs[:AT_ONCE]):
        running.progress(done, total, "retrying")  # and stop here if somebody asked for that
        retried += sum(control.retry(job) for job in chunk)
        done += len(chunk)
        jobs = jobs.filter(pk__gt=chunk[-1].pk)
    running.progress(done, total, "retrying")
    return retried
