"""The asking half: a request and its job; and what deletes answers whose time is over."""

from collections.abc import Sequence

from django.db import transaction

from content.recommendations.models import Recommendation
from queues.models import Job
from queues.services import enqueue

RECOMMEND = "recommendations.recommend"
BATCH = 500


def request_recommendations(
    *, owner, risk_tolerance: int, capital: float, time_horizon: str, sectors: Sequence[str]
) -> tuple[Recommendation, Job]:
    """Writes the request and the job that answers it; `owner` None: whoever knows its id may read the answer.

    Raises ValidationError whose `message_dict` names every field that is wrong; nothing is stored then.
    """
    row = Recommendation(
        owner=owner,
        risk_tolerance=risk_tolerance,
        capital=capital,
        time_horizon=time_horizon,
        sectors=list(sectors),
    )
    row.clean_fields()
    with transaction.atomic():
        job = enqueue(RECOMMEND, args={"recommendation_id": str(row.pk)}, subject=row, owner=owner)
        row.current_job = job.pk
        row.save(force_insert=True)
    return row, job


def delete_expired() -> int:
    """Delete requests and answers whose time is over, a few hundred per transaction; how many."""
    deleted = 0
    while batch := list(Recommendation.objects.expired().values_list("pk", flat=True)[:BATCH]):
        deleted += Recommendation.objects.filter(pk__in=batch).delete()[0]
    return deleted
