"""Puts back what was lost: attempts whose worker died, and messages that nobody claimed."""

import datetime

from django.db import transaction

from queues import statements
from queues.control import cancel_in_line
from queues.failure import fail
from queues.ledger import put_back
from queues.models import Attempt, Job, Worker
from queues.room import WORKER_SILENCE
from queues.states import IN_LINE, JobState, Outcome

UNCLAIMED = datetime.timedelta(seconds=30)
LONGEST_GAP = datetime.timedelta(seconds=10)  # between two looks, in which no lease runs out that somebody renews
MAX_LOSSES = 10
CANCELS_AT_ONCE = 100


def allow_for(gap: datetime.timedelta, now: datetime.datetime) -> None:
    """Nobody could look for the time of `gap`: the database was away, or its clock was set; back, when it is negative.

    Whoever lives is given the time to renew his leases; whoever does not is lost after it. What has happened by a clock
    that was put back happened now: a limited queue waits one window more, and not until the clock has caught up.
    """
    leased = Job.objects.filter(state=JobState.ACTIVE, lease_until__isnull=False)
    statements.update_unlocked(leased, lease_until=now + WORKER_SILENCE)
    times = [(Attempt, "started_at"), (Attempt, "dispatched_at"), (Job, "dispatched_at"), (Worker, "last_seen")]
    for model, moment in times if gap < datetime.timedelta() else ():
        model.objects.filter(**{f"{moment}__gt": now}).update(**{moment: now})


def put_back_lost(now: datetime.datetime) -> None:
    """Return every lost job to its old place in line; one that kept losing its worker fails as poison.

    In transactions of its own, and the hooks of kinds last: what breaks there keeps nothing else from going on.
    """
    # A locked row is being changed, or the machine that changes it vanished: the others must not wait for it.
    jobs = Job.objects.select_for_update(skip_locked=True)
    expired = jobs.filter(state=JobState.ACTIVE, lease_until__lt=now)
    with transaction.atomic():
        for job in expired.filter(losses__lt=MAX_LOSSES - 1):
            put_back(job, JobState.ACTIVE, "Its worker died: back in line", losses=job.losses + 1)
        for job in jobs.filter(state=JobState.DISPATCHED, dispatched_at__lt=now - UNCLAIMED):
            put_back(job, JobState.DISPATCHED, "No worker took it: back in line")
        for job in jobs.filter(state__in=IN_LINE, cancel_requested=True)[:CANCELS_AT_ONCE]:
            cancel_in_line(job)  # a part of a batch whose cancel was cut short
    with transaction.atomic():
        for job in expired.filter(losses__gte=MAX_LOSSES - 1):
            fail(job, kind="poison", message=f"It lost its worker {MAX_LOSSES} times.", outcome=Outcome.LOST)
