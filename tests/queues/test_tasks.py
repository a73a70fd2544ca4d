from itertools import pairwise

import pytest
from celery import beat, current_app
from django.conf import settings
from django.utils.module_loading import autodiscover_modules

from queues import clock
from queues.hours import SETTLED, beginning_of_hour
from queues.models import Job, QueueHour, RecurringJob
from queues.tasks import keep_house as task
from tests.processes import wait_until
from tests.queues.ended import HOUR, ended_job
from tests.queues.test_prune import together

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def keep_house() -> dict:
    return task.function(None)


def test_jobs_are_counted_before_they_are_deleted():
    ended_job(hours_ago=30)
    assert keep_house() == {"jobs": 1, "results": 0}
    assert sum(QueueHour.objects.values_list("completed", flat=True)) == 1


def test_what_is_beyond_a_count_waits_until_its_hour_is_counted():
    hour = beginning_of_hour(clock.now() - SETTLED)
    for number in range(105):
        ended_job(queue="stories", finished_at=hour, started_at=hour, hours_ago=number)
    assert keep_house()["jobs"] == 0


def test_running_again_does_nothing_more():
    ended_job(hours_ago=30)
    keep_house()
    rows = QueueHour.objects.count()
    assert keep_house() == {"jobs": 0, "results": 0}
    assert QueueHour.objects.count() == rows


@pytest.mark.django_db(transaction=True)
def test_two_beats_at_once_do_no_harm():
    for hours in range(25, 35):
        ended_job(hours_ago=hours)
    answers = together(keep_house, keep_house)
    assert len(answers) == 2
    keep_house()
    assert not Job.objects.exists()
    assert sum(QueueHour.objects.values_list("completed", flat=True)) == 10
    found = QueueHour.objects.filter(queue="default").order_by("hour").values_list("hour", flat=True)
    assert [later - hour for hour, later in pairwise(found)] == [HOUR] * (len(found) - 1)
    assert len(found) in (33, 34)  # 33 until the hour before has settled


@pytest.mark.django_db(transaction=True)
def test_a_real_worker_asks_for_it_and_does_it_when_beat_says_look(worker):
    ended = ended_job(hours_ago=30)
    long_ago = clock.now() - 48 * HOUR
    RecurringJob.objects.bulk_create(RecurringJob(name=name, slot=long_ago) for name in settings.RECURRING_JOBS)
    for _ in range(2):
        current_app.send_task(settings.CELERY_BEAT_SCHEDULE["celery.backend_cleanup"]["task"])
    done = Job.objects.filter(state="completed").exclude(pk=ended.pk)
    wait_until(lambda: done.count() == len(settings.RECURRING_JOBS))
    assert Job.objects.get(kind="queues.prune").result == {"jobs": 1, "results": 0}
    assert Job.objects.get(kind="orders.expire_unpaid").result == {"expired": 0}


def test_beat_asks_for_ours_and_not_for_celerys_own_clean_up():
    autodiscover_modules("tasks")
    scheduler = beat.Scheduler(app=current_app._get_current_object(), lazy=True)
    scheduler.setup_schedule()
    assert {entry.task for entry in scheduler.schedule.values()} == {"queues.enqueue_recurring"}
    assert "queues.enqueue_recurring" in current_app.tasks
