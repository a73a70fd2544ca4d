"""Runs for tests, started and worked off the way the product does it."""

from content.blog.models import Run
from content.blog.runs.services import start_run
from queues.attempts import run_attempt
from queues.kinds import find
from queues.models import Job, Queue
from tests.factories import dispatched

TEMPLATE = "template"  # needs no provider


def started(owner, **wanted) -> Run:
    """A run whose first round waits in line."""
    return told(start_run(owner=owner, **{"ai_model": TEMPLATE, "count": 3} | wanted).run)


def told(run: Run) -> Run:
    """The run as it is now."""
    return Run.objects.told().get(pk=run.pk)


def work(job: Job) -> None:
    """One attempt at the job, without a Celery worker; an error of its code is raised, after the ledger has it."""
    job.refresh_from_db()
    attempt = dispatched(job)
    run_attempt(find(job.kind).function, attempt_id=str(attempt.pk), args=job.args, worker="test")


def handed_over(run: Run) -> list[Job]:
    """The jobs of the posts, after the titles have been chosen."""
    work(run.job)
    return list(run.job.children.order_by("id"))


def done(run: Run) -> Run:
    """The run after its current round."""
    for part in handed_over(run):
        work(part)
    return told(run)


def lift_limits(concurrency: int = 10) -> None:
    """As staff may: no rate limit to speak of."""
    Queue.objects.update_or_create(
        name="blog", defaults={"concurrency": concurrency, "rate_max": 10_000, "rate_window": 1}
    )
