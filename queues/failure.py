"""What happens when an attempt ends badly: retry, put back, cancel, or a dead letter with its closing hook."""

import datetime
import logging

from django.db import Error, InterfaceError, OperationalError, connection, transaction

from queues import clock, dead_letters, kinds
from queues.errors import Cancelled, Retry
from queues.ledger import transition
from queues.models import Job, Queue
from queues.states import JobState, Outcome

logger = logging.getLogger(__name__)
MAX_MESSAGE = 2000


def settle(job: Job, error: Exception) -> None:
    """Decide what follows `error` on the current attempt of `job`. Does nothing if the attempt was superseded.

    Errors steer by their attributes: `permanent`, `retry_after` (seconds), `counts`, `kind`. When the database failed,
    not the code, the attempt is left alone: its lease runs out, which uses up no try.
    """
    if _database_failed(error):
        return
    kind = getattr(error, "kind", "") or type(error).__name__
    message = str(error)[:MAX_MESSAGE] or kind
    if isinstance(error, Cancelled):
        own = {"origin": (JobState.ACTIVE,), "number": job.attempts_started, "outcome": Outcome.CANCELLED}
        transition(job, JobState.CANCELLED, **own, message="Cancelled while it ran")
        return
    policy = Queue.objects.policy_of(job.queue)
    counts = getattr(error, "counts", True)
    made = job.attempts_made + counts
    if counts and (getattr(error, "permanent", False) or made >= policy["max_attempts"]):
        fail(job, kind=kind, message=message, outcome=Outcome.FAILED, attempts_made=made)
        return
    delay = _delay(error, policy["backoff"], made)
    transition(
        job,
        JobState.DELAYED,
        origin=(JobState.ACTIVE,),
        number=job.attempts_started,
        outcome=Outcome.FAILED if counts else Outcome.SNOOZED,
        error=message,
        message=f"Try {made} of {policy['max_attempts']} failed: {message} Next try in {delay:g} s."
        if counts
        else f"Put back for {delay:g} s: {message}",
        level="warning" if counts else "info",
        run_at=clock.now() + datetime.timedelta(seconds=delay),
        attempts_made=made,
        error_kind=kind,
        error_message=message,
    )


def _database_failed(error: Exception) -> bool:
    """SQLite calls a missing table an OperationalError too; that is the code's."""
    away = isinstance(error, OperationalError | InterfaceError)
    return away and (connection.vendor != "sqlite" or "locked" in str(error))


def _delay(error: Exception, backoff: list[float], made: int) -> float:
    """Seconds until the next try: what the code asked for, else the longer of back-off and Retry-After."""
    asked = getattr(error, "retry_after", None)
    if isinstance(error, Retry) and asked is not None:
        return float(asked)
    return float(max(asked or 0, backoff[min(made, len(backoff)) - 1] if backoff and made else 0))


def fail(job: Job, *, kind: str, message: str, outcome: Outcome, **changes) -> None:
    """Make `job` a dead letter and run its kind's on_exhausted hook in the same transaction.

    A hook that breaks is logged and noted on the job, which then fails without it: staff see and retry it.
    """
    changes |= {"error_kind": kind, "error_message": message, "error_cause": dead_letters.cause(message)}
    try:
        with transaction.atomic():
            if _mark_failed(job, message, outcome, changes) and (hook := kinds.find(job.kind).on_exhausted):
                job.refresh_from_db()
                hook(job)
    except Error:
        raise  # the lease runs out and the job is tried again
    except Exception:
        logger.exception("on_exhausted of %s failed for job %s", job.kind, job.pk)
        _mark_failed(job, f"{message} Its closing hook failed too: see the log.", outcome, changes)


def _mark_failed(job: Job, message: str, outcome: Outcome, changes: dict) -> bool:
    own = {"origin": (JobState.ACTIVE,), "number": job.attempts_started, "outcome": outcome}
    changes = changes | {"error": message, "message": f"Failed: {message}", "level": "error"}
    return transition(job, JobState.FAILED, **own, **changes)
