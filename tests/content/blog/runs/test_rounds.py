"""A run from its first job to its end, without a worker process."""

import datetime

import pytest

from content.blog.models import Post, Run
from content.blog.runs import rounds
from content.blog.runs.progress import progress_of, state_of
from queues.models import Job
from tests.content.blog.runs.builders import done, handed_over, started, told, work

pytestmark = pytest.mark.django_db(transaction=True)


def counted(run: Run) -> tuple:
    now = progress_of(told(run))
    return now.total, now.completed, now.failed, now.skipped


def test_a_batch_writes_as_many_posts_as_were_asked_for_and_ends(ada):
    run = started(ada, count=3)
    assert (state_of(run), counted(run)) == ("waiting", (3, 0, 0, 0))
    parts = handed_over(run)
    assert (state_of(told(run)), counted(run)) == ("running", (3, 0, 0, 0))
    work(parts[0])
    assert counted(run) == (3, 1, 0, 0)
    work(parts[1]), work(parts[2])
    run = told(run)
    assert (state_of(run), counted(run)) == ("completed", (3, 3, 0, 0))
    assert (run.ending, run.written, run.ended_at is not None) == ("completed", 3, True)
    assert Post.objects.filter(run=run, state="draft").count() == 3
    assert {job.owner for job in Job.objects.all()} == {ada}
