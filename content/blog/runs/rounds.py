"""When a round is over: count it, and in a continuous run ask for the next one."""

import datetime

from django.db.models import F, QuerySet

from aiproviders.selectors import spend
from content.blog.models import Post, Run
from content.blog.models.run import Ending
from content.blog.runs.asking import ask_for_round
from content.blog.runs.progress import progress_of_round
from queues import clock
from queues.models import Job
from queues.states import JobState

PAUSE = datetime.timedelta(hours=1)  # between two rounds of a day
DAY = datetime.timedelta(days=1)
FOR_GOOD = ("no_key", "unsupported")  # no later round could do better


def posts_left(run: Run) -> int:
    """How many posts the round that begins now may write."""
    if not run.is_continuous:
        return run.count
    return max(0, min(run.count, run.most_a_day - _today(run).count()))


def over(job: Job) -> None:
    """All posts of the round `job` have ended; runs in the transaction that ended the last one."""
    run = Run.objects.filter(pk=job.args["run_id"]).select_related("owner").first()
    if run is None:
        return
    counted, parts = progress_of_round(job), list(job.children.values_list("pk", flat=True))
    cost = spend([job.pk, *parts]).cost
    Run.objects.filter(pk=run.pk).update(
        written=F("written") + counted.completed,
        failed=F("failed") + counted.failed,
        skipped=F("skipped") + counted.skipped,
        cost=F("cost") + cost,
    )
    if run.is_continuous and job.state == JobState.COMPLETED:
        # The post of the job that has just ended is saved after this, in the same transaction.
        today = _today(run).exclude(versions__job_id__in=parts).count() + counted.completed
        ask_for_round(run, run_at=_next(run, today=today, wrote=bool(counted.completed)))
    else:
        _end(run, Ending.STOPPED if job.state == JobState.CANCELLED else Ending.COMPLETED)


def failed(job: Job) -> None:
    """No titles could be chosen, try after try; runs in the transaction that marks the job failed."""
    run = Run.objects.filter(pk=job.args["run_id"]).select_related("owner").first()
    if run is None:
        return
    if run.is_continuous and job.error_kind not in FOR_GOOD:
        ask_for_round(run, run_at=_next(run, today=_today(run).count(), wrote=True))
    else:
        _end(run, Ending.FAILED)


def _next(run: Run, *, today: int, wrote: bool) -> datetime.datetime:
    """In an hour; the next day (UTC) when the cap of this one is reached, or a round wrote nothing."""
    return clock.now() + PAUSE if wrote and today < run.most_a_day else _midnight() + DAY


def _today(run: Run) -> QuerySet[Post]:
    return run.posts.filter(created_at__gte=_midnight())


def _end(run: Run, ending: Ending) -> None:
    Run.objects.filter(pk=run.pk).update(ending=ending, ended_at=clock.now())


def _midnight() -> datetime.datetime:
    return clock.now().astimezone(datetime.UTC).replace(hour=0, minute=0, second=0, microsecond=0)
