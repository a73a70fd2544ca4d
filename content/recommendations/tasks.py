"""Kinds of jobs about recommendations."""

from content.recommendations.services import RECOMMEND
from queues.kinds import job
from queues.models import Job


def _failed(job: Job) -> None:
    from content.recommendations import advising

    advising.failed(job)


@job(queue="recommendations", name=RECOMMEND, on_exhausted=_failed)
def recommend(job, *, recommendation_id):
    from content.recommendations import advising

    advising.recommend(recommendation_id=recommendation_id, job=job)


@job(queue="default", name="recommendations.delete_expired")
def delete_expired(job) -> dict:
    """Answers are kept for RESULTS_TTL."""
    from content.recommendations import services

    return {"deleted": services.delete_expired()}
