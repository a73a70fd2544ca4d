"""States of a job, their groups, and which change may follow which.

The words are the users' own. DISPATCHED (published, not yet claimed by a worker) is shown to people as waiting.
"""

from django.db.models import TextChoices


class JobState(TextChoices):
    WAITING = "waiting"  # may start as soon as its queue has room
    DELAYED = "delayed"  # not before run_at: scheduled, in back-off or snoozed
    DISPATCHED = "dispatched"  # on the wire to a worker
    ACTIVE = "active"  # a worker holds its lease
    COMPLETED = "completed"
    FAILED = "failed"  # a dead letter: no attempts left, staff may retry
    CANCELLED = "cancelled"


class Outcome(TextChoices):
    """How an attempt ended."""

    COMPLETED = "completed"
    FAILED = "failed"  # the code raised; the job may still be retried
    LOST = "lost"  # its worker died, or nobody claimed it
    SNOOZED = "snoozed"  # put back without using up an attempt
    CANCELLED = "cancelled"


IN_LINE = (JobState.WAITING, JobState.DELAYED)
BEFORE_START = (*IN_LINE, JobState.DISPATCHED)
RUNNING = (JobState.DISPATCHED, JobState.ACTIVE)
OPEN = IN_LINE + RUNNING
FINAL = (JobState.COMPLETED, JobState.FAILED, JobState.CANCELLED)

TRANSITIONS: dict[JobState, tuple[JobState, ...]] = {
    JobState.WAITING: (JobState.DISPATCHED, JobState.CANCELLED),
    JobState.DELAYED: (JobState.WAITING, JobState.CANCELLED),
    JobState.DISPATCHED: (JobState.ACTIVE, JobState.WAITING, JobState.CANCELLED),
    JobState.ACTIVE: (JobState.COMPLETED, JobState.WAITING, JobState.DELAYED, JobState.FAILED, JobState.CANCELLED),
    JobState.FAILED: (JobState.WAITING,),
    JobState.COMPLETED: (),
    JobState.CANCELLED: (),
}
