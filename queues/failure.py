"""What happens when an attempt ends badly: retry, put back, cancel, or a dead letter with its closing hook."""

import datetime

from django.db import transaction

from queues import clock, dead_letters, hooks
from queues.errors import Cancelled, Retry
from queues.ledger import transition
from queues.models import Job, Queue
from queues.services import FARTHEST
from queues.states import JobState, Outcome

MOST_STARTS = 10_000  # of a job that is put back each time; every so many if staff retry it
MAX_KIND, MAX_MESSAGE = Job._meta.get_field("error_kind").max_length, 2000


def settle(job: Job, error: Exception) -> None:
    """Decide what follows `error` on the current attempt of `job`. Does nothing if the attempt was superseded.

    Errors steer by their attributes: `permanent`, `retry_after` (seconds), `counts`, `kind`. When the database failed,
    not the code, the attempt is left alone: its lease runs out, which uses up no try.
    """
    if hooks.database_failed(error):
        return
    kind = (getattr(error, "kind", "") or type(error).__name__)[:MAX_KIND]
    # Without what a column cannot hold: an error that cannot be stored would never count.
    message = str(error).replace("\0", "").encode(errors="replace").decode()[:MAX_MESSAGE] or kind
    own = {"origin": (JobState.ACTIVE,), "number": job.attempts_started}
    if isinstance(error, Cancelled):
        transition(job, JobState.CANCELLED, outcome=Outcome.CANCELLED, message="Cancelled while it ran", **own)
        return
    policy = Queue.objects.policy_of(job.queue)
    counts = getattr(error, "counts", True)
    made = job.attempts_made + counts
    if not counts and job.attempts_started % MOST_STARTS == 0:
        fail(
            job,
            kind="endless",
            message=f"Put back again after {job.attempts_started} starts: {message}",
            outcome=Outcome.FAILED,
        )
        return
    if counts and (getattr(error, "permanent", False) or made >= policy["max_attempts"]):
        fail(job, kind=kind, message=message, outcome=Outcome.FAILED, attempts_made=made)
        return
    asked = getattr(error, "retry_after", None)
    if asked is not None and not (isinstance(asked, int | float) and asked <= FARTHEST.total_seconds()):
        settle(job, ValueError(f"A pause of {asked!r} seconds was asked for, longest is {FARTHEST.days} days: {error}"))
        return
    delay = max(0.0, _delay(error, policy["backoff"], made))
    own |= {"error": message, "error_kind": kind, "error_message": message, "attempts_made": made}
    own["run_at"] = clock.now() + datetime.timedelta(seconds=delay)
    own |= {"outcome": Outcome.SNOOZED, "message": f"Put back for {delay:g} s: {message}"}
    if counts:
        words = f"Try {made} of {policy['max_attempts']} failed: {message} Next try in {delay:g} s."
        own |= {"outcome": Outcome.FAILED, "message": words, "level": "warning"}
    transition(job, JobState.DELAYED, **own)


def _delay(error: Exception, backoff: list[float], made: int) -> float:
    """Seconds until the next try: what the code asked for, else the longer of back-off and Retry-After."""
    asked = getattr(error, "retry_after", None)
    if isinstance(error, Retry) and asked is not None:
        return float(asked)
    return float(max(asked or 0, backoff[min(made, len(backoff)) - 1] if backoff and made else 0))


def fail(job: Job, *, kind: str, message: str, outcome: Outcome, **changes) -> None:
    """Make `job` a dead letter and run its kind's on_exhausted hook in the same transaction."""
    changes |= {"error": message, "error_kind": kind, "error_message": message, "outcome": outcome, "level": "error"}
    changes |= {"error_cause": dead_letters.cause(message), "number": job.attempts_started}
    with transaction.atomic():
        if transition(job, JobState.FAILED, origin=(JobState.ACTIVE,), message=f"Failed: {message}", **changes):
            hooks.run("on_exhausted", job)
