"""Objects for tests, made the way the product makes them."""

from django.db import transaction

from queues import clock, services
from queues.attempts import claim
from queues.dispatch import _mark_dispatched
from queues.leases import identity
from queues.models import Job, Worker
from queues.running import RunningJob


def make_worker(*, slots: int = 100, name: str = "test") -> Worker:
    """A worker row with a fresh heartbeat, so that the dispatcher finds free slots."""
    from django.conf import settings

    return Worker.objects.create(name=name, pid=1, slots=slots, queues=list(settings.QUEUES), last_seen=clock.now())


def dispatched(job: Job):
    """The attempt of a job that has been released, as the dispatcher would."""
    with transaction.atomic():
        return _mark_dispatched([job])[0]


def claimed(job: Job) -> Job:
    """The job, claimed without a Celery worker."""
    running = claim(str(dispatched(job).pk), identity("test"))
    assert running is not None
    return running


def running_job(kind: str, args: dict, **options) -> RunningJob:
    """A new job with a running attempt, without a Celery worker."""
    return RunningJob(claimed(services.enqueue(kind, args=args, **options)))
