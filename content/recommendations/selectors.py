"""Reading requests, how they stand, and how the queue does."""

import datetime
from dataclasses import dataclass, field
from uuid import UUID

from content.recommendations.models import Recommendation
from queues import stats
from queues.models import Job, Worker
from queues.room import living_workers
from queues.selectors import estimated_seconds
from queues.states import OPEN, JobState

QUEUE = "recommendations"
FIRST_GUESS = 43  # seconds, before any was computed
PENDING, PROCESSING, COMPLETED, FAILED = STATES = ("pending", "processing", "completed", "failed")


def recommendation(recommendation_id: UUID | str, user) -> Recommendation | None:
    """The request, if `user` may read it; an unknown, a past and another's are the same None after the same queries."""
    return Recommendation.objects.readable_by(user).filter(pk=recommendation_id).first()


def job_of(row: Recommendation) -> Job | None:
    """The job that computes it; None when the ledger has forgotten it."""
    return Job.objects.filter(pk=row.current_job).first()


def state(row: Recommendation, job: Job | None) -> str:
    """One of STATES. What has begun is being processed, also while it waits for its next try."""
    if row.result is not None:
        return COMPLETED
    if job is None or job.state not in OPEN:
        return FAILED
    return PROCESSING if job.state == JobState.ACTIVE or job.started_at else PENDING


def updated_at(row: Recommendation, job: Job | None) -> datetime.datetime:
    """When its state last changed."""
    return row.completed_at or (job and (job.finished_at or job.started_at)) or row.created_at


def wait_seconds(job: Job, place: int | None = None) -> int | None:
    """About how long until the job is done; `place` in line, for who knows it. None while its queue is paused."""
    return estimated_seconds(job, place, guess=FIRST_GUESS)


@dataclass(frozen=True)
class Health:
    """`status` is healthy, degraded or unhealthy; `oldest` is the wait of the first in line, in seconds."""

    status: str
    waiting: int
    active: int
    oldest: float | None
    workers: list[Worker] = field(default_factory=list)

    @property
    def is_alive(self) -> bool:
        return bool(self.workers)


def health() -> Health:
    """How the queue does now. Raises DatabaseError if the database is away."""
    entry = next(entry for entry in stats.all_queues() if entry.name == QUEUE)
    workers = sorted((worker for worker in living_workers() if QUEUE in worker.queues), key=lambda worker: worker.name)
    return Health(
        status=stats.health_of(entry) if workers else "unhealthy",
        waiting=entry.counts["waiting"] + entry.counts["delayed"],
        active=entry.counts["active"],
        oldest=entry.oldest_waiting,
        workers=workers,
    )
