"""What happens when an attempt ends badly: retry, put back, cancel, or a dead letter with its closing hook."""

import datetime
from typing import Any

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
    if isinstance(error, Cancelled):
        words = "Cancelled while it ran"
        transition(job, JobState.CANCELLED, outcome=Outcome.CANCELLED, message=words, **_own(job))
        return
    policy = Queue.objects.policy_of(job.queue)
    counts = getattr(error, "counts", True)
    made = job.attempts_made + counts
    over = counts and (getattr(error, "permanent", False) or made >= policy["max_attempts"])
    if not counts and job.attempts_started % MOST_STARTS == 0:
        over, kind, message = True, "endless", f"Put back again after {job.attempts_started} starts: {message}"
    asked = getattr(error, "retry_after", None)
    if over:
        fail(job, kind=kind, message=message, outcome=Outcome.FAILED, attempts_made=made)
    elif asked is None or (isinstance(asked, int | float) and asked <= FARTHEST.total_seconds()):
        own = {"error": message, "error_kind": kind, "error_message": message, "attempts_made": made, **_own(job)}
        _try_again(job, max(0.0, _delay(error, policy["backoff"], made)), counts and policy["max_attempts"], own)
    else:
        settle(job, ValueError(f"A pause of {asked!r} seconds was asked for, longest is {FARTHEST.days} days: {error}"))


def _own(job: Job) -> dict[str, Any]:
    """What lets only the current attempt change its job."""
    return {"origin": (JobState.ACTIVE,), "number": job.attempts_started}


def _try_again(job: Job, delay: float, tries: int, own: dict[str, Any]) -> None:
    """Put the job back for `delay` seconds; it was one of so many `tries`, or, if 0, none that counts."""
    own["run_at"], message = clock.now() + datetime.timedelta(seconds=delay), own["error_message"]
    if tries:
        words = f"Try {own['attempts_made']} of {tries} failed: {message} Next try in {delay:g} s."
        transition(job, JobState.DELAYED, outcome=Outcome.FAILED, message=words, level="warning", **own)
    else:
        words = f"Put back for {delay:g} s: {message}"
        transition(job, JobState.DELAYED, outcome=Outcome.SNOOZED, message=words, **own)


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
