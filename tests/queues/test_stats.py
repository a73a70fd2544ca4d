import datetime

import pytest
from django.utils import timezone

from queues import clock, hours
from queues.control import cancel, pause
from queues.models import Attempt, Job, Queue, QueueHour, Worker
from queues.services import enqueue
from queues.states import JobState
from queues.stats import all_queues, why_waiting
from tests.factories import dispatched, make_worker, running_job
from tests.queues.ended import HOUR, dead_letter, ended_job

pytestmark = pytest.mark.django_db


def of(name: str):
    return next(entry for entry in all_queues() if entry.name == name)


def test_counts_are_in_the_users_words():
    waiting, on_wire, unwanted = (enqueue("engine.write", args={"name": name}) for name in "abc")
    dispatched(on_wire)
    cancel(unwanted)
    running_job("engine.write", {"name": "d"})
    enqueue("engine.write", args={"name": "e"}, run_at=timezone.now() + datetime.timedelta(hours=1))
    assert of("default").counts == {
        "waiting": 2,
        "delayed": 1,
        "active": 1,
        "completed": 0,
        "failed": 0,
        "cancelled": 1,
    }
    assert 0 <= of("default").oldest_waiting < 60
    assert of("blog").oldest_waiting is None


def test_what_ended_counts_for_a_day_whether_rolled_up_pruned_or_neither():
    for hours_ago in (0, 0.5, 3, 20, 30):
        ended_job(hours_ago=hours_ago)
    ended_job(JobState.CANCELLED, hours_ago=5)
    dead_letter(hours_ago=100)
    before = of("default").counts
    assert (before["completed"], before["cancelled"], before["failed"]) == (4, 1, 1)
    assert of("default").throughput == 2
    hours.roll_up()
    assert of("default").counts == before
    Job.objects.filter(finished_at__lt=clock.now() - 2 * HOUR).exclude(state=JobState.FAILED).delete()
    assert of("default").counts == before
    assert of("blog").counts["completed"] == 0


def test_run_times_are_those_of_the_last_hour_that_is_over():
    hour = hours.beginning_of_hour(clock.now()) - HOUR
    for offset, run in ((HOUR, 5), (2 * HOUR, 50)):
        numbers = dict.fromkeys(("started", "completed", "failed", "cancelled"), 1)
        QueueHour.objects.create(queue="blog", hour=hour + HOUR - offset, run_p50=run, run_p95=run * 2, **numbers)
    assert (of("blog").run_p50, of("blog").run_p95) == (5, 10)


def test_the_rate_used_is_that_of_the_current_window():
    running_job("engine.limited", {"name": "a"})
    assert (of("commentary").rate, of("commentary").rate_used) == ((10, 60), 1)
    Attempt.objects.update(started_at=timezone.now() - datetime.timedelta(seconds=61))
    assert of("commentary").rate_used == 0


@pytest.mark.parametrize("count", [1, 50])
def test_stats_cost_the_same_queries_for_any_number(count, django_assert_max_num_queries):
    for number in range(count):
        enqueue("engine.write", args={"name": str(number)})
    with django_assert_max_num_queries(6):
        all_queues()


def test_a_job_says_why_it_does_not_start():
    job = enqueue("engine.limited", args={"name": "a"})
    assert why_waiting(job) == "No worker listens to this queue."
    worker = make_worker()
    assert why_waiting(job) == ""
    for gone in ({"last_seen": worker.last_seen - datetime.timedelta(minutes=1)}, {"stopping": True}):
        Worker.objects.update(**gone)
        assert why_waiting(job) == "No worker listens to this queue."
        Worker.objects.update(last_seen=worker.last_seen, stopping=False)
    Queue.objects.update_or_create(name="commentary", defaults={"rate_max": 1, "rate_window": 60})
    running_job("engine.limited", {"name": "b"})
    assert why_waiting(job) == "Limit: 1 starts per 60 s are used up."
    pause("commentary", by="ada", reason="provider is down")
    assert why_waiting(job) == "The queue is paused by ada: provider is down."
    later = enqueue("engine.write", args={"name": "c"}, run_at=timezone.now() + datetime.timedelta(hours=1))
    assert why_waiting(later).startswith("Not before ")
