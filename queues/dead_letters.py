"""Failed jobs by cause: grouped, counted, and put back in line together."""

import datetime
import re
from dataclasses import dataclass
from uuid import UUID

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, Count, Max, Min, QuerySet
from django.db.models.functions import Cast

from queues import control
from queues.models import Job
from queues.selectors import estimated_seconds
from queues.states import IN_LINE, JobState

MOST_GROUPS = 500
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


def seconds_to_redo(jobs: QuerySet[Job]) -> int | None:
    """Seconds until a whole group is likely done at its queue's limits, after those in line. None if unknown."""
    sample = jobs.first()
    if sample is None:
        return None
    return estimated_seconds(sample, jobs.count() + Job.objects.filter(queue=sample.queue, state__in=IN_LINE).count())


def retry(jobs: QuerySet[Job], *, by) -> int:
    """Put all dead letters of `jobs` back in line, noting in the admin's log that user `by` asked for it.

    The number that went back: others were quicker with the rest, or its dedupe key is taken.
    """
    if (sample := jobs.first()) is None:
        return 0
    LogEntry.objects.create(
        user=by,
        content_type=ContentType.objects.get_for_model(Job),
        object_repr=str(sample),
        action_flag=CHANGE,
        change_message=f"Retry of {jobs.count()} dead letters like this one: {sample.error_cause}",
    )
    return control.retry_all(jobs)
