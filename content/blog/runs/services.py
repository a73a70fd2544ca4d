"""Starting and stopping runs. The page and the API call these."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction

from content.blog.models import Run
from content.blog.runs import wishes
from content.blog.runs.asking import ask_for_round, is_round_of
from content.blog.runs.errors import AlreadyRunning, NotRunning
from content.blog.runs.progress import state_of, titles_in_work
from queues import control
from queues.models import Job


@dataclass(frozen=True)
class Started:
    """`notice`: what to know about the model."""

    run: Run
    job: Job
    notice: str = ""


def start_run(*, owner, **wanted: Any) -> Started:
    """Ask for the posts of a run; `wanted` are fields of Run.

    Raises ValidationError with a `message_dict`, and AlreadyRunning while a run of `owner` goes on; nothing is stored
    then. Of two starts at once the job's dedupe key lets one through.
    """
    run = Run(owner=owner, **wanted)
    notice = wishes.checked(run)
    with transaction.atomic():
        run.save(force_insert=True)
        job = ask_for_round(run)
        if not is_round_of(job, run):
            raise AlreadyRunning(job.pk)
    return Started(run, job, notice)


def stop_run(run: Run, *, now: bool = False) -> str:
    """Stop after what is being written, or `now`; what is written stays. Returns what happens, in a sentence.

    Now means: as soon as the language model has answered; that answer is not used. Raises NotRunning.
    """
    run = Run.objects.told().get(pk=run.pk)
    if run.job is None or not control.cancel(run.job, finish=not now):
        raise NotRunning(state_of(run))
    run = Run.objects.told().get(pk=run.pk)
    return stopping_words(run) if run.is_open else "Stopped."


def stopping_words(run: Run) -> str:
    """What a run that was asked to stop still does."""
    titles = titles_in_work(run)
    names = " and ".join(title.subject_label for title in titles)
    if any(title.cancel_requested for title in titles):
        return f"Stopping now. What the model still says about {names} is not used."
    return f"Stopping after {names}." if titles else "Stopping."
