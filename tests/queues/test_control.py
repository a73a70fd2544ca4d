import datetime
from threading import Event, Thread

import pytest
from django.db import connection, transaction
from django.utils import timezone

from queues import clock
from queues.control import cancel, cancel_in_line, change_priority, pause, promote, resume, retry
from queues.errors import Fail, InvalidJob
from queues.failure import settle
from queues.models import Attempt, Job, Queue
from queues.running import RunningJob
from queues.services import enqueue, enqueue_many
from queues.states import JobState
from tests.factories import claimed, dispatched, running_job
from tests.processes import wait_until

pytestmark = pytest.mark.django_db


def dead_letter(name: str = "a", **options) -> Job:
    job = running_job("engine.write", {"name": name}, **options).job
    settle(job, Fail("no way"))
    job.refresh_from_db()
    assert job.state == JobState.FAILED
    return job


def delayed() -> Job:
    return enqueue("engine.write", args={"name": "a"}, run_at=timezone.now() + datetime.timedelta(hours=1))


def test_cancel_stops_a_waiting_job_at_once():
    job = enqueue("engine.write", args={"name": "a"})
    assert cancel(job)
    job.refresh_from_db()
    assert job.state == JobState.CANCELLED and job.finished_at


def test_cancel_of_a_dispatched_job_closes_its_attempt():
    job = enqueue("engine.write", args={"name": "a"})
    attempt = dispatched(job)
    assert cancel(job)
    assert Attempt.objects.get(pk=attempt.pk).outcome == "cancelled"


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_a_cancel_that_meets_the_dispatcher_closes_the_attempt_that_it_could_not_see_yet():
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time")
    job, marked = enqueue("engine.write", args={"name": "a"}), Event()

    def somebody_waits() -> bool:
        with connection.cursor() as cursor:
            cursor.execute("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)")
            return cursor.fetchone()[0]

    def dispatch() -> None:
        try:
            with transaction.atomic():
                dispatched(job)
                marked.set()
                wait_until(somebody_waits)
        finally:
            connection.close()

    dispatcher = Thread(target=dispatch)
    dispatcher.start()
    assert marked.wait(20) and cancel_in_line(job)
    dispatcher.join()
    assert Job.objects.get().state == JobState.CANCELLED
    assert Attempt.objects.get().outcome == "cancelled"


def test_cancel_asks_an_active_job_to_stop():
    job = running_job("engine.write", {"name": "a"}).job
    assert cancel(job)
    job.refresh_from_db()
    assert (job.state, job.cancel_requested) == (JobState.ACTIVE, True)


def test_cancel_of_a_parent_that_has_not_started_cancels_the_children_that_came_with_it():
    parent = enqueue("engine.batch", args={"name": "p", "count": 0})
    children = enqueue_many("engine.write", [{"name": "a"}, {"name": "b"}], parent=parent)
    runs = claimed(children[0])
    assert cancel(parent)
    states = Job.objects.order_by("id").values_list("state", "cancel_requested")
    assert list(states) == [(JobState.CANCELLED, False), (JobState.ACTIVE, True), (JobState.CANCELLED, True)]
    with RunningJob(runs).completing():
        pass
    parent.refresh_from_db()
    assert parent.state == JobState.CANCELLED


def test_cancel_of_a_finished_job_changes_nothing():
    running = running_job("engine.write", {"name": "a"})
    with running.completing():
        pass
    assert not cancel(running.job)
    running.job.refresh_from_db()
    assert running.job.state == JobState.COMPLETED


def test_a_retried_dead_letter_has_fresh_attempts_and_keeps_its_history():
    job = dead_letter()
    assert retry(job)
    after = Job.objects.get()
    assert (after.state, after.attempts_made, after.losses, after.attempts_started) == (JobState.WAITING, 0, 0, 1)
    assert after.finished_at is None
    assert "Failed: no way" in [event.message for event in after.events.all()]
    assert dispatched(after).number == 2


def test_retry_of_what_is_not_dead_changes_nothing():
    job = enqueue("engine.write", args={"name": "a"})
    assert not retry(job)
    assert job.events.count() == 1


def test_retry_is_refused_while_another_open_job_has_its_key():
    job = dead_letter(dedupe_key="k")
    enqueue("engine.write", args={"name": "b"}, dedupe_key="k")
    assert not retry(job)
    job.refresh_from_db()
    assert job.state == JobState.FAILED


def test_promote_lets_a_delayed_job_start_now():
    job = delayed()
    assert promote(job)
    job.refresh_from_db()
    assert job.state == JobState.WAITING and job.run_at <= clock.now()
    assert not promote(job)


def test_the_priority_of_a_job_in_line_can_be_changed():
    job = delayed()
    assert change_priority(job, 1)
    job.refresh_from_db()
    assert job.priority == 1


@pytest.mark.parametrize("wrong", [0, 11, "1", None, True])
def test_a_priority_that_cannot_be_is_refused(wrong):
    job = delayed()
    with pytest.raises(InvalidJob, match="^priority: "):
        change_priority(job, wrong)
    job.refresh_from_db()
    assert job.priority == 5


def test_a_running_job_keeps_its_priority():
    assert not change_priority(running_job("engine.write", {"name": "a"}).job, 1)


def test_a_pause_says_who_why_and_until_when():
    until = timezone.now() + datetime.timedelta(hours=1)
    pause("blog", by="ada", reason="provider is down", until=until)
    queue = Queue.objects.get(name="blog")
    assert (queue.paused, queue.paused_by, queue.paused_reason, queue.paused_until) == (
        True,
        "ada",
        "provider is down",
        until,
    )
    resume("blog")
    queue.refresh_from_db()
    assert (queue.paused, queue.paused_by, queue.paused_until) == (False, "", None)
