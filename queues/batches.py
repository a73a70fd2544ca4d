"""Parent jobs: one job asks for many, shows how many have ended, and completes with the last of them.

A parent that has handed over stays active without a lease, a worker or a slot. Whoever ends a child locks the
parent's row first, so the last child is recognised once, however many end together.
"""

from django.db import transaction

from queues import hooks
from queues.models import Job
from queues.states import FINAL, JobState


def child_ended(child: Job) -> None:
    """Count a child that has just become final; runs in the transaction that ended it."""
    parent = _locked_parent(child)
    if parent is not None:
        Job.objects.filter(pk=parent.pk).update(progress=parent.progress + 1)
        parent.progress += 1
        end_if_done(parent)


def child_reopened(child: Job) -> None:
    """Take back the count of a child that is retried; runs in the transaction that reopens it."""
    parent = _locked_parent(child)
    if parent is not None and parent.progress:
        Job.objects.filter(pk=parent.pk).update(progress=parent.progress - 1)


def _locked_parent(child: Job) -> Job | None:
    """The parent, if it waits for its children."""
    waiting = Job.objects.select_for_update().filter(pk=child.parent_id)
    return next((job for job in waiting if job.state == JobState.ACTIVE and job.handed_over), None)


def take_over(parent: Job) -> None:
    """Count what has ended already, when a parent hands over; its row is locked by the caller's UPDATE."""
    ended = parent.children.filter(state__in=FINAL).count()
    parent.total, parent.progress, parent.handed_over = parent.children.count(), ended, True
    Job.objects.filter(pk=parent.pk).update(total=parent.total, progress=ended, stage="children")
    end_if_done(parent)


def end_if_done(parent: Job) -> None:
    """Complete (or cancel, if that was asked) a parent whose children have all ended, and run its kind's hook once."""
    from queues.ledger import transition

    if parent.progress < parent.total:
        return
    to = JobState.CANCELLED if parent.cancel_requested else JobState.COMPLETED
    failed = parent.children.filter(state=JobState.FAILED).count()
    message = f"All {parent.total} parts ended, {failed} failed"
    if transition(parent, to, origin=(JobState.ACTIVE,), message=message):
        hooks.run("on_children_done", parent)


def cancel_children(parent: Job, *, finish: bool = False) -> None:
    """Cancel the children that have not started and, unless they may `finish`, ask the active ones to stop."""
    from queues.control import cancel, cancel_in_line

    for child in parent.children.open().order_by("pk"):  # an API request with a key does all in one transaction
        with transaction.atomic():
            cancel_in_line(child) if finish else cancel(child)
