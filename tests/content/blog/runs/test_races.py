"""The same thing many times at one moment, on real connections."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier
from uuid import uuid4

import pytest
from celery.exceptions import Ignore
from django.db import connection, connections
from django.test import Client

from config.models import ApiToken
from content.blog.models import Post, Run
from content.blog.runs.errors import AlreadyRunning
from content.blog.runs.progress import progress_of
from content.blog.runs.services import start_run, stop_run
from queues.models import Attempt, Job
from tests.concurrency import while_somebody_locks
from tests.content.blog.runs.builders import TEMPLATE, deliver, handed_over, started, told, work
from tests.factories import claimed, dispatched

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]
AT_ONCE = 10
START = "/api/admin/blog/auto-generate"


def all_at_once(calls: list) -> list:
    """The results of calls that begin together, each in a thread with its own database connection."""
    barrier = Barrier(len(calls))

    def run(call):
        try:
            barrier.wait(30)
            return call()
        except AlreadyRunning as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def test_of_many_starts_at_once_one_runs_and_the_others_are_told_its_job(ada):
    answers = all_at_once([lambda: start_run(owner=ada, ai_model=TEMPLATE)] * AT_ONCE)
    refused = [answer for answer in answers if isinstance(answer, AlreadyRunning)]
    (winner,) = (answer for answer in answers if not isinstance(answer, AlreadyRunning))
    assert len(refused) == AT_ONCE - 1
    assert {error.job_id for error in refused} == {winner.job.pk} == set(Job.objects.values_list("pk", flat=True))
    assert Run.objects.get() == winner.run


def test_of_two_requests_at_once_one_is_taken_and_the_other_is_a_409_with_the_id_of_that(ada):
    token = ApiToken.objects.issue(user=ada)

    def ask():
        client = Client(headers={"Authorization": f"Bearer {token}"})
        return client.post(START, {"aiModel": TEMPLATE}, content_type="application/json")

    taken, refused = sorted(all_at_once([ask, ask]), key=lambda answer: answer.status_code)
    assert (taken.status_code, refused.status_code) == (202, 409)
    assert taken.json()["jobId"] == refused.json()["jobId"] == str(Run.objects.get().job_id)


def test_runs_of_several_users_that_choose_titles_at_once_share_none(django_user_model):
    users = [django_user_model.objects.create_user(f"user{number}", is_staff=True) for number in range(4)]
    runs = [started(user, count=10) for user in users]
    all_at_once([lambda run=run: work(run.job) for run in runs])
    parts = list(Job.objects.filter(kind="blog.write_post"))
    assert len(parts) == len({part.args["external_id"] for part in parts}) >= 10
    assert all(part.parent.handed_over for part in parts)


def test_posts_that_end_together_end_the_run_once_with_all_of_them_counted(ada):
    run = started(ada, count=6)
    parts = handed_over(run)
    all_at_once([lambda part=part: work(part) for part in parts])
    run = told(run)
    assert (run.ending, run.written, progress_of(run).ended, Post.objects.count()) == ("completed", 6, 6, 6)


def test_a_stop_while_titles_are_chosen_leaves_nothing_to_be_written(ada):
    for _ in range(6):
        run = started(ada, count=10)
        attempt = dispatched(run.job)
        all_at_once([lambda run=run, attempt=attempt: _try(run.job, attempt), lambda run=run: stop_run(run)])
        assert not told(run).is_open
        assert not Job.objects.open().exists()
    assert not Post.objects.exists()


def test_a_stop_and_whoever_else_locks_the_posts_of_a_run_take_them_in_one_order(ada):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite locks no rows")
    run = started(ada, count=3)
    first, second, _ = (Job.objects.filter(pk=claimed(part).pk) for part in handed_over(run))
    first.update(priority=4)  # it lies behind the others now, in the table and in its indexes
    while_somebody_locks(first, second, lambda: stop_run(run, now=True))
    assert list(Job.objects.filter(parent=run.job).values_list("state", "cancel_requested")) == [("active", True)] * 3


def test_many_stops_at_once_with_keys_are_all_answered(ada):
    """Each holds the rows of all posts until its answer is stored, and puts them elsewhere in the table."""
    token = ApiToken.objects.issue(user=ada)
    run = started(ada, count=10)
    for part in handed_over(run)[:6]:
        claimed(part)

    def stop():
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": str(uuid4())}
        return Client(headers=headers).post(f"{START}/stop", {"now": True}, content_type="application/json")

    answers = all_at_once([stop] * AT_ONCE)
    assert [(answer.status_code, answer.json().get("code")) for answer in answers] == [(200, None)] * AT_ONCE
    parts = Job.objects.filter(parent=run.job)
    assert sorted(parts.values_list("state", flat=True)) == ["active"] * 6 + ["cancelled"] * 4
    assert not parts.filter(cancel_requested=False).exists()


def _try(job: Job, attempt: Attempt) -> None:
    with suppress(Ignore):
        deliver(job, attempt)
