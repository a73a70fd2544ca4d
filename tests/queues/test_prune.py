import datetime
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django_celery_results.models import TaskResult

from queues import clock, control, prune
from queues.models import Attempt, Duty, Job, JobEvent, Queue, Step
from queues.services import enqueue
from queues.states import OPEN, JobState
from tests.queues.ended import HOUR, dead_letter, ended_job, left

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def prune_now() -> int:
    return prune.prune_jobs(clock.now())


@pytest.mark.parametrize("queue", ["article-generation", "backlink-integration", "backlink-revision", "commentary"])
@pytest.mark.parametrize(
    ("state", "hours"), [(JobState.COMPLETED, 24), (JobState.CANCELLED, 24), (JobState.FAILED, 168)]
)
def test_jobs_stay_as_many_hours_as_their_queue_says(queue, state, hours):
    young = ended_job(state, hours_ago=hours - 0.1, queue=queue)
    ended_job(state, hours_ago=hours + 0.1, queue=queue)
    assert prune_now() == 1
    assert left() == {young.pk}


@pytest.mark.parametrize(
    ("queue", "state", "count"),
    [("stories", JobState.COMPLETED, 100), ("stories", JobState.FAILED, 50), ("blog", JobState.COMPLETED, 100)],
)
def test_the_newest_so_many_stay_however_old(queue, state, count):
    jobs = [ended_job(state, hours_ago=1000 + number, queue=queue) for number in range(count + 3)]
    assert prune_now() == 3
    assert left() == {job.pk for job in jobs[:count]}


def test_blog_keeps_all_that_failed():
    for number in range(120):
        dead_letter(hours_ago=10_000 + number, queue="blog")
    assert prune_now() == 0


def test_fewer_than_the_count_all_stay():
    ended_job(hours_ago=1000, queue="stories")
    assert prune_now() == 0


def test_what_staff_say_about_a_queue_wins_over_its_settings():
    kept = [ended_job(hours_ago=hours) for hours in (1, 2, 47)]
    ended_job(hours_ago=49)
    failed = [dead_letter(hours_ago=hours) for hours in (1, 300)]
    dead_letter(hours_ago=400)
    Queue.objects.update_or_create(
        pk="default", defaults={"keep_completed": 48, "keep_failed": 500, "keep_failed_count": 2}
    )
    assert prune_now() == 2
    assert left() == {job.pk for job in (*kept, *failed)}


def test_staff_may_lift_a_limit():
    Queue.objects.update_or_create(pk="stories", defaults={"keep_completed_count": 0})
    Queue.objects.update_or_create(pk="default", defaults={"keep_completed": 0})
    for number in range(103):
        ended_job(hours_ago=1000 + number, queue="stories")
    ended_job(hours_ago=1000)
    assert prune_now() == 0


def test_a_limit_that_reaches_back_beyond_all_years_keeps_everything_and_stops_no_other_queue():
    Queue.objects.update_or_create(name="default", defaults={"keep_completed": 2_147_483_647})
    kept, _ = (ended_job(hours_ago=30, queue=queue) for queue in ("default", "mail"))
    assert prune_now() == 1
    assert left() == {kept.pk}


def test_a_run_ends_before_it_is_taken_for_stuck_and_the_next_goes_on(monkeypatch):
    ended_job(hours_ago=25)
    with monkeypatch.context() as patch:
        patch.setattr(prune, "MOST_SECONDS", 0)
        assert prune_now() == 0
    assert prune_now() == 1


def test_whatever_hangs_on_a_job_goes_with_it():
    ended_job(hours_ago=25)
    prune_now()
    assert [model.objects.count() for model in (Job, Attempt, JobEvent, Step)] == [0, 0, 0, 0]


@pytest.mark.parametrize("state", OPEN)
def test_an_open_job_stays_however_old(state):
    ended_job(state, hours_ago=10_000, finished_at=None)
    assert prune_now() == 0


def test_a_job_of_a_queue_that_is_gone_is_kept_by_the_defaults():
    ended_job(hours_ago=25, queue="forgotten")
    assert prune_now() == 1


def test_children_stay_while_their_parent_is_open():
    parent = ended_job(JobState.ACTIVE, hours_ago=30, finished_at=None)
    ended_job(hours_ago=29, parent=parent)
    assert prune_now() == 0


def test_a_parent_goes_after_its_children():
    parent = ended_job(hours_ago=30)
    ended_job(hours_ago=29, parent=parent)
    failed = dead_letter(hours_ago=29, parent=parent)
    assert prune_now() == 1
    assert left() == {parent.pk, failed.pk}
    Job.objects.filter(pk=failed.pk).update(finished_at=clock.now() - 200 * HOUR)
    assert prune_now() + prune_now() == 2


def test_the_newest_job_of_each_kind_about_a_subject_keeps_its_lines():
    subject = {"subject_type": "orders.order", "subject_id": "7"}
    ended_job(hours_ago=50, **subject)
    newest = dead_letter(hours_ago=200, **subject)
    mail = ended_job(hours_ago=300, kind="orders.send_mail", **subject)
    ended_job(hours_ago=30)
    assert prune_now() == 2
    assert left() == {newest.pk, mail.pk}
    assert newest.events.get().message == "Said something"


def test_a_count_is_a_promise_of_size_also_for_jobs_about_subjects():
    for number in range(101):
        ended_job(hours_ago=number, queue="stories", subject_type="stories.story", subject_id=str(number))
    assert prune_now() == 1


def test_nothing_goes_before_it_is_counted_in_the_roll_ups():
    ended_job(hours_ago=30)
    assert prune.prune_jobs(clock.now() - 31 * HOUR) == 0
    assert prune.prune_jobs(clock.now() - 29 * HOUR) == 1


def test_starts_that_count_against_a_rate_limit_stay():
    Queue.objects.update_or_create(pk="default", defaults={"rate_max": 5, "rate_window": 40 * 3600})
    ended_job(hours_ago=30)
    assert prune_now() == 0
    Queue.objects.filter(pk="default").update(rate_window=3600)
    assert prune_now() == 1


def test_deleting_goes_in_batches(monkeypatch):
    monkeypatch.setattr(prune, "BATCH", 2)
    for _ in range(5):
        ended_job(hours_ago=25)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert prune_now() == 5
    deletes = [query for query in queries.captured_queries if query["sql"].startswith('DELETE FROM "queues_job" ')]
    assert len(deletes) == 3


def test_old_duties_are_forgotten():
    Duty.objects.create(name="old", until=clock.now() - HOUR)
    Duty.objects.create(name="young", until=clock.now() + HOUR)
    prune_now()
    assert [duty.name for duty in Duty.objects.all()] == ["young"]


def result(task_id: str, *, days: float) -> TaskResult:
    row = TaskResult.objects.create(task_id=task_id, status="SUCCESS")
    TaskResult.objects.filter(pk=row.pk).update(date_done=clock.now() - datetime.timedelta(days=days))
    return row


def test_results_go_when_they_are_old_and_their_attempts_forgotten(monkeypatch):
    monkeypatch.setattr(prune, "BATCH", 2)
    attempt = ended_job().attempts.get()
    stay = {result(str(attempt.pk), days=30).pk, result("0198a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b", days=6).pk}
    for number in range(5):
        result(f"0198a1b2-c3d4-7e5f-8a9b-{number:012}", days=8)
    result("not of ours", days=8)
    assert prune.prune_results() == 6
    assert set(TaskResult.objects.values_list("pk", flat=True)) == stay


def together(*calls) -> list:
    """What the calls returned, made at the same moment from threads of their own."""
    barrier, answers = Barrier(len(calls)), []

    def make(call) -> None:
        barrier.wait()
        try:
            answers.append(call())
        finally:
            connection.close()

    threads = [Thread(target=make, args=(call,)) for call in calls]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    return answers


@pytest.mark.django_db(transaction=True)
def test_two_at_once_delete_everything_once_and_do_not_stumble(monkeypatch):
    monkeypatch.setattr(prune, "BATCH", 5)
    for _ in range(60):
        ended_job(hours_ago=25)
    answers = together(prune_now, prune_now)
    assert len(answers) == 2
    assert sum(answers) + prune_now() == 60
    assert left() == set()


@pytest.mark.django_db(transaction=True)
def test_a_dead_letter_retried_while_it_is_pruned_either_waits_or_is_gone():
    jobs = [dead_letter(hours_ago=200) for _ in range(20)]
    answers = together(prune_now, lambda: [job.pk for job in jobs if control.retry(job)])
    retried = next(answer for answer in answers if isinstance(answer, list))
    assert left() == set(retried)
    assert set(Job.objects.values_list("state", flat=True)) <= {JobState.WAITING}


@pytest.mark.django_db(transaction=True)
def test_new_work_is_not_held_up_by_pruning():
    ended_job(hours_ago=25)
    together(prune_now, lambda: enqueue("engine.write", args={"name": "a"}))
    assert Job.objects.get().state == JobState.WAITING
