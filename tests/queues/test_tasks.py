import pytest
from celery import beat, current_app
from django.conf import settings
from django.utils.module_loading import autodiscover_modules

from queues import clock
from queues.hours import SETTLED, _beginning_of_hour
from queues.models import Job, QueueHour
from queues.tasks import keep_house
from tests.processes import wait_until
from tests.queues.ended import HOUR, ended_job
from tests.queues.test_prune import together

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_jobs_are_counted_before_they_are_deleted():
    ended_job(hours_ago=30)
    assert keep_house() == {"jobs": 1, "results": 0}
    assert sum(QueueHour.objects.values_list("completed", flat=True)) == 1


def test_what_is_beyond_a_count_waits_until_its_hour_is_counted():
    hour = _beginning_of_hour(clock.now() - SETTLED)
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
    assert QueueHour.objects.filter(queue="default").values("hour").distinct().count() in (34, 35)


@pytest.mark.django_db(transaction=True)
def test_a_real_worker_does_it_when_beat_asks(worker):
    ended_job(hours_ago=30)
    current_app.send_task(settings.CELERY_BEAT_SCHEDULE["celery.backend_cleanup"]["task"])
    wait_until(lambda: not Job.objects.exists())


def test_beat_asks_for_ours_and_not_for_celerys_own_clean_up():
    autodiscover_modules("tasks")
    scheduler = beat.Scheduler(app=current_app._get_current_object(), lazy=True)
    scheduler.setup_schedule()
    asked = {entry.task: entry.schedule.run_every for entry in scheduler.schedule.values()}
    assert asked["queues.prune"] == HOUR
    assert "celery.backend_cleanup" not in asked
    assert set(asked) <= set(current_app.tasks)
