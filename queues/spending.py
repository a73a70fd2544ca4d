"""What jobs cost. The engine knows no prices; settings.JOB_COST names the function that does."""

from collections.abc import Iterable
from decimal import Decimal
from uuid import UUID

from django.conf import settings
from django.utils.module_loading import import_string

from queues.models import Job
from queues.states import JobState

BATCH = 5000
SAMPLE = 50


def spent(job_ids: Iterable[UUID]) -> Decimal | None:
    """US dollars that these jobs cost together, as far as prices are known; None when nobody keeps them."""
    if not settings.JOB_COST:
        return None
    ids, spend = list(job_ids), import_string(settings.JOB_COST)
    return sum((spend(ids[start : start + BATCH]).cost for start in range(0, len(ids), BATCH)), Decimal(0))


def mean(kind: str) -> Decimal | None:
    """US dollars per job of this kind: the mean of the last 50 that have done their work. None if unknown."""
    # finished_at is asked for so that the index is not read from the jobs in line on
    done = Job.objects.filter(kind=kind, state=JobState.COMPLETED, result__errorKind__isnull=True)
    ids = list(done.filter(finished_at__isnull=False).order_by("-finished_at").values_list("pk", flat=True)[:SAMPLE])
    together = spent(ids) if ids else None
    return None if together is None else together / len(ids)
