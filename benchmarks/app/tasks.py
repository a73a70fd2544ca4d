"""Kinds of jobs that are measured, written the ordinary way."""

import time

from aiproviders.base import Prompt
from aiproviders.services import complete
from benchmarks.app.models import Draft
from queues.clock import Clock
from queues.kinds import job

SYSTEM = "You write short, exact articles."
MODEL = "openai/gpt-4o-mini"


def _write(job, draft_id: int) -> None:
    draft = Draft.objects.get(pk=draft_id)
    answer = complete(Prompt(system=SYSTEM, text=draft.brief), model=MODEL, job_id=job.id, purpose="bench")
    with job.completing({"draft": draft_id}):
        Draft.objects.filter(pk=draft_id).update(text=answer.text, finished_at=Clock())


@job(queue="bench", name="bench.write")
def write(job, *, draft_id):
    _write(job, draft_id)


@job(queue="bench-100", name="bench.write_100")
def write_100(job, *, draft_id):
    """Behind the limit of 100 starts per 6 s."""
    _write(job, draft_id)


@job(queue="bench-10", name="bench.write_10")
def write_10(job, *, draft_id):
    """Behind the limit of 10 starts per 6 s."""
    _write(job, draft_id)


@job(queue="bench-free", name="bench.nothing")
def nothing(job, *, seconds):
    """Holds its slot and writes nothing."""
    time.sleep(seconds)
