"""Jobs that ended some time ago, with what hangs on them."""

import datetime

from queues import clock
from queues.models import Attempt, Job, JobEvent, Step
from queues.states import JobState

HOUR = datetime.timedelta(hours=1)


def ended_job(state: JobState = JobState.COMPLETED, *, hours_ago: float = 0, queue: str = "default", **columns) -> Job:
    """A finished job with an attempt, an event and a step. `columns` override the row's."""
    at = clock.now() - hours_ago * HOUR
    columns = {"kind": "engine.write", "run_at": at, "started_at": at, "finished_at": at, "created_at": at} | columns
    job = Job.objects.create(queue=queue, state=state, attempts_started=1, **columns)
    started, finished = job.started_at, job.finished_at
    Attempt.objects.create(
        job=job, queue=queue, number=1, started_at=started, finished_at=finished, outcome="completed"
    )
    JobEvent.objects.create(job=job, message="Said something")
    Step.objects.create(job=job, name="one", result={})
    return job


def dead_letter(cause: str = "busy", *, error_kind: str = "rate_limit", **columns) -> Job:
    """A failed job."""
    columns = {"error_message": cause, "error_cause": cause} | columns
    return ended_job(JobState.FAILED, error_kind=error_kind, **columns)


def left() -> set:
    return set(Job.objects.values_list("pk", flat=True))
