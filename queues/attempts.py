"""One delivery from claim to end: what runs inside a Celery task of any kind."""

import logging
from collections.abc import Callable

from celery.exceptions import Ignore
from django.db import connection

from queues import leases, statements
from queues.clock import Clock
from queues.errors import Cancelled, Retry, Superseded
from queues.failure import settle
from queues.ledger import transition
from queues.models import Attempt, Job, Queue
from queues.running import RunningJob, give_back_connection
from queues.states import JobState

OF_ATTEMPT = """JOIN queues_attempt attempt ON attempt.job_id = queues_job.id
AND attempt.number = queues_job.attempts_started WHERE attempt.id = %s"""
logger = logging.getLogger(__name__)


def run_attempt(function: Callable, *, attempt_id: str, args: dict, worker: str) -> dict:
    """Claim attempt `attempt_id` and run `function(job, **args)`; a superseded delivery is dropped silently.

    Returns the tiny Celery result. Raises the code's own error, after the ledger has recorded what follows.
    """
    job = claim(attempt_id, leases.identity(worker))
    if job is None:
        raise Ignore
    running = RunningJob(job)
    give_back_connection()
    with leases.held(attempt_id, job):
        try:
            result = function(running, **args)
            if not running.completed:
                with running.completing(result if isinstance(result, dict) else None):
                    pass
        except (Cancelled, Retry, Superseded) as wish:
            settle(job, wish)  # changes nothing if the attempt really is superseded
            raise Ignore from None
        except Exception as error:
            settle(job, error)
            raise
    return {"job": str(job.pk), "outcome": "completed"}


def claim(attempt_id: str, worker: str) -> Job | None:
    """Make the attempt the job's running one and start its lease; None when the ledger has moved on."""
    attempt_key = Attempt._meta.pk.get_db_prep_value(attempt_id, connection)
    job = next(iter(statements.select(Job, OF_ATTEMPT, [attempt_key])), None)
    if job is None:
        return None
    lease = Queue(name=job.queue).policy["lease"]  # no override, so no query
    started = {"started_at": Clock(), "dispatched_at": None, "lease_until": Clock(after=lease)}
    number, attempt = job.attempts_started, {"started_at": Clock(), "worker": worker}
    message = f"Started, attempt {number}"
    if not transition(job, JobState.ACTIVE, number=number, message=message, attempt=attempt, **started):
        return None
    job.state = JobState.ACTIVE
    return job
