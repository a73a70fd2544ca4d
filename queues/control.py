"""Steering jobs and queues: cancel, retry, promote, reprioritise, pause. API, admin and pages call these."""

import datetime

from django.db import IntegrityError, transaction

from queues import announce, batches, bell, statements, turns
from queues.clock import Clock
from queues.errors import InvalidJob
from queues.ledger import transition
from queues.models import Job, JobEvent, Queue
from queues.states import BEFORE_START, IN_LINE, OPEN, JobState, Outcome


def cancel(job: Job, *, finish: bool = False) -> bool:
    """Cancel a job that has not started at once; ask an active one, and the children of a parent, to stop.

    With `finish` the children that run already go on to their ends. False when it is already finished.
    """
    with transaction.atomic():
        # Who dies before the children are cancelled leaves them marked, and those that wait are cancelled by rescue.py.
        # They are locked before the parent, as by whoever ends one.
        children = Job.objects.filter(parent=job.pk, state__in=BEFORE_START if finish else OPEN)
        marked = statements.update_in_order(children, cancel_requested=True)
        if not (stopped := cancel_in_line(job)):
            Job.objects.select_for_update().filter(pk=job.pk).first()  # who puts it back has done so or waits
            stopped = cancel_in_line(job)
        asked = not stopped and Job.objects.filter(pk=job.pk, state=JobState.ACTIVE).update(cancel_requested=True)
        if asked:
            _note(job, "Asked to stop")
        if not (stopped or asked):
            transaction.set_rollback(True)
    if asked or (stopped and marked):  # what ran meanwhile may have handed over to children
        batches.cancel_children(job, finish=finish)
    return bool(stopped or asked)


def cancel_in_line(job: Job) -> bool:
    """Cancel a job unless it has started."""
    words = "Cancelled before it started"
    return transition(job, JobState.CANCELLED, origin=BEFORE_START, outcome=Outcome.CANCELLED, message=words)


def retry(job: Job) -> bool:
    """Put a dead letter back in line with fresh attempts; its history stays.

    False when it is not failed any more, or when another open job has taken its dedupe key.
    """
    try:
        with transaction.atomic():
            fresh = {"attempts_made": 0, "losses": 0, "cancel_requested": False, "finished_at": None, "progress": 0}
            words = "Put back in line by hand"
            again = transition(job, JobState.WAITING, origin=(JobState.FAILED,), message=words, run_at=Clock(), **fresh)
            if again and job.parent_id:
                batches.child_reopened(job)
            return again
    except IntegrityError:
        return False


def promote(job: Job) -> bool:
    """Let a delayed job start now."""
    words = "Promoted: may start now"
    return transition(job, JobState.WAITING, origin=(JobState.DELAYED,), message=words, run_at=Clock())


def change_priority(job: Job, priority: int) -> bool:
    """Set the priority of a job that has not started: 1 goes first, 10 last. Raises InvalidJob."""
    if isinstance(priority, bool) or not isinstance(priority, int) or not 1 <= priority <= 10:
        raise InvalidJob("priority", f"must be a whole number from 1 (first) to 10, not {priority!r}")
    job.priority = priority
    turns.place(job)
    with transaction.atomic():
        changed = Job.objects.filter(pk=job.pk, state__in=IN_LINE).update(priority=priority, turn=job.turn)
        if changed:
            _note(job, f"Priority is now {priority}")
    bell.ring_after_commit()
    return bool(changed)


def _note(job: Job, message: str) -> None:
    """A line in the job's history about something that is no change of state; those who watch are told."""
    event = JobEvent.objects.create(job=job, message=message)
    announce.after_commit(job, event.pk)


def pause(name: str, *, by: str, reason: str, until: datetime.datetime | None = None) -> None:
    """Start no more jobs of this queue, until resumed or the moment `until`; running ones go on."""
    Queue.objects.update_or_create(
        name=name, defaults={"paused": True, "paused_by": by, "paused_reason": reason, "paused_until": until}
    )
    announce.line_after_commit(name)


def resume(name: str) -> None:
    """Let the queue go on at once."""
    Queue.objects.filter(name=name).update(paused=False, paused_by="", paused_reason="", paused_until=None)
    bell.ring_after_commit()
    announce.line_after_commit(name)
