"""The one function that changes a job's state: one conditional UPDATE, its attempt and its history with it."""

from collections.abc import Sequence
from contextlib import nullcontext
from typing import Any

from django.db import connection, transaction

from queues import announce, batches, bell, statements
from queues.clock import Clock
from queues.models import Attempt, Job, JobEvent
from queues.states import FINAL, IN_LINE, RUNNING, TRANSITIONS, JobState, Outcome


def transition(
    job: Job,
    to: JobState,
    *,
    message: str,
    origin: Sequence[JobState] | None = None,
    number: int | None = None,
    outcome: Outcome | None = None,
    attempt: dict[str, Any] | None = None,
    level: str = "info",
    error: str = "",
    **changes: Any,
) -> bool:
    """Move a job to state `to` if it still is in one of `origin` (default: all that may lead there).

    `number` fences a running job: the change happens only while that is the job's current attempt, and not handed over.
    `outcome` closes the open attempt, `attempt` changes its columns, `changes` the job's. False: somebody was first.
    """
    if outcome:
        attempt = {"finished_at": Clock(), "outcome": outcome, "error": error}
    writes = [statements.update(Job, _where(job, to, origin, number), state=to, **changes | _marks(to))]
    if attempt:
        writes.append(statements.update(Attempt, {"job": job.pk, "finished_at": None}, **attempt))
    writes.append(statements.insert(JobEvent, job=job.pk, level=level, message=message, data={"state": to}))
    # One statement has one snapshot. Who knows the number came after its attempt was written, and sees it; who does not
    # may have waited here for the dispatcher, and must look for the attempt afterwards.
    at_once = number is not None
    alone = to == JobState.ACTIVE and at_once and connection.vendor == "postgresql"  # nothing else to write: no BEGIN
    with nullcontext() if alone else transaction.atomic(savepoint=False):
        event = statements.run_if(*writes, at_once=at_once)
        if event is None:
            return False
        _follow_up(job, to, origin)
        announce.after_commit(job, event)
    return True


def _where(job: Job, to: JobState, origin: Sequence[JobState] | None, number: int | None) -> dict[str, Any]:
    allowed = [state for state, targets in TRANSITIONS.items() if to in targets and (origin is None or state in origin)]
    fence = {} if number is None else {"attempts_started": number, "handed_over": False}
    return {"id": job.pk, "state": tuple(allowed)} | fence


def _marks(to: JobState) -> dict[str, Any]:
    """What else is true of every job in this state."""
    ended = {"finished_at": Clock()} if to in FINAL else {}
    return ended if to in RUNNING else ended | {"lease_until": None, "dispatched_at": None}


def _follow_up(job: Job, to: JobState, origin: Sequence[JobState] | None) -> None:
    if job.parent_id and to in FINAL:
        batches.child_ended(job)
    # A claim makes no room: the slot was booked at the dispatch. What could not be sent had better wait a second.
    if to != JobState.ACTIVE and origin != (JobState.DISPATCHED,):
        bell.ring_after_commit()
    if to in IN_LINE and Job.objects.filter(pk=job.pk, cancel_requested=True).exists():
        transition(job, JobState.CANCELLED, message="Cancelled: it was asked to stop")


def put_back(job: Job, origin: JobState, message: str, *, level: str = "warning", **changes: Any) -> bool:
    """Return a job whose attempt is lost to its old place in line; no attempt is used up."""
    lost = {"number": job.attempts_started, "outcome": Outcome.LOST, "message": message, "level": level}
    return transition(job, JobState.WAITING, origin=(origin,), **lost, **changes)
