"""The one function that changes a job's state: one conditional UPDATE, its attempt and its history with it."""

from collections.abc import Sequence
from contextlib import nullcontext
from typing import Any

from django.db import connection, transaction

from queues import announce, batches, bell, statements
from queues.clock import Clock
from queues.models import Attempt, Job, JobEvent
from queues.states import FINAL, RUNNING, TRANSITIONS, JobState, Outcome


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
    allowed = [state for state, targets in TRANSITIONS.items() if to in targets and (origin is None or state in origin)]
    where = {"id": job.pk, "state": tuple(allowed)}
    if number is not None:
        where |= {"attempts_started": number, "handed_over": False}
    if to in FINAL:
        changes["finished_at"] = Clock()
    if to not in RUNNING:
        changes |= {"lease_until": None, "dispatched_at": None}
    if outcome:
        attempt = {"finished_at": Clock(), "outcome": outcome, "error": error}
    writes = [statements.update(Job, where, state=to, **changes)]
    if attempt:
        writes.append(statements.update(Attempt, {"job": job.pk, "finished_at": None}, **attempt))
    writes.append(statements.insert(JobEvent, job=job.pk, level=level, message=message, data={"state": to}))
    # One statement has one snapshot. Who knows the number came after its attempt was written, and sees it; who does not
    # may have waited here for the dispatcher, and must look for the attempt afterwards.
    at_once, ends_part = number is not None, job.parent_id and to in FINAL
    alone = at_once and not ends_part and connection.vendor == "postgresql"  # one statement is its own transaction
    with nullcontext() if alone else transaction.atomic(savepoint=False):
        if (event := statements.run_if(*writes, at_once=at_once)) is None:
            return False
        if ends_part:
            batches.child_ended(job)
        if to != JobState.ACTIVE:  # a claim makes no room: the slot was booked when the job was dispatched
            bell.ring_after_commit()
        announce.after_commit(job, event)
    return True


def put_back(job: Job, origin: JobState, message: str, *, level: str = "warning", **changes: Any) -> bool:
    """Return a job whose attempt is lost to its old place in line; no attempt is used up."""
    lost = {"number": job.attempts_started, "outcome": Outcome.LOST, "message": message, "level": level}
    return transition(job, JobState.WAITING, origin=(origin,), **lost, **changes)
