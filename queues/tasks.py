"""What beat asks for. Not jobs: nothing waits for them, a missed run is made up by the next, two at once do no harm."""

from celery import shared_task

from queues import hours, prune


@shared_task(name="queues.prune")
def keep_house() -> dict:
    """Count the hours that are over, then delete what has outlived its queue's limits."""
    return {"jobs": prune.prune_jobs(hours.roll_up()), "results": prune.prune_results()}
