"""How a run goes, from its jobs and their events."""

from dataclasses import dataclass

from django.db.models import QuerySet

from content.blog.models import Run
from content.blog.models.run import Ending
from content.blog.runs.kinds import WRITE
from queues.models import Job, JobEvent
from queues.states import OPEN, JobState

SKIPPED = "skipped"  # in the data of an event: why
OUTCOME = "outcome"  # in the result of a job that wrote, or skipped
IDLE = "idle"  # of whoever has no run
WAITING, RUNNING, SCHEDULED, STOPPING = "waiting", "running", "scheduled", "stopping"
STATES = [IDLE, WAITING, RUNNING, SCHEDULED, STOPPING, *Ending.values]
ENDINGS = {JobState.COMPLETED: Ending.COMPLETED.value, JobState.FAILED: Ending.FAILED.value}


@dataclass(frozen=True)
class Progress:
    """Of `total` titles that were looked at or are to be written about: written, failed for good, skipped.

    None of these goes back. `current` are the titles in work. After a stop the three do not add up to `total`.
    """

    total: int
    completed: int = 0
    failed: int = 0
    skipped: int = 0
    current: tuple[str, ...] = ()

    @property
    def ended(self) -> int:
        return self.completed + self.failed + self.skipped

    @property
    def posts(self) -> int:
        """Titles that are not skipped."""
        return self.total - self.skipped


def state_of(run: Run) -> str:
    """One of STATES; `run` comes from `Run.objects.told()`."""
    job = run.job
    if job is None:
        return run.ending or Ending.STOPPED.value  # a job that was cancelled in line closes nothing
    if job.state not in OPEN:
        return ENDINGS.get(job.state, Ending.STOPPED.value)
    if job.cancel_requested:
        return STOPPING
    if job.state == JobState.DELAYED and not job.attempts_started:
        return SCHEDULED
    return RUNNING if job.state == JobState.ACTIVE else WAITING


def progress_of(run: Run) -> Progress:
    """All rounds: those that are over from the run's row, the one that runs from its jobs. Two queries more."""
    over = {"completed": run.written, "failed": run.failed, "skipped": run.skipped}
    before = sum(over.values())
    if not run.is_open:
        return Progress(total=before or run.count, **over)
    if not run.job.handed_over:
        return Progress(total=before + run.count, **over)
    current = progress_of_round(run.job)
    return Progress(
        total=before + current.total,
        current=current.current,
        **{name: count + getattr(current, name) for name, count in over.items()},
    )


def progress_of_round(job: Job) -> Progress:
    """One round that has been handed over to its posts."""
    skipped = JobEvent.objects.filter(job=job, data__has_key=SKIPPED).count()
    parts = list(job.children.order_by("id").values_list("state", "result", "subject_label"))
    outcomes = [(result or {}).get(OUTCOME) for state, result, _ in parts if state == JobState.COMPLETED]
    return Progress(
        total=skipped + len(parts),
        completed=len(outcomes) - outcomes.count(SKIPPED),
        failed=sum(state == JobState.FAILED for state, *_ in parts),
        skipped=skipped + outcomes.count(SKIPPED),
        current=tuple(label for state, _, label in parts if state == JobState.ACTIVE),
    )


def titles_in_work(run: Run) -> list[Job]:
    """The jobs that write at this moment."""
    return list(parts_of(run).filter(state=JobState.ACTIVE).order_by("started_at"))


def parts_of(run: Run) -> QuerySet[Job]:
    """The jobs of its posts, in all rounds that are still known."""
    return Job.objects.for_subject(run).filter(kind=WRITE)
