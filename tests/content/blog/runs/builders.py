"""Runs for tests, started and worked off the way the product does it."""

import json
import re

from content.blog.models import Run
from content.blog.runs.services import start_run
from queues.attempts import run_attempt
from queues.kinds import find
from queues.models import Attempt, Job, Queue
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
    deliver(job, dispatched(job))


def deliver(job: Job, attempt: Attempt) -> None:
    """What Celery does with a job that has been dispatched."""
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


def post_about(asked: str) -> str:
    """What an honest model says about the title it is asked about: its name, in as many words as it takes."""
    name = re.search(r"^Title: (.+)$", asked, re.MULTILINE)[1]
    first = (
        f"{name} is a work that stands in the catalogue, and this text is about it. The record is short, so the text "
        "is short as well. It says who made the work and when, but it does not say how it felt to see it. As a source "
        "it is plain and dry, which is what a source should be. With nothing else to go by, the reader learns what is "
        "on record, and the rest is left open on purpose."
    )
    second = (
        "The people who made it are named in the record, and so are those who play in it. This text does not repeat "
        "the list, because a list is read faster where it stands. It is enough to know that the list is there. As with "
        "all records, an entry may be missing, and then nothing is said about it here either. In this way no fact is "
        "made up, and what is written can be compared with its source at any time."
    )
    sections = [{"heading": "What it is", "text": first}, {"heading": "Who made it", "text": second}]
    answer = {"title": f"{name}: what is on record", "seoTitle": "What is on record", "sections": sections}
    return json.dumps(answer | {"description": "This is what the catalogue has on record, and nothing else."})
