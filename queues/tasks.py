"""The engine's own jobs, and what beat asks for."""

from celery import shared_task

from queues import dead_letters, hours, prune, recurring
from queues.kinds import job


@shared_task(name="queues.enqueue_recurring", ignore_result=True)
def enqueue_recurring() -> None:
    """Not a job, as nothing waits for it: a run that is missed is made up by the next, two at once do no harm."""
    recurring.enqueue_due()


@job(queue="default", name="queues.prune")
def keep_house(job) -> dict:
    """Count the hours that are over, then delete what has outlived its queue's limits."""
    return {"jobs": prune.prune_jobs(hours.roll_up()), "results": prune.prune_results()}


@job(queue="default", name="queues.retry_dead_letters")
def retry_dead_letters(job) -> dict:
    """A group that is too large for a request."""
    return {"retried": dead_letters.retry_large(job)}
