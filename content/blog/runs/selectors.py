"""Finding runs, and all that is told about one."""

from uuid import UUID

from content.blog.models import Run
from content.blog.models.run import RunQuerySet
from content.blog.runs.kinds import QUEUE, RUN
from queues import stats
from queues.models import Job

METRICS = ("waiting", "active", "completed", "failed", "delayed")


def running() -> RunQuerySet:
    """The runs of all users that go on, oldest first."""
    return Run.objects.told().open().order_by("id")


def latest_of(user) -> Run | None:
    """The user's run that goes on, else the last one."""
    runs = Run.objects.told().filter(owner=user)
    return runs.open().first() or runs.first()


def run_of_job(job_id: UUID) -> Run | None:
    """The run that this job is a round of."""
    job = Job.objects.filter(pk=job_id, kind=RUN).values_list("args", flat=True).first()
    return Run.objects.told().filter(pk=job["run_id"]).first() if job else None


def metrics() -> dict[str, int]:
    """Jobs of the queue by state; completed ones of the last 24 hours."""
    entry = next(entry for entry in stats.all_queues() if entry.name == QUEUE)
    return {name: entry.counts[name] for name in METRICS}
