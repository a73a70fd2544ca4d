"""Asking the queue for a round of a run."""

from typing import Any

from content.blog.models import Run
from content.blog.runs.kinds import RUN
from queues.models import Job
from queues.services import enqueue

BATCH_PRIORITY, CONTINUOUS_PRIORITY = 5, 7  # somebody waits for a batch


def ask_for_round(run: Run, **when: Any) -> Job:
    """The job of the next round, in the caller's transaction; if the owner's other run goes on, that one's."""
    job = enqueue(
        RUN,
        args={"run_id": str(run.pk)},
        priority=priority_of(run),
        dedupe_key=f"blog-run:{run.owner_id}",
        subject=run,
        owner=run.owner,
        **when,
    )
    if is_round_of(job, run):
        Run.objects.filter(pk=run.pk).update(job=job)
        run.job = job
    return job


def is_round_of(job: Job, run: Run) -> bool:
    return job.args["run_id"] == str(run.pk)


def priority_of(run: Run) -> int:
    """Of its jobs: 1 goes first, 10 last."""
    return CONTINUOUS_PRIORITY if run.is_continuous else BATCH_PRIORITY
