"""Kinds of jobs about posts."""

from content.blog.runs.kinds import QUEUE, RUN, WRITE
from queues.kinds import job
from queues.models import Job


@job(queue="default", name="blog.forget_records")
def forget_records(job):
    from content.blog import services

    return {"forgotten": services.forget_old_records()}


def _round_over(parent: Job) -> None:
    from content.blog.runs import rounds

    rounds.over(parent)


def _round_failed(parent: Job) -> None:
    from content.blog.runs import rounds

    rounds.failed(parent)


@job(queue=QUEUE, name=RUN, on_exhausted=_round_failed, on_children_done=_round_over)
def run_round(job, *, run_id):
    from content.blog.runs import picking

    picking.pick(run_id=run_id, job=job)


@job(queue=QUEUE, name=WRITE)
def write_post(job, *, run_id, source, media_type, external_id):
    from content.blog.runs import posting

    posting.post(run_id=run_id, source=source, media_type=media_type, external_id=external_id, job=job)
