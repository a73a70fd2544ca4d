import datetime

import pytest
from django.utils import timezone

from queues.control import cancel, pause
from queues.models import Attempt, Queue
from queues.services import enqueue
from queues.stats import all_queues, why_waiting
from tests.factories import dispatched, make_worker, running_job

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


def test_the_rate_used_is_that_of_the_current_window():
    running_job("engine.limited", {"name": "a"})
    assert (of("commentary").rate, of("commentary").rate_used) == ((10, 60), 1)
    Attempt.objects.update(started_at=timezone.now() - datetime.timedelta(seconds=61))
    assert of("commentary").rate_used == 0


@pytest.mark.parametrize("count", [1, 50])
def test_stats_cost_the_same_queries_for_any_number(count, django_assert_max_num_queries):
    for number in range(count):
        enqueue("engine.write", args={"name": str(number)})
    with django_assert_max_num_queries(4):
        all_queues()


def test_a_job_says_why_it_does_not_start():
    job = enqueue("engine.limited", args={"name": "a"})
    assert why_waiting(job) == "No worker listens to this queue."
    make_worker()
    assert why_waiting(job) == ""
    Queue.objects.update_or_create(name="commentary", defaults={"rate_max": 1, "rate_window": 60})
    running_job("engine.limited", {"name": "b"})
    assert why_waiting(job) == "Limit: 1 starts per 60 s are used up."
    pause("commentary", by="ada", reason="provider is down")
    assert why_waiting(job) == "The queue is paused by ada: provider is down."
    later = enqueue("engine.write", args={"name": "c"}, run_at=timezone.now() + datetime.timedelta(hours=1))
    assert why_waiting(later).startswith("Not before ")
