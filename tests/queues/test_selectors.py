import datetime

import pytest
from django.utils import timezone

from aiproviders.models.calls import AICall
from queues import control
from queues.models import Attempt, Job, Queue
from queues.selectors import estimated_seconds, health, median_seconds, position
from queues.services import enqueue
from queues.spending import mean
from queues.states import JobState
from tests.factories import claimed, dispatched, make_worker, running_job

pytestmark = pytest.mark.django_db


def test_position_counts_the_more_urgent_and_the_earlier():
    first = enqueue("engine.write", args={"name": "a"})
    second = enqueue("engine.write", args={"name": "b"})
    urgent = enqueue("engine.write", args={"name": "c"}, priority=1)
    enqueue("engine.limited", args={"name": "other queue"}, priority=1)
    assert [position(job) for job in (urgent, first, second)] == [1, 2, 3]


def test_a_started_job_has_no_position():
    assert position(running_job("engine.write", {"name": "a"}).job) is None


def test_a_dispatched_job_is_next():
    job = enqueue("engine.write", args={"name": "a"})
    dispatched(job)
    job.refresh_from_db()
    assert position(job) == 1


def test_a_delayed_job_stands_behind_those_waiting():
    enqueue("engine.write", args={"name": "a"})
    later = enqueue("engine.write", args={"name": "b"}, run_at=timezone.now() + datetime.timedelta(hours=1))
    assert position(later) == 2


@pytest.mark.database
def test_of_the_delayed_ones_those_of_its_priority_stand_before_it():
    soon, urgent, later = (
        enqueue("engine.write", args={"name": name}, priority=priority, run_at=timezone.now() + ahead)
        for name, priority, ahead in (
            ("a", 5, datetime.timedelta(hours=1)),
            ("b", 1, datetime.timedelta(hours=2)),
            ("c", 5, datetime.timedelta(hours=3)),
        )
    )
    assert [position(job) for job in (soon, urgent, later)] == [1, 1, 2]


def test_an_estimate_is_computed_from_earlier_runs_or_absent():
    job = enqueue("engine.limited", args={"name": "a"})
    assert estimated_seconds(job) is None
    assert estimated_seconds(job, 21, guess=20) == 20 + 2 * 60
    start = timezone.now()
    Job.objects.create(
        kind="engine.limited",
        queue="commentary",
        state=JobState.COMPLETED,
        started_at=start,
        finished_at=start + datetime.timedelta(seconds=7),
    )
    assert estimated_seconds(job) == 7
    for number in range(20):
        last = enqueue("engine.limited", args={"name": str(number)})
    assert estimated_seconds(last) == 7 + 2 * 60


@pytest.mark.database
def test_a_job_that_could_not_do_its_work_is_no_run_that_an_estimate_goes_by():
    now, kind = timezone.now(), "engine.limited"
    for result, seconds in [(None, 7), ({"parts": 2}, 9), *[({"success": False, "errorKind": "no_key"}, 0)] * 60]:
        times = {"started_at": now - datetime.timedelta(seconds=seconds), "finished_at": now}
        Job.objects.create(kind=kind, queue="commentary", state=JobState.COMPLETED, result=result, **times)
    paid = Job.objects.filter(result__parts=2).get()
    AICall.objects.create(job_id=paid.pk, provider="openai", model_asked="a", outcome="ok", cost=1, milliseconds=1)
    assert median_seconds(kind) == 8
    assert mean(kind) == 0.5


def test_nobody_can_say_how_long_a_paused_queue_takes():
    waiting, running = enqueue("engine.limited", args={"name": "a"}), running_job("engine.limited", {"name": "b"}).job
    control.pause("commentary", by="ada", reason="provider down")
    assert estimated_seconds(waiting, guess=20) is None
    assert estimated_seconds(running, guess=20) == 20, "what runs goes on"
    control.pause("commentary", by="ada", reason="", until=timezone.now() - datetime.timedelta(seconds=1))
    assert estimated_seconds(waiting, guess=20) == 20, "the pause is over"


@pytest.mark.parametrize("limit", [{"rate_max": 0, "rate_window": 60}, {"concurrency": 0}])
def test_nobody_can_say_how_long_a_queue_takes_that_may_start_none(limit):
    waiting, running = enqueue("engine.limited", args={"name": "a"}), running_job("engine.limited", {"name": "b"}).job
    Queue.objects.update_or_create(name="commentary", defaults=limit)
    assert estimated_seconds(waiting, guess=20) is None
    assert estimated_seconds(running, guess=20) == 20


@pytest.mark.database
def test_an_estimate_counts_the_starts_that_the_running_window_has_used_up():
    for number in range(10):
        claimed(enqueue("engine.limited", args={"name": str(number)}))
    job = enqueue("engine.limited", args={"name": "next"})
    assert estimated_seconds(job, guess=7) == 7 + 60
    Queue.objects.filter(name="commentary").update(rate_max=2, rate_window=60)
    assert estimated_seconds(job, guess=7) == 7 + 60, "more starts than the limit, which was made smaller since"
    Attempt.objects.update(started_at=timezone.now() - datetime.timedelta(seconds=61))
    assert estimated_seconds(job, guess=7) == 7
    running = claimed(job)
    assert estimated_seconds(running, guess=7) == 7


def test_health_names_what_is_missing():
    assert health() == {"broker": True, "worker": False, "dispatcher": False}
    make_worker()
    assert health()["worker"]
